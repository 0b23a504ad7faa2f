"""Close an open verification without an answer: replaced by a newer one, or withdrawn. Its entries are forgotten."""

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.proofing import events
from tongban.proofing.models import Verification
from tongban.proofing.rules import Result


def close_open(*, account: Account, result: Result) -> bool:
    """Close what waits for `account` as SUPERSEDED or WITHDRAWN, inside the caller's transaction.

    Returns whether anything waited still: an answer may have come a moment earlier.
    """
    waiting = Verification.objects.select_for_update().filter(account=account, decided_at__isnull=True).first()
    if waiting is None:
        return False
    waiting.result = result
    waiting.decided_at = clock.now()
    waiting.next_ask_at = None
    waiting.entries = None
    waiting.save(update_fields=["result", "decided_at", "next_ask_at", "entries"])
    name = events.WITHDRAWN if result is Result.WITHDRAWN else events.SUPERSEDED
    actor = Actor.account(account.realm, account.pk)
    record(name, actor=actor, subject=account.pk, facts={"verification": str(waiting.pk), "block": waiting.block})
    return True
