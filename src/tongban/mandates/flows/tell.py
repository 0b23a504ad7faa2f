"""Tell the other side: a message on the platform always, an SMS where somebody got or lost a right."""

from collections.abc import Sequence

from django.utils import timezone

from tongban.accounts.models import Account
from tongban.accounts.queries import holder_of_unit
from tongban.design.kept_texts import Param
from tongban.kernel import clock
from tongban.kernel.uscc import Uscc
from tongban.mandates import parties
from tongban.mandates.models import Mandate
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.notify.templates import template as find_template


def holder(rows: Sequence[Mandate], template: str) -> None:
    """Tell the person of the mandates that one act gave, refused or ended; in the caller's transaction."""
    account = rows[0].holder
    if account is not None:
        _tell(account, rows, template)


def unit(rows: Sequence[Mandate], template: str) -> None:
    """Tell the unit likewise."""
    account = rows[0].unit
    if account is not None:
        _tell(account, rows, template)


def offered_to(account: Account, rows: Sequence[Mandate]) -> None:
    """Tell the person an offer was addressed to."""
    _tell(account, rows, "mandate_offered")


def asked_unit(rows: Sequence[Mandate]) -> None:
    """Tell the account that is verified for the unit, if there is one, that somebody asks; by SMS once a day."""
    binding = holder_of_unit(Uscc(rows[0].uscc))
    if binding is not None:
        today = timezone.localtime(clock.now()).date()
        _tell(binding.account, rows, "mandate_requested", key=f"mandate_requested:{binding.account_id}:{today}")


def _tell(account: Account, rows: Sequence[Mandate], template: str, *, key: str = "") -> None:
    unit = parties.said_of_unit(rows[0])
    known = _params(rows, unit)
    text = find_template(template)
    post_message(account_id=account.id, template=template, params=_only(known, text.blanks("message")))
    phone = parties.reached(account)
    if text.sms and phone is not None:
        known["unit"] = parties.short(unit)
        name = key or f"{template}:{rows[0].id}"
        params = _only(known, text.blanks("sms"))
        send_sms(to=phone, template=template, params=params, language=account.language, key=name)


def _params(rows: Sequence[Mandate], unit: str) -> dict[str, Param]:
    first = rows[0]
    return {
        "unit": unit,
        "person": parties.said_of_holder(first),
        "services": parties.services_as_said(rows),
        "until": f"{first.last_day:%Y-%m-%d}" if first.last_day else "",
    }


def _only(known: dict[str, Param], blanks: set[str]) -> dict[str, Param]:
    return {name: known[name] for name in blanks}
