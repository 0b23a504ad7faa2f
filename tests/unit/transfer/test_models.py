"""What is known of a legacy account, and a phone that nobody has proved."""

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.journeys.people import somebody
from tests.unit.recovery.acts import NEW_PASSWORD, NOBODY, checked_code, claim
from tongban.accounts import queries as accounts
from tongban.accounts.events_out import PhoneProved
from tongban.accounts.flows.prove_phone import prove_phone
from tongban.accounts.models import PHONE_DOMAIN, Account
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.kernel import clock, events
from tongban.kernel.ids import new_id
from tongban.kernel.mobile import Mobile
from tongban.kernel.uscc import Uscc
from tongban.recovery.flows.reset_password import reset_password
from tongban.transfer import queries
from tongban.transfer.models import Batch, LegacyAccount
from tongban.transfer.rules import Kind, Outcome
from tongban.vault import blind_index
from tongban.vault.purposes import Purpose

pytestmark = pytest.mark.django_db
PHONE = Mobile.parse("13800000001")
USCC = Uscc.parse("91110108MA00000070")


def legacy(kind: Kind, outcome: Outcome = Outcome.E1, *, account_id: UUID | None = None) -> LegacyAccount:
    batch = Batch.objects.create(kind=kind, file_name="file.csv", file_digest=str(new_id()))
    return LegacyAccount.objects.create(
        id=account_id or new_id(),
        batch=batch,
        row=1,
        kind=kind,
        uscc=USCC.value if kind is Kind.UNIT else "",
        phone=PHONE.value,
        phone_index=blind_index.of(PHONE_DOMAIN, PHONE.value),
        outcome=outcome,
        account_id=account_id,
        reason="name_free",
    )


def test_a_legacy_account_is_found_by_what_its_owner_knows() -> None:
    account_id = new_id()
    unit = legacy(Kind.UNIT, account_id=account_id)
    assert queries.find_person(PHONE) is None, "a unit's phone is no person's"
    person = legacy(Kind.PERSON, Outcome.P1, account_id=new_id())
    assert queries.legacy_account_of(account_id) == queries.find_unit(USCC) == unit
    assert queries.find_person(PHONE) == person
    assert queries.legacy_account_of(new_id()) is None
    assert person.phone_text() == PHONE.value


@pytest.mark.parametrize(("kind", "outcome"), [(Kind.UNIT, Outcome.E1), (Kind.PERSON, Outcome.P1)])
def test_a_legacy_account_is_known_once_and_made_or_met(kind: Kind, outcome: Outcome) -> None:
    with pytest.raises(IntegrityError, match="made_or_met"), transaction.atomic():
        legacy(kind, outcome)
    legacy(kind, outcome, account_id=new_id())
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        legacy(kind, outcome, account_id=new_id())


def brought_over() -> Account:
    account = somebody(phone=PHONE.value)
    Account.objects.update(phone_proved_at=None, transferred_at=clock.now())
    account.refresh_from_db()
    return account


def test_an_unproved_phone_is_the_accounts_and_counts_nowhere_as_proved() -> None:
    account = brought_over()
    assert accounts.phone_of(account, Purpose.MATCH) == PHONE
    assert not accounts.accounts_with_phone(PHONE).exists()


def test_a_phone_is_proved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    account = brought_over()
    heard: list[PhoneProved] = []
    monkeypatch.setitem(events._handlers, PhoneProved, [heard.append])
    for _time in range(2):
        with transaction.atomic():
            prove_phone(actor=Actor.system(), account=account)
    assert accounts.accounts_with_phone(PHONE).get().phone_proved_at == account.phone_proved_at
    assert heard == [PhoneProved(account.id)]
    assert Event.objects.filter(name="accounts:phone:proved", subject=account.id).count() == 1


def test_a_new_password_by_sms_proves_the_phone() -> None:
    account = brought_over()
    said = claim()
    reset_password(actor=NOBODY, claim=said, code=checked_code(said), password=NEW_PASSWORD, network="n")
    account.refresh_from_db()
    assert account.phone_proved_at is not None
