"""Tell the person whose case it is, by SMS and on the platform, in the transaction of the act."""

from tongban.design.kept_texts import Param
from tongban.kernel.mobile import Mobile
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.notify.templates import template
from tongban.review import kinds, queries
from tongban.review.models import Case
from tongban.vault.purposes import Purpose


def tell(case: Case, what: str, *, text: str = "") -> None:
    """Send the message `what` (a name in `notify.templates`) about the round `case` is in; once per round."""
    params: dict[str, Param] = {
        "number": case.number,
        "kind": kinds.kind(case.kind).title,
        "due": case.due_on.isoformat(),
        "text": text,
    }
    if case.contact_phone:
        send_sms(
            to=Mobile.parse(case.contact_phone.reveal(Purpose.DELIVER_MESSAGE)),
            template=what,
            params=_those_of(what, "sms", params),
            language=queries.language_of(case),
            key=f"review:{case.id}:{case.round}:{what}",
        )
    if case.account_id:
        post_message(account_id=case.account_id, template=what, params=_those_of(what, "message", params))


def _those_of(what: str, channel: str, params: dict[str, Param]) -> dict[str, Param]:
    return {name: params[name] for name in template(what).blanks(channel)}
