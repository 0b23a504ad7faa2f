"""Terms first: who was brought over never agreed to anything. Until they do, doors lead to where they can.

Whether that is so is looked up at the first page after a log-in, not before: a log-in costs everybody the same.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from tongban.accounts.models import Account
from tongban.transfer import queries
from tongban.web import doors
from tongban.web.next_page import with_next

FIRST_LOG_IN = "transfer:first-log-in"
_KEY = "transfer_terms_unknown"
_OPEN = frozenset({FIRST_LOG_IN, "accounts:log-out"})


def remember(sender: object, request: HttpRequest, user: Account, **kwargs: Any) -> None:
    """Note in the fresh session of a brought-over account that its owner may not have agreed to the terms."""
    if user.transferred_at:
        request.session[_KEY] = True


def connect() -> None:
    """Listen to log-ins, stand at the doors."""
    user_logged_in.connect(remember, dispatch_uid="transfer.gate")
    doors.interrupt("transfer", terms_first)


def terms_first(request: HttpRequest) -> HttpResponseBase | None:
    """Lead to the page of the first log-in, which leads back."""
    account, match = request.user, request.resolver_match
    if not isinstance(account, Account) or not account.transferred_at or not request.session.get(_KEY):
        return None
    if (match and match.view_name in _OPEN) or _is_silent(request):
        return None
    if queries.has_accepted_terms(account):
        del request.session[_KEY]
        return None
    return HttpResponseRedirect(with_next(reverse(FIRST_LOG_IN), _wanted(request)))


def _wanted(request: HttpRequest) -> str:
    """Return where to go afterwards; "" for who just logged in and wanted nothing in particular."""
    wished = request.method in {"GET", "HEAD"} and request.path != settings.LOGIN_REDIRECT_URL
    return request.get_full_path() if wished else ""


def _is_silent(request: HttpRequest) -> bool:
    """Return whether a business system asks without showing anything: nobody is signed on to it yet."""
    return "none" in request.GET.get("prompt", "").split()
