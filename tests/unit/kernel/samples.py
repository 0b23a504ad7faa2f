"""Identifiers made up by the rules of their standards, for property-based tests."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest
from hypothesis import strategies as st

from tongban.kernel import check_characters
from tongban.kernel.errors import CODES, Invalid
from tongban.kernel.regions import PROVINCES
from tongban.kernel.registering_authorities import AUTHORITIES

T = TypeVar("T")
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
"""Noon in Beijing on the day on which these tests are played."""

provinces = st.sampled_from(sorted(PROVINCES))
birth_dates = st.dates(date(1900, 1, 1), NOON.date()).map(lambda day: f"{day:%Y%m%d}")


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def numbers_18(prefixes: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Numbers of the 18-character scheme whose first six digits are drawn from `prefixes`."""
    bodies = st.tuples(prefixes, birth_dates, digits(3)).map("".join)
    return bodies.map(lambda body: body + check_characters.mod_11_2(body))


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


resident_ids = numbers_18(_joined(provinces, digits(4)))
permanent_resident_ids_2023 = numbers_18(_joined(st.just("9"), provinces, digits(3)))
permanent_resident_ids_2017 = _joined(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3),
    provinces,
    digits(2),
    birth_dates.map(lambda day: day[2:]),
    digits(1),
).map(lambda body: body + check_characters.travel_document(body))
_kinds_of_units = st.sampled_from([a + category for a, entry in AUTHORITIES.items() for category in entry.categories])
_organisation_codes = st.text(check_characters.USCC_ALPHABET, min_size=8, max_size=8)
usccs = _joined(
    _kinds_of_units, provinces, digits(4), _organisation_codes.map(lambda c: c + check_characters.organisation(c))
).map(lambda body: body + check_characters.uscc(body))


def typed(value: str) -> st.SearchStrategy[str]:
    """Ways in which people type `value`: small letters, full-width characters, blanks and hyphens."""
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in value)
    spaced = " ".join(value[i : i + 4] for i in range(0, len(value), 4))
    return st.sampled_from([value, value.lower(), full_width, spaced, f"\u200b {value}\n", value[:6] + "-" + value[6:]])


def accepted(parse: Callable[[str], T], raw: str) -> T | None:
    """What `parse` makes of `raw`, `None` when it refuses with a code that is on the list; fails on any other error."""
    try:
        return parse(raw)
    except Invalid as error:
        if error.code not in CODES:
            raise
        return None


def code_of(error: pytest.ExceptionInfo[Invalid]) -> str:
    return error.value.code
