"""What the demo shows: every message sent, the made-up people and units, and which account holds them."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from tongban.accounts.models import IDENTITY_DOMAIN, IdentityBinding
from tongban.accounts.rules import IdentityKind, identity
from tongban.challenge.flows.human_check import new_picture
from tongban.challenge.queries import last_answer, last_spoken_answer
from tongban.demo import rules, torch
from tongban.design.labels import DOCUMENT_KINDS, UNIT_TYPES
from tongban.notify.queries import demo_outbox
from tongban.vault import blind_index

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def outbox() -> list[dict[str, str]]:
    """Return the messages sent, newest first: `to, purpose, text, code, at`."""
    return [{**asdict(message), "at": message.at.astimezone(_SHANGHAI).isoformat()} for message in demo_outbox()]


def captcha_answers(browser: str) -> dict[str, str | None]:
    """Return both answers of the 验证码 last shown to `browser`; a program that loads no pictures gets one posed.

    `answer` is what the picture shows, `spoken` what the sound says; either is accepted.
    """
    if last_answer(browser) is None:
        new_picture(browser=browser)
    return {"answer": last_answer(browser), "spoken": last_spoken_answer(browser)}


def register() -> dict[str, list[dict[str, Any]]]:
    """Return whom the demo authority knows; `account` is the login name that holds the person or unit, or None."""
    people, units = (*rules.people(), *torch.people()), (*rules.units(), *torch.units())
    person_holders = _holders(IdentityKind.DOCUMENT, ((p.document.value, p.number) for p in people))
    unit_holders = _holders(IdentityKind.UNIT, ((IdentityKind.UNIT.value, unit.uscc) for unit in units))
    return {
        "people": [
            {
                "name": person.name,
                "document": str(DOCUMENT_KINDS[person.document]),
                "id_number": person.number,
                "answer": person.answer,
                "account": person_holders.get(person.number),
            }
            for person in people
        ],
        "units": [
            {
                "name": unit.name,
                "uscc": unit.uscc,
                "unit_type": str(UNIT_TYPES[unit.unit_type]),
                "legal_representative": unit.legal_representative.name,
                "legal_representative_id": unit.legal_representative.number,
                "answer": unit.answer,
                "account": unit_holders.get(unit.uscc),
            }
            for unit in units
        ],
    }


def _holders(kind: IdentityKind, identities: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return number → login name of the account it is bound to, for those that are bound."""
    numbers = {
        index: number
        for document_kind, number in identities
        for index in blind_index.candidates(IDENTITY_DOMAIN, identity(document_kind, number))
    }
    live = IdentityBinding.objects.filter(kind=kind.value, released_at__isnull=True)
    return {
        numbers[index]: name for index, name in live.values_list("index", "account__login_name") if index in numbers
    }
