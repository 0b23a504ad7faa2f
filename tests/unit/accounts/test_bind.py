"""Binding identities to accounts, and releasing them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.journeys.people import some_unit, somebody
from tongban.accounts import queries
from tongban.accounts.errors import AlreadyBound
from tongban.accounts.events_out import IdentityBound, IdentityReleased
from tongban.accounts.flows.bind import bind_document, bind_unit, release
from tongban.accounts.flows.open_account import open_account
from tongban.accounts.models import Account, IdentityBinding
from tongban.accounts.rules import IdentityKind, Realm
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.kernel import clock, events
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.documents import Document, DocumentKind, parse_document
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.vault.purposes import Purpose

pytestmark = pytest.mark.django_db

RESIDENT_ID = parse_document(DocumentKind.RESIDENT_ID, "11010519491231002X")
PASSPORT = parse_document(DocumentKind.PASSPORT, "E12345678")
USCC, OTHER_USCC = Uscc.parse("91110108MA00000070"), Uscc.parse("12110000000000000K")


def bind_person(account: Account, document: Document = RESIDENT_ID, name: str = "张三") -> IdentityBinding:
    return bind_document(
        actor=Actor.system(),
        account=account,
        document=document,
        name=PersonName.parse(name),
        assurance=AssuranceLevel.CROSS_CHECKED,
    )


def bind_company(account: Account, uscc: Uscc = USCC, name: str = "甲公司") -> IdentityBinding:
    return bind_unit(
        actor=Actor.system(),
        account=account,
        uscc=uscc,
        unit_name=UnitName.parse(name),
        unit_type=UnitType.ENTERPRISE,
        assurance=AssuranceLevel.REVIEWED,
    )


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """What the room tells the rooms above."""
    told: list[Any] = []
    before = {kind: list(handlers) for kind, handlers in events._handlers.items()}
    for kind in (IdentityBound, IdentityReleased):
        events._handlers[kind] = [told.append]
    yield told
    events._handlers.clear()
    events._handlers.update(before)


def test_a_document_is_bound_and_found(heard: list[Any]) -> None:
    account = somebody()
    assert queries.live_binding(account, IdentityKind.DOCUMENT) is None
    bind_person(account)
    binding = queries.live_binding(account.id, IdentityKind.DOCUMENT)
    assert binding is not None
    assert binding.assurance == AssuranceLevel.CROSS_CHECKED
    assert binding.number is not None
    assert binding.number.reveal(Purpose.SHOW_OWNER) == "11010519491231002X"
    assert binding.name is not None
    assert binding.name.reveal(Purpose.SHOW_OWNER) == "张三"
    assert queries.holder_of_document(RESIDENT_ID) == binding
    assert queries.holder_of_document(PASSPORT) is None
    assert heard == [IdentityBound(account.id, IdentityKind.DOCUMENT)]
    assert "11010519491231002X" not in str(IdentityBinding.objects.values().get())


def test_a_unit_is_bound_and_found() -> None:
    account = some_unit()
    binding = bind_company(account)
    assert queries.holder_of_unit(USCC) == queries.holder_of_unit_name(UnitName.parse("甲 公司")) == binding
    assert queries.holder_of_unit(OTHER_USCC) is None
    assert (binding.uscc, binding.unit_name, binding.unit_type) == (USCC.value, "甲公司", "enterprise")


def test_what_is_bound_to_one_is_not_bound_to_another() -> None:
    bind_person(somebody())
    other = somebody("li.si", "13800000003")
    with pytest.raises(AlreadyBound):
        bind_person(other)
    bind_company(some_unit())
    rival = some_unit("rival", "13800000004")
    for uscc, name in ((USCC, "乙公司"), (OTHER_USCC, "甲公司")):
        with pytest.raises(AlreadyBound):
            bind_company(rival, uscc, name)
    assert queries.live_binding(rival, IdentityKind.UNIT) is None


def test_the_database_itself_keeps_it_unique() -> None:
    mine = bind_person(somebody())
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityBinding.objects.create(
            account=somebody("li.si", "13800000003"),
            kind=IdentityKind.DOCUMENT,
            document_kind="resident_id",
            index=mine.index,
            assurance=2,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityBinding.objects.create(
            account=mine.account, kind="document", document_kind="passport", index="another", assurance=2
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityBinding.objects.create(account=mine.account, kind="unit", index="another", assurance=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityBinding.objects.filter(id=mine.id).update(released_reason="no date")


def test_a_new_verification_replaces_the_old_one() -> None:
    account = somebody()
    first = bind_person(account)
    second = bind_person(account, name="张叁")
    third = bind_person(account, PASSPORT)
    assert queries.live_binding(account, IdentityKind.DOCUMENT) == third
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.released_reason == second.released_reason == "replaced"
    assert bind_person(somebody("li.si", "13800000003")), "what was given up is free"


def test_releasing_is_told_once(heard: list[Any]) -> None:
    account = somebody()
    binding = bind_person(account)
    heard.clear()
    for _time in range(2):
        release(actor=Actor.system(), binding=binding, reason="impostor")
    assert heard == [IdentityReleased(account.id, IdentityKind.DOCUMENT)]
    assert queries.holder_of_document(RESIDENT_ID) is None
    names = list(Event.objects.order_by("at", "id").values_list("name", "subject"))
    assert names == [("accounts:identity:bound", account.id), ("accounts:identity:released", account.id)]


def test_accounts_have_a_realm_and_a_proved_phone() -> None:
    for wrong in ({"realm": "ghost"}, {"phone_index": None}, {"phone_proved_at": None}, {"phone": None}):
        account = somebody(f"name.{len(wrong)}{next(iter(wrong))}")
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(id=account.id).update(**wrong)
    Account.objects.update(transferred_at=clock.now(), phone_proved_at=None)  # a transfer proves nothing
    Account.objects.create(realm=Realm.STAFF, login_name="Name", login_name_key="name")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(realm=Realm.STAFF, login_name="NAME", login_name_key="name")


def test_only_a_taken_name_is_called_taken() -> None:
    with pytest.raises(IntegrityError, match="account_has_a_proved_phone"), transaction.atomic():
        open_account(realm=Realm.NATURAL, login_name="zhang.san", encoded_password="!", phone=None)


def test_indexes_can_be_made_again() -> None:
    person, unit = bind_person(somebody()), bind_company(some_unit())
    assert person.identity() == "resident_id:11010519491231002X"
    assert unit.identity() == f"unit:{USCC.value}"
    assert somebody("li.si", "13800000003").phone_text() == "13800000003"
    assert Account(realm=Realm.STAFF).phone_text() is None
