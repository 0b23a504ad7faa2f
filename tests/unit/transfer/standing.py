"""Accounts that stand on the platform before an import, for every row of the tables."""

from django.db import transaction

from tests.journeys.people import some_unit, somebody
from tests.unit.transfer.files import code, phone, unit
from tongban.accounts.flows.bind import bind_document, bind_unit
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.kernel import check_characters
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.documents import DocumentKind, parse_document
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc


def claims_unit(number: int, login_name: str, *, of: int | None = None, phone_of: int | None = None) -> Account:
    """Return a legal account that claims the unit `of` (the same number if not said)."""
    of = number if of is None else of
    its_phone = phone(900 + number) if phone_of is None else phone(phone_of)
    return some_unit(login_name, its_phone, uscc=code(of), name=unit(of)[1])


def verify_unit(account: Account, number: int) -> Account:
    """Bind the account to the unit."""
    with transaction.atomic():
        bind_unit(
            actor=Actor.system(),
            account=account,
            uscc=Uscc.parse(code(number)),
            unit_name=UnitName.parse(unit(number)[1]),
            unit_type=UnitType.ENTERPRISE,
            assurance=AssuranceLevel.REVIEWED,
        )
    return account


def verify_person(account: Account, number: int) -> Account:
    """Bind the account to a person's document."""
    digits = f"11010519491231{number:03d}"
    bind_document(
        actor=Actor.system(),
        account=account,
        document=parse_document(DocumentKind.RESIDENT_ID, digits + check_characters.mod_11_2(digits)),
        name=PersonName.parse("张三"),
        assurance=AssuranceLevel.CROSS_CHECKED,
    )
    return account


def unproved(account: Account) -> Account:
    """Let nobody have proved the account's phone: it was brought over."""
    Account.objects.filter(id=account.id).update(phone_proved_at=None, transferred_at=account.created_at)
    return account


def has_phone(number: int, login_name: str) -> Account:
    """Return a natural account with the phone of the legacy account `number`."""
    return somebody(login_name, phone(number))
