"""退出登录."""

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.accounts.callers import account_of, actor_of, session_of
from tongban.accounts.flows.log_out import log_out as end
from tongban.web.doors import anyone


def leave(request: HttpRequest) -> bool:
    """End the session of whoever is signed in here; return whether somebody was."""
    row = session_of(request).row
    if row is None or not request.user.is_authenticated:
        return False
    end(actor=actor_of(request), account_id=account_of(request).id, session_id=row.id)
    auth.logout(request)
    return True


@anyone
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session and lead to 用户登录; whose session is over already is led there all the same."""
    if leave(request):
        messages.success(request, _("您已退出登录。"))
    return HttpResponseRedirect(reverse("accounts:log-in"), headers={"Clear-Site-Data": '"storage"'})
