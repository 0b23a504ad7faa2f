"""The exact bytes that are signed: one canonical form, so that a row read back years later gives the same digest."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tongban.audit.errors import FactRefused

JsonScalar = str | int | bool | None
NO_MAC = "0" * 64
"""Stands where there is no predecessor (first seal) or no event (it vanished before it was sealed)."""

_LONGEST_FACT = 500
# A mobile number or a resident identity number standing alone, not inside a longer word such as a UUID or a digest.
_PERSONAL = re.compile(r"(?<![\w-])(?:\+?86)?1[3-9]\d{9}(?![\w-])|(?<![\w-])\d{17}[\dXx](?![\w-])")


def check_facts(facts: Mapping[str, JsonScalar]) -> dict[str, JsonScalar]:
    """Return `facts` as a dict; raises `FactRefused` for a value that is personal data or not kept exactly by JSON.

    Floating point numbers are refused: their text differs between databases, and the digest is over text.
    """
    for name, value in facts.items():
        if value is not None and not isinstance(value, str | int):
            raise FactRefused(fact=name, reason="type")
        if isinstance(value, str):
            _check_text(name, value)
    return dict(facts)


def _check_text(name: str, value: str) -> None:
    if len(value) > _LONGEST_FACT:
        raise FactRefused(fact=name, reason="length")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise FactRefused(fact=name, reason="character")
    if _PERSONAL.search(value):
        raise FactRefused(fact=name, reason="personal")


def canonical(fields: Mapping[str, Any]) -> bytes:
    """Return the one JSON text of `fields`: sorted names, no spaces, ASCII, times in UTC with microseconds."""
    return _ENCODER.encode(fields).encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain)
