"""查询单位联系人."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.accounts.callers import actor_of
from tongban.recovery.flows.ask_contact import ask_contact
from tongban.recovery.forms import UnitCodeForm
from tongban.recovery.kept import keep, kept
from tongban.recovery.views.picture import passed
from tongban.web.doors import anyone

_ASKED = "contact"


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask who keeps the account of a unit."""
    form = UnitCodeForm(request.POST if request.method == "POST" else None)
    if passed(request, form):
        ask_contact(actor=actor_of(request), uscc=form.cleaned_data["uscc"])
        keep(request, _ASKED, uscc=form.cleaned_data["uscc"].value)
        return redirect("recovery:contact-asked")
    context = {"heading": _("查询单位联系人"), "form": form, "submit_label": _("检索")}
    return render(request, "recovery/contact.html", context)


@anyone
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say what happens now, which is the same for every code."""
    what = kept(request, _ASKED)
    if what is None:
        return redirect("recovery:contact")
    return render(request, "recovery/contact_asked.html", {"heading": _("查询单位联系人"), "uscc": what["uscc"]})
