"""What the pages of the room cannot show."""

from pathlib import Path
from typing import Any

import pytest

from tests.moved_clock import MovedClock
from tests.unit.proofing.conftest import unit_on_record
from tests.unit.proofing.people import unit
from tests.unit.recovery.acts import NEW_PASSWORD, NEW_PHONE, NOBODY, appealed, claim, draft, filled, token_in
from tests.unit.recovery.people import decide_twice, verified_person
from tests.unit.review.desk import senior
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.kernel import clock as kernel_clock
from tongban.kernel.documents import DocumentKind
from tongban.kernel.ids import new_id
from tongban.kernel.mobile import Mobile
from tongban.proofing.rules import Answer
from tongban.recovery import queries
from tongban.recovery.errors import AppealIncomplete, LinkDead
from tongban.recovery.flows import ask_register, redeem_link, stop_handover
from tongban.recovery.flows.keep_appeal import begin_appeal, keep_appeal
from tongban.recovery.flows.send_links import send_links
from tongban.recovery.flows.submit_appeal import submit_appeal
from tongban.recovery.models import Handover, RegisterAnswer
from tongban.review.flows.reopen_case import reopen_case

pytestmark = pytest.mark.django_db(transaction=True)


class Authority:
    """Answers what a test wants, or fails."""

    name = "test"

    def __init__(self, answer: Answer | OSError, *, covers: bool = True) -> None:
        self.answer, self.covers = answer, covers

    def covers_person(self, kind: DocumentKind) -> bool:
        return self.covers

    def covers_unit(self, unit_type: object) -> bool:
        return self.covers

    def check_person(self, **_about: Any) -> Answer:
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer

    check_unit = check_person


@pytest.mark.parametrize("realm", [Realm.NATURAL, Realm.LEGAL])
def test_the_authority_is_asked_until_it_answers(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    case = appealed(realm)
    for silent in (Authority(Answer.UNAVAILABLE), Authority(OSError())):
        monkeypatch.setattr(ask_register, "configured", lambda silent=silent: [silent])
        assert ask_register.ask_register() == 0
        assert queries.register_answer(case) is None
    monkeypatch.setattr(ask_register, "configured", lambda: [Authority(Answer.MISMATCH)])
    assert ask_register.ask_register() == 1
    assert ask_register.ask_register() == 0
    assert queries.register_answer(case) == "mismatch"


@pytest.mark.parametrize("realm", [Realm.NATURAL, Realm.LEGAL])
def test_what_no_authority_covers_is_said(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    appealed(realm)
    monkeypatch.setattr(ask_register, "configured", lambda: [Authority(Answer.MATCH, covers=False)])
    assert ask_register.ask_register() == 1
    assert RegisterAnswer.objects.get().answer == "not_covered"


def test_the_register_itself_is_asked_about_units() -> None:
    unit_on_record(unit())
    appealed(Realm.LEGAL)
    assert ask_register.ask_register() == 1
    assert RegisterAnswer.objects.get().answer == "match"


def test_an_appeal_is_kept_only_with_a_proved_phone_and_until_it_is_handed_in() -> None:
    appeal = begin_appeal(realm=Realm.NATURAL, holder="browser:x", data={})
    phone = Mobile.parse(NEW_PHONE)
    with pytest.raises(AppealIncomplete):
        keep_appeal(actor=NOBODY, appeal=appeal, data=filled(), phone=phone, code=None)
    for unknown in (appeal.id, new_id()):
        with pytest.raises(AppealIncomplete):
            submit_appeal(actor=NOBODY, appeal_id=unknown)
    ready = draft()
    submit_appeal(actor=NOBODY, appeal_id=ready.id)
    with pytest.raises(AppealIncomplete):
        keep_appeal(actor=NOBODY, appeal=ready, data=filled(), phone=phone, code=None)


def test_an_appeal_with_the_phone_that_came_with_the_account_proves_it() -> None:
    account = verified_person(phone=NEW_PHONE)
    Account.objects.update(phone_proved_at=None, transferred_at=kernel_clock.now())
    appealed()
    decide_twice()
    send_links()
    link = token_in(NEW_PHONE, "link")
    redeem_link.redeem_link(actor=NOBODY, token=link, password=NEW_PASSWORD, network="n")
    account.refresh_from_db()
    assert account.phone_proved_at is not None


def test_a_unit_must_say_which() -> None:
    assert queries.claimed(claim(realm=Realm.LEGAL)) is None


def test_what_changed_since_the_page_was_drawn_counts(monkeypatch: pytest.MonkeyPatch, clock: MovedClock) -> None:
    verified_person()
    case = appealed()
    decide_twice()
    send_links()
    link, stop = token_in(NEW_PHONE, "link"), token_in("13800000001", "stop")
    seen = Handover.objects.select_related("case", "account").get()
    monkeypatch.setattr(queries, "redeemable", lambda token: seen)
    monkeypatch.setattr(queries, "stoppable", lambda token: seen)
    clock.forward(hours=72)
    with pytest.raises(LinkDead, match="link_spent"):
        redeem_link.redeem_link(actor=NOBODY, token=link, password=NEW_PASSWORD, network="n")
    reopen_case(reviewer=senior(), case_id=case.id, why="")
    with pytest.raises(LinkDead, match="link_halted"):
        redeem_link.redeem_link(actor=NOBODY, token=link, password=NEW_PASSWORD, network="n")
    Handover.objects.update(expired_at=clock.now)
    with pytest.raises(LinkDead, match="link_spent"):
        stop_handover.stop_handover(actor=NOBODY, token=stop)


def test_the_decoy_is_sealed_with_the_key_in_force(settings: Any, tmp_path: Path) -> None:
    assert queries.appeal_case("nobody", Mobile.parse("13800138000")) is None
    settings.VAULT_KEY_RING = tmp_path / "other" / "vault.json"
    assert queries.appeal_case("nobody", Mobile.parse("13800138000")) is None
