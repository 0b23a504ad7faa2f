"""A batch is taken back, or refused as soon as anybody has used it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tests.unit.transfer.files import ME, code, imported, person, persons, phone, unit, units
from tests.unit.transfer.standing import claims_unit, verify_person, verify_unit
from tongban.accounts.flows.prove_phone import prove_phone
from tongban.accounts.models import Account, LegalProfile, Session
from tongban.audit.models import Event
from tongban.kernel import clock
from tongban.transfer.errors import UndoRefused
from tongban.transfer.flows import undo_import as flow
from tongban.transfer.flows.undo_import import undo_import
from tongban.transfer.models import BadRow, Batch, LegacyAccount

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_batch_is_taken_back_and_can_be_imported_again(tmp_path: Path) -> None:
    verify_unit(claims_unit(2, "other.name"), 2)
    before = Account.objects.count()
    imported(persons(tmp_path, [person(8)]))
    path = units(tmp_path, [unit(1), unit(2), unit(3, phone="")])
    batch = imported(path)
    undone = undo_import(actor=ME, batch_id=batch.id)
    assert undone.undone_at is not None
    assert Account.objects.count() == before + 1, "the other file's account stays"
    assert LegalProfile.objects.count() == 1
    assert LegacyAccount.objects.count() == 1
    assert BadRow.objects.filter(batch=batch).count() == 1, "what was wrong with the file is history"
    event = Event.objects.get(name="transfer:batch:undone")
    assert event.facts == {"batch": str(batch.id), "accounts": 2}
    with pytest.raises(UndoRefused, match="undone"):
        undo_import(actor=ME, batch_id=batch.id)
    again = imported(path)
    assert again.id != batch.id
    assert again.counts == {"E1": 1, "E4": 1}


def _log_in(account: Account) -> None:
    Account.objects.filter(id=account.id).update(last_used_on=clock.now().date())


def _reset_password(account: Account) -> None:
    Account.objects.filter(id=account.id).update(password="peppered")


def _prove_phone(account: Account) -> None:
    with transaction.atomic():
        prove_phone(actor=ME, account=account)


def _open_session(account: Account) -> None:
    now = clock.now()
    Session.objects.create(account=account, key_digest="x", data="", created_at=now, last_seen_at=now)


@pytest.mark.parametrize("use", [_log_in, _reset_password, _prove_phone, _open_session, lambda a: verify_person(a, 1)])
def test_a_batch_in_use_stays_as_it_is(tmp_path: Path, use: Callable[[Account], object]) -> None:
    batch = imported(persons(tmp_path, [person(1), person(2)]))
    use(Account.objects.get(login_name=phone(2)))
    with pytest.raises(UndoRefused, match="used"):
        undo_import(actor=ME, batch_id=batch.id)
    assert Account.objects.count() == LegacyAccount.objects.count() == 2
    assert Batch.objects.get().undone_at is None


def test_what_comes_into_use_meanwhile_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = imported(units(tmp_path, [unit(1)]))
    _open_session(Account.objects.get(login_name=code(1)))
    monkeypatch.setattr(flow, "_are_referred_to", lambda made: False)
    with pytest.raises(UndoRefused, match="used") as refused:
        undo_import(actor=ME, batch_id=batch.id)
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert LegalProfile.objects.count() == 1
