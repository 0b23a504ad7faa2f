"""Pure rules of the room: what becomes of a legacy account.

Each kind of legacy account has a table; the first row that fits decides. The tables are data: the database applies
them to whole files (`deciding`), tests apply them to single cases.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

MANDATE_RULE = "torch-transfer"
"""By this name the room of mandates knows the rule that grants them to the holder of a unit's legacy account."""
RESERVED_PREFIX = "HJ_"
"""Stands before the login name of whoever is brought over when somebody else here has the name already."""


class Kind(StrEnum):
    """Units log in on the legacy platform with their USCC, persons with their phone."""

    UNIT = "unit"
    PERSON = "person"


class Outcome(StrEnum):
    """What became of a legacy account; E are units (enterprises), P are persons."""

    E1 = "E1"
    """The unit keeps its login name and its password, as a legal account."""
    E2 = "E2"
    """The unit has a legal account here already."""
    E3 = "E3"
    """The unit's login name is held by another account: it gets the reserved prefix; the password stays."""
    E4 = "E4"
    """The unit is verified here under another login name: the legacy account becomes a natural person's."""
    P1 = "P1"
    """The person keeps login name and password."""
    P2 = "P2"
    """The person has an account here already, under this login name."""
    P3 = "P3"
    """The person's login name is held by somebody else: it gets the reserved prefix; the password stays."""
    P4 = "P4"
    """The person is verified here under a login name of their own: no account is made."""


CREATED = frozenset({Outcome.E1, Outcome.E3, Outcome.E4, Outcome.P1, Outcome.P3})
"""Outcomes for which an account is made."""
LEGAL = frozenset({Outcome.E1, Outcome.E3})
"""Those of them whose account is a legal person's."""


class Fact(StrEnum):
    """What the platform knows about a legacy account's login name, unit or phone at the moment of the decision."""

    NAME_HELD = "name_held"
    """An account of the realm has the login name."""
    BOUND_HERE = "bound_here"
    """The account with the login name is verified for this unit."""
    BOUND_ELSEWHERE = "bound_elsewhere"
    """An account with another login name is verified for this unit; or is a verified person's who proved the phone."""
    CLAIMED_WITH_PHONE = "claimed_with_phone"
    """The account with the login name claims this unit and has proved the legacy account's phone."""
    PHONE_PROVED_HERE = "phone_proved_here"
    """The account with the login name has proved the phone."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: it fits when every fact of `given` holds and none of `without` does."""

    outcome: Outcome
    reason: str
    given: frozenset[Fact] = frozenset()
    without: frozenset[Fact] = frozenset()

    def fits(self, facts: AbstractSet[Fact]) -> bool:
        """Return whether the row fits the facts."""
        return self.given <= facts and self.without.isdisjoint(facts)


TABLES: dict[Kind, tuple[Row, ...]] = {
    Kind.UNIT: (
        Row(Outcome.E2, "verified_here", given=frozenset({Fact.BOUND_HERE})),
        Row(Outcome.E4, "verified_under_another_name", given=frozenset({Fact.BOUND_ELSEWHERE})),
        Row(Outcome.E2, "same_unit_and_phone", given=frozenset({Fact.CLAIMED_WITH_PHONE})),
        Row(Outcome.E1, "name_free", without=frozenset({Fact.NAME_HELD})),
        Row(Outcome.E3, "name_held"),
    ),
    Kind.PERSON: (
        Row(
            Outcome.P4,
            "verified_under_another_name",
            given=frozenset({Fact.BOUND_ELSEWHERE}),
            without=frozenset({Fact.NAME_HELD}),
        ),
        Row(Outcome.P1, "name_free", without=frozenset({Fact.NAME_HELD})),
        Row(Outcome.P2, "same_phone", given=frozenset({Fact.PHONE_PROVED_HERE})),
        Row(Outcome.P3, "name_held"),
    ),
}


def decide(kind: Kind, facts: AbstractSet[Fact]) -> Row:
    """Return the first row of the kind's table that fits; the last row always does."""
    return next(row for row in TABLES[kind] if row.fits(facts))
