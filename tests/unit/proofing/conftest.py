"""Accounts and a register for the tests of this room."""

import pytest

from tests.unit.proofing.people import USCC, person, unit
from tongban.accounts.models import Account, LegalProfile
from tongban.accounts.rules import Realm
from tongban.kernel import clock
from tongban.proofing.entries import PersonEntries, UnitEntries
from tongban.proofing.models import DOCUMENT_DOMAIN, NAME_DOMAIN, RegisterPerson, RegisterUnit
from tongban.proofing.rules import Answer
from tongban.vault import blind_index


def make_account(realm: Realm = Realm.NATURAL, *, login_name: str = "someone") -> Account:
    return Account.objects.create(
        realm=realm,
        login_name=login_name,
        login_name_key=login_name,
        phone="13800000001",
        phone_index=blind_index.of("accounts.account.phone", "13800000001"),
        phone_proved_at=clock.now(),
    )


def on_record(entries: PersonEntries, *, answer: Answer = Answer.MATCH) -> RegisterPerson:
    return RegisterPerson.objects.create(
        document_kind=entries.document.kind,
        country=entries.document.country,
        document_number=entries.document.number,
        document_index=blind_index.of(DOCUMENT_DOMAIN, entries.document.identity),
        name=entries.name.value,
        name_index=blind_index.of(NAME_DOMAIN, entries.name.matching_key),
        answer=answer,
        imported_at=clock.now(),
    )


def unit_on_record(entries: UnitEntries, *, answer: Answer = Answer.MATCH) -> RegisterUnit:
    document = entries.representative_document
    return RegisterUnit.objects.create(
        uscc=entries.uscc.value,
        name=entries.unit_name.value,
        unit_type=entries.unit_type,
        representative_name=entries.representative_name.value,
        representative_name_index=blind_index.of(NAME_DOMAIN, entries.representative_name.matching_key),
        representative_document_kind=document.kind,
        representative_document_number=document.number,
        representative_document_index=blind_index.of(DOCUMENT_DOMAIN, document.identity),
        answer=answer,
        imported_at=clock.now(),
    )


@pytest.fixture
def natural(db: None) -> Account:
    return make_account()


@pytest.fixture
def legal(db: None) -> Account:
    account = make_account(Realm.LEGAL, login_name="unit")
    LegalProfile.objects.create(
        account=account,
        unit_name="北京示例科技有限公司",
        unit_name_key="北京示例科技有限公司",
        uscc=USCC,
        unit_type="enterprise",
        contact_name="李四",
    )
    return account


@pytest.fixture
def zhang_san(db: None) -> RegisterPerson:
    """The register knows 张三."""
    return on_record(person())


@pytest.fixture
def example_unit(db: None) -> RegisterUnit:
    """The register knows the unit of `people.unit()`."""
    return unit_on_record(unit())
