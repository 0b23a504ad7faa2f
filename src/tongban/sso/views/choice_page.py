"""The page on which a person says as whom they enter."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.sso.flows.enter_service import Admitted
from tongban.sso.models import RelyingParty
from tongban.sso.views import acting


def choice_page(
    request: HttpRequest, *, client: RelyingParty, ways: Sequence[Admitted], query: str, gone: bool = False
) -> HttpResponse:
    """Return the page; the choice is posted with the same query. `gone`: what was chosen before is not open now."""
    context = {
        "heading": _("以谁的名义进入“%(system)s”") % {"system": client.said.name},
        "client": client,
        "ways": ways,
        "gone": gone,
        "action": f"{reverse('sso:act-as')}?{acting.unmarked(query)}",
    }
    return render(request, "sso/act_as.html", context)
