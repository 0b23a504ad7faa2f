"""Thirty callers at the same moment."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.people import somebody
from tests.parallel import in_parallel
from tests.unit.recovery.acts import (
    NEW_PASSWORD,
    NEW_PHONE,
    NOBODY,
    appealed,
    checked_code,
    claim,
    draft,
    token_in,
)
from tests.unit.recovery.people import decide_twice, verified_person
from tests.unit.review.desk import reviewer
from tongban.accounts.models import Account
from tongban.audit.models import Event
from tongban.challenge.errors import CodeRejected
from tongban.kernel import clock
from tongban.notify.models import Sms
from tongban.recovery.errors import LinkDead
from tongban.recovery.flows.ask_register import ask_register
from tongban.recovery.flows.redeem_link import redeem_link
from tongban.recovery.flows.reset_password import reset_password
from tongban.recovery.flows.send_links import send_links
from tongban.recovery.flows.stop_handover import stop_handover
from tongban.recovery.flows.submit_appeal import submit_appeal
from tongban.recovery.models import Handover, Recovery, RegisterAnswer
from tongban.review.flows.claim_case import claim_case
from tongban.review.flows.decide import confirm, decide
from tongban.review.models import Case, Decision

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 30


def outcomes(results: Sequence[object]) -> Counter[object]:
    return Counter(type(result) for result in results)


def test_one_code_resets_one_password() -> None:
    somebody()
    said = claim()
    code = checked_code(said)

    def reset(number: int) -> Account:
        password = f"{NEW_PASSWORD}-{number}"
        return reset_password(actor=NOBODY, claim=said, code=code, password=password, network="n")

    assert outcomes(in_parallel(MANY, reset)) == {Account: 1, CodeRejected: MANY - 1}
    assert Recovery.objects.count() == 1
    assert Sms.objects.filter(template="password_reset").count() == 1
    assert Event.objects.filter(name="recovery:password:reset").count() == 1


def test_one_appeal_is_one_case() -> None:
    appeal = draft()
    results = in_parallel(MANY, lambda _: submit_appeal(actor=NOBODY, appeal_id=appeal.id))
    assert outcomes(results) == {Case: MANY}
    case = Case.objects.get()
    assert {result.id for result in results if isinstance(result, Case)} == {case.id}
    assert case.submissions.count() == 1
    assert Sms.objects.filter(template="case_submitted").count() == 1
    assert Event.objects.filter(name="recovery:appeal:submitted").count() == 1


def test_one_decision_starts_one_handover() -> None:
    verified_person()
    case = appealed()
    first = reviewer()
    claim_case(reviewer=first, case_id=case.id)
    decide(reviewer=first, case_id=case.id, round=1, reason="hand_over", text="好")
    second = reviewer()
    claim_case(reviewer=second, case_id=case.id)
    told = outcomes(in_parallel(MANY, lambda _: confirm(reviewer=second, case_id=case.id, round=1)))
    assert told[Decision] == 1
    assert Handover.objects.count() == 1
    assert Sms.objects.filter(template="appeal_approved").count() == 1


def test_many_workers_send_one_link() -> None:
    verified_person()
    appealed()
    decide_twice()
    assert sum(result for result in in_parallel(MANY, lambda _: send_links()) if isinstance(result, int)) == 1
    assert Sms.objects.filter(template="appeal_link").count() == 1


def test_one_link_sets_one_password() -> None:
    verified_person()
    appealed()
    decide_twice()
    send_links()
    token = token_in(NEW_PHONE, "link")

    def redeem(number: int) -> Account:
        password = f"{NEW_PASSWORD}-{number}"
        return redeem_link(actor=NOBODY, token=token, password=password, network="n")

    assert outcomes(in_parallel(MANY, redeem)) == {Account: 1, LinkDead: MANY - 1}
    assert Recovery.objects.count() == 1
    assert Event.objects.filter(name="recovery:password:set").count() == 1


def test_stopping_and_redeeming_exclude_each_other() -> None:
    verified_person()
    appealed()
    decide_twice()
    send_links()
    link, stop = token_in(NEW_PHONE, "link"), token_in("13800000001", "stop")

    def act(number: int) -> Any:
        if number % 2:
            return redeem_link(actor=NOBODY, token=link, password=NEW_PASSWORD, network="n")
        return stop_handover(actor=NOBODY, token=stop)

    results = in_parallel(MANY, act)
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert outcomes(results)[LinkDead] == MANY - 1
    handover = Handover.objects.get()
    assert bool(handover.redeemed_at) != bool(handover.stopped_at)
    assert Case.objects.get().state == ("approved" if handover.redeemed_at else "submitted")


def test_many_workers_note_one_answer() -> None:
    verified_person()
    appealed()
    in_parallel(MANY, lambda _: ask_register())
    assert RegisterAnswer.objects.get().answer == "match"
    assert RegisterAnswer.objects.get().at - clock.now() < timedelta(minutes=1)
