"""Whom the vendors' look-ups know, as data. A vendor's page is the source of each row; see docs/vendors.md."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongban.kernel.documents import DocumentKind
from tongban.kernel.uscc import UnitType, Uscc
from tongban.proofing.rules import Answer


@dataclass(frozen=True, slots=True)
class Coverage:
    """`documents`: of persons, and of legal representatives. `codes`: first two characters of the USCCs covered."""

    documents: frozenset[DocumentKind]
    unit_types: frozenset[UnitType]
    codes: frozenset[str]

    def knows(self, uscc: Uscc, representative: DocumentKind) -> bool:
        """Whether this unit can be asked about: the type it gives may be a slip, its code says who registered it."""
        return uscc.value[:2] in self.codes and representative in self.documents


RESIDENTS = frozenset({DocumentKind.RESIDENT_ID})
# 91 enterprises, 92 sole traders, 93 farmers' cooperatives: those with a business licence.
LICENSED = frozenset({"91", "92", "93"})
# Sole traders, cooperatives and law firms are no type of their own: they come as OTHER and are told by their code.
FOUR_ELEMENTS = frozenset({UnitType.ENTERPRISE, UnitType.OTHER})

IN_BUSINESS = "1"
"""开业（在营）. Both vendors use one table: 2 relocated, 3 deregistered, 4 and 5 revoked, 6 suspended, 0 other."""


def in_business(status: str) -> Answer:
    """Return what four elements that match mean for a unit of this status.

    One that is no longer in business may match all the same; whether it may act is for a person to judge.
    """
    return Answer.MATCH if status == IN_BUSINESS else Answer.NO_RECORD


def by_table(table: Mapping[str, Answer], code: object) -> Answer:
    """Return what a vendor's result `code` means; one that stands in no table is no answer."""
    return table.get(str(code), Answer.UNAVAILABLE)
