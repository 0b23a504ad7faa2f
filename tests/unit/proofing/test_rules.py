"""The journey table and how answers are joined."""

from datetime import timedelta

import pytest

from tongban.proofing.errors import NotFromHere
from tongban.proofing.rules import JOURNEY, Answer, Block, Step, Turn, Undo, after, retry_after, turn_of


def test_every_step_has_a_row_and_every_turn_leads_to_one() -> None:
    assert set(JOURNEY) == set(Step)
    assert {target for row in JOURNEY.values() for target in row.next.values()} <= set(Step)


def test_every_step_can_be_reached_from_the_first() -> None:
    reached, edge = {Step.FILL_IN}, [Step.FILL_IN]
    while edge:
        fresh = set(JOURNEY[edge.pop()].next.values()) - reached
        reached |= fresh
        edge += fresh
    assert reached == set(Step)


def test_no_step_is_a_dead_end() -> None:
    assert all(row.next for row in JOURNEY.values())


def test_asking_needs_entries_and_consent() -> None:
    assert {fact.value for fact in JOURNEY[Step.ASK].needs} == {"entries", "consent"}


@pytest.mark.parametrize("step", [Step.FILL_IN, Step.WAIT, Step.CORRECT, Step.VERIFIED])
def test_entries_may_be_changed_wherever_a_person_can_stand(step: Step) -> None:
    assert after(after(step, Turn.ENTERED), Turn.CONSENTED) is Step.ASK


def test_changed_entries_close_only_a_check_that_is_open() -> None:
    assert JOURNEY[Step.WAIT].undo is Undo.CLOSE_CHECK
    assert JOURNEY[Step.VERIFIED].undo is Undo.NOTHING


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.WAIT])
def test_only_what_waits_can_be_withdrawn(step: Step) -> None:
    with pytest.raises(NotFromHere) as refusal:
        after(step, Turn.WITHDRAWN)
    assert refusal.value.params == {"step": step, "turn": Turn.WITHDRAWN}


@pytest.mark.parametrize(
    ("unit", "agent", "turn"),
    [
        (Answer.MATCH, Answer.MATCH, Turn.MATCH),
        (Answer.MATCH, Answer.NO_RECORD, Turn.MATCH),
        (Answer.MATCH, None, Turn.MATCH),
        (Answer.MATCH, Answer.MISMATCH, Turn.MISMATCH),
        (Answer.MATCH, Answer.UNAVAILABLE, Turn.UNAVAILABLE),
        (Answer.MISMATCH, Answer.UNAVAILABLE, Turn.MISMATCH),
        (Answer.UNAVAILABLE, Answer.MISMATCH, Turn.MISMATCH),
        (Answer.NO_RECORD, Answer.MATCH, Turn.NO_RECORD),
        (Answer.NO_RECORD, Answer.UNAVAILABLE, Turn.NO_RECORD),
        (None, Answer.MATCH, Turn.NO_AUTHORITY),
        (None, None, Turn.NO_AUTHORITY),
    ],
)
def test_answers_about_a_unit_and_its_agent_are_joined(unit: Answer | None, agent: Answer | None, turn: Turn) -> None:
    assert turn_of({Block.UNIT: unit, Block.AGENT: agent}) is turn


@pytest.mark.parametrize("answer", Answer)
def test_the_answer_about_a_person_is_the_turn(answer: Answer) -> None:
    assert turn_of({Block.PERSON: answer}) is Turn(answer)


def test_pauses_double_up_to_five_minutes() -> None:
    assert [retry_after(asks).total_seconds() for asks in (1, 2, 3)] == [2, 4, 8]
    assert retry_after(9) == retry_after(100_000) == timedelta(minutes=5)
