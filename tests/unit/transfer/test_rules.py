"""The two tables, row by row."""

from itertools import chain, combinations

import pytest

from tongban.transfer.rules import CREATED, TABLES, Fact, Kind, Outcome, decide

UNIT, PERSON = Kind.UNIT, Kind.PERSON


@pytest.mark.parametrize(
    ("kind", "facts", "outcome", "reason"),
    [
        (UNIT, set(), Outcome.E1, "name_free"),
        (UNIT, {Fact.NAME_HELD}, Outcome.E3, "name_held"),
        (UNIT, {Fact.NAME_HELD, Fact.CLAIMED_WITH_PHONE}, Outcome.E2, "same_unit_and_phone"),
        (UNIT, {Fact.NAME_HELD, Fact.BOUND_HERE}, Outcome.E2, "verified_here"),
        (UNIT, {Fact.NAME_HELD, Fact.BOUND_HERE, Fact.CLAIMED_WITH_PHONE}, Outcome.E2, "verified_here"),
        (UNIT, {Fact.BOUND_ELSEWHERE}, Outcome.E4, "verified_under_another_name"),
        (UNIT, {Fact.NAME_HELD, Fact.BOUND_ELSEWHERE}, Outcome.E4, "verified_under_another_name"),
        # A verified account under another name counts more than an unproved claim with the right phone.
        (UNIT, {Fact.NAME_HELD, Fact.BOUND_ELSEWHERE, Fact.CLAIMED_WITH_PHONE}, Outcome.E4, None),
        (PERSON, set(), Outcome.P1, "name_free"),
        (PERSON, {Fact.NAME_HELD}, Outcome.P3, "name_held"),
        (PERSON, {Fact.NAME_HELD, Fact.PHONE_PROVED_HERE}, Outcome.P2, "same_phone"),
        (PERSON, {Fact.BOUND_ELSEWHERE}, Outcome.P4, "verified_under_another_name"),
        # The name is held: who proved the phone under another name does not matter.
        (PERSON, {Fact.NAME_HELD, Fact.BOUND_ELSEWHERE}, Outcome.P3, "name_held"),
        (PERSON, {Fact.NAME_HELD, Fact.BOUND_ELSEWHERE, Fact.PHONE_PROVED_HERE}, Outcome.P2, "same_phone"),
    ],
)
def test_the_first_row_that_fits_decides(kind: Kind, facts: set[Fact], outcome: Outcome, reason: str | None) -> None:
    row = decide(kind, facts)
    assert row.outcome is outcome
    assert reason in {None, row.reason}


@pytest.mark.parametrize("kind", list(Kind))
def test_there_is_always_a_row(kind: Kind) -> None:
    for facts in chain.from_iterable(combinations(Fact, size) for size in range(len(Fact) + 1)):
        assert decide(kind, set(facts)) in TABLES[kind]


def test_an_account_is_made_wherever_the_legacy_password_stays() -> None:
    assert sorted(CREATED) == ["E1", "E3", "E4", "P1", "P3"]
