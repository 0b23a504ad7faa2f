"""What a browser has reached: which appeal it fills in, whose password it has just set."""

from django.http import HttpRequest

from tongban.accounts.rules import Realm
from tongban.recovery.kept import keep, kept
from tongban.recovery.models import Appeal
from tongban.vault import holders
from tongban.web.browser import browser_id

APPEAL = "appeal"
DONE = "done"


def holder_of(request: HttpRequest) -> str:
    """Return under which name the pictures of this browser are kept."""
    return holders.of_browser(browser_id(request))


def reach(request: HttpRequest, appeal: Appeal) -> None:
    """Remember that this browser fills in `appeal`."""
    keep(request, APPEAL, id=str(appeal.id))


def appeal_of(request: HttpRequest, realm: Realm | None = None) -> Appeal | None:
    """Return the appeal this browser is filling in, if it is not handed in yet and of `realm`."""
    reached = kept(request, APPEAL)
    if reached is None:
        return None
    found = Appeal.objects.filter(id=reached["id"], submitted_at__isnull=True).select_related("case").first()
    return found if found and realm in {None, found.realm} else None
