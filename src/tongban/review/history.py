"""Write what happened to a case: the line people read, and the event of the audit trail."""

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.names import Name
from tongban.audit.rules import JsonScalar
from tongban.design.kept_texts import keep
from tongban.design.labels import Text
from tongban.kernel import clock
from tongban.review.models import Case, Entry
from tongban.review.rules import Happening


def write(
    case: Case,
    what: Happening,
    event: Name,
    *,
    actor: Actor,
    by: Account | None = None,
    text: Text = "",
    **facts: JsonScalar,
) -> None:
    """Add a line to the history of `case` and record `event`, in the transaction of the act.

    A `text` of ours, given as a lazy translation, is said to each in their language.
    """
    Entry.objects.create(case=case, round=case.round, what=what, at=clock.now(), by=by, text=keep(text) or None)
    known: dict[str, JsonScalar] = {"number": case.number, "kind": case.kind, "round": case.round}
    record(event, actor=actor, subject=case.id, facts={**known, **facts})
