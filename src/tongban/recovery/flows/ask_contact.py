"""查询单位联系人: whoever looks for the person who keeps a unit's account learns nothing; that person is told."""

from functools import cache

from django.db import transaction

from tongban.accounts import queries as accounts
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.challenge.errors import TooManyRequests
from tongban.design import display
from tongban.kernel.ids import new_id
from tongban.kernel.mobile import Mobile
from tongban.kernel.uscc import Uscc
from tongban.notify.flows.send_sms import send_sms, withhold_sms
from tongban.recovery import events, queries
from tongban.recovery.counting import per_unit
from tongban.vault.purposes import Purpose

_NOBODYS_PHONE = "13000000000"
"""Stands where there is no contact, in a message that never leaves."""


def ask_contact(*, actor: Actor, uscc: Uscc) -> None:
    """Send the registered contact of the unit an SMS, if there is one; a few times a day at most.

    Nothing is returned, and nothing costs more or less, whether the unit is known or not. Call it outside of any
    transaction.
    """
    may_send = _counted(uscc)
    found = queries.contact_of(uscc)
    account, unit = found or (_nobody(), "")
    phone = accounts.phone_of(account, Purpose.DELIVER_MESSAGE) or Mobile(_NOBODYS_PHONE)
    send = send_sms if found and may_send else withhold_sms
    key = new_id()
    with transaction.atomic():
        send(
            to=phone,
            template="contact_asked",
            params={"unit": unit[:20]},
            language=account.language if found else display.spoken_language(),
            key=f"contact_asked:{key}",
        )
        record(events.CONTACT_ASKED, actor=actor, subject=account.id if found else None, facts={"told": bool(found)})


def _counted(uscc: Uscc) -> bool:
    try:
        limits.consume_all(per_unit(uscc))
    except TooManyRequests:
        return False
    return True


@cache
def _nobody() -> Account:
    """Return an account that exists only here, whose phone is sealed as real ones are."""
    account = Account(id=new_id())
    account.phone = _NOBODYS_PHONE
    Account._meta.get_field("phone").pre_save(account, add=True)  # noqa: SLF001 - Django's public name
    return account
