"""What is kept of entries nobody submitted, what the form starts with, and what is forgotten."""

from datetime import timedelta

import pytest

from tests.unit.proofing.conftest import on_record, unit_on_record
from tests.unit.proofing.people import USCC, person, resident_id, unit
from tongban.accounts.models import Account, IdentityBinding, LegalProfile
from tongban.audit.models import Event
from tongban.kernel import clock
from tongban.proofing import queries
from tongban.proofing.flows.forget import forget
from tongban.proofing.flows.keep_draft import keep_draft
from tongban.proofing.flows.submit import submit
from tongban.proofing.models import Draft, Verification
from tongban.proofing.rules import Answer

pytestmark = pytest.mark.django_db
TYPED = {"name": "张三", "document_kind": "resident_id", "document_number": "110105", "nationality": ""}


def test_a_draft_keeps_a_document_number_only_with_consent(natural: Account) -> None:
    keep_draft(actor=natural, typed=TYPED, consent_version="")
    assert queries.prefill(natural) == {"name": "张三", "document_kind": "resident_id", "nationality": ""}
    keep_draft(actor=natural, typed=TYPED, consent_version="v1")
    assert queries.prefill(natural) == TYPED
    assert Draft.objects.get().consent_version == "v1"


def test_a_draft_keeps_no_novels(natural: Account) -> None:
    keep_draft(actor=natural, typed={"name": "长" * 10_000}, consent_version="")
    assert len(queries.prefill(natural)["name"]) == 300


def test_a_person_starts_with_an_empty_form(natural: Account) -> None:
    assert queries.prefill(natural) == {}


def test_a_unit_starts_with_what_it_claimed_when_it_registered(legal: Account) -> None:
    assert queries.prefill(legal) == {
        "unit_name": "北京示例科技有限公司",
        "uscc": USCC,
        "unit_type": "enterprise",
        "region": "11",
        "agent_name": "李四",
        "agent_phone": "13800000001",
    }


def test_claims_that_were_released_are_not_offered_again(legal: Account) -> None:
    assert queries.profile(legal).claims is not None
    LegalProfile.objects.update(released_at=clock.now())
    assert queries.prefill(legal) == {}
    assert queries.profile(legal).claims is None


@pytest.mark.parametrize("uscc", ["A1110000000000000D", "9110000060003734", "91100000600037341L"])
def test_a_code_without_a_province_presets_none(legal: Account, uscc: str) -> None:
    LegalProfile.objects.update(uscc=uscc)
    assert queries.prefill(Account.objects.get(pk=legal.pk))["region"] in {"11", ""}


def test_what_failed_is_shown_to_be_corrected(natural: Account) -> None:
    on_record(person())
    submit(actor=natural, entries=person(name="张四"), consent_version="v1")
    assert queries.prefill(natural) == person(name="张四").as_fields()


def test_what_is_proved_comes_without_its_numbers(legal: Account) -> None:
    unit_on_record(unit())
    submit(actor=legal, entries=unit(), consent_version="v1")
    started = queries.prefill(legal)
    assert started["representative_name"] == "王五"
    assert not {"agent_document_number", "representative_document_number"} & set(started)


def test_old_drafts_and_failed_entries_are_forgotten_proved_ones_stay(natural: Account, legal: Account) -> None:
    on_record(person())
    unit_on_record(unit())
    submit(actor=natural, entries=person(name="张四"), consent_version="v1")
    submit(actor=natural, entries=person(), consent_version="v1")
    submit(actor=legal, entries=unit(), consent_version="v1")
    keep_draft(actor=legal, typed={}, consent_version="")
    forget()
    assert Verification.objects.filter(entries=None).count() == 0
    long_ago = clock.now() - timedelta(days=31)
    Verification.objects.update(decided_at=long_ago)
    Draft.objects.update(kept_at=long_ago)
    IdentityBinding.objects.filter(account=legal).update(released_at=long_ago, released_reason="test")
    forget()
    assert not Draft.objects.exists()
    assert Verification.objects.filter(entries=None).count() == 2
    assert queries.profile(natural).proved == person()
    facts = Event.objects.get(name="proofing:entries:forgotten").facts
    assert facts == {"drafts": 1, "verifications": 2}


def test_what_waits_is_never_forgotten(natural: Account) -> None:
    on_record(person(), answer=Answer.UNAVAILABLE)
    waiting = submit(actor=natural, entries=person(), consent_version="v1")
    Verification.objects.update(submitted_at=clock.now() - timedelta(days=99))
    forget()
    waiting.refresh_from_db()
    assert waiting.entries is not None


def test_entries_that_were_forgotten_are_not_shown(natural: Account) -> None:
    on_record(person())
    submit(actor=natural, entries=person(name="张四"), consent_version="v1")
    Verification.objects.update(entries=None)
    assert queries.profile(natural).submitted is None
    assert queries.prefill(natural) == {}


def test_a_unit_whose_number_is_typed_twice_stays_as_typed(legal: Account) -> None:
    keep_draft(actor=legal, typed={"uscc": USCC, "agent_document_number": resident_id(1).number}, consent_version="v1")
    assert queries.prefill(legal)["agent_document_number"] == resident_id(1).number
