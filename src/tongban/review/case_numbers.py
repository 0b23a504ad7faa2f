"""Case numbers: TB-2026-8F3K-7Q2M. Random, so that none can be guessed from another; the last character checks them.

The alphabet has no characters that people mistake for each other (0 O, 1 I L, U V) and a prime number of them, 29.
The check is a weighted sum modulo 29 with weights that differ: it finds every single wrong character and every swap.
"""

import re
import secrets
from datetime import datetime

from django.utils.timezone import localtime

from tongban.kernel import normalise
from tongban.review.errors import NumberMalformed

ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
PREFIX = "TB"
LENGTH = len("TB-2026-8F3K-7Q2M")
_RANDOM = 7  # characters: 17 thousand million numbers a year
_SHAPE = re.compile(rf"{PREFIX}(\d{{4}})([{ALPHABET}]{{{_RANDOM}}})([{ALPHABET}])")


def new(at: datetime) -> str:
    """Return a fresh number for a case opened at `at`."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM))
    year = str(localtime(at).year)
    return _written(year, random + _check(year, random))


def parse(raw: str) -> str:
    """Return the number in `raw`, however it was spaced and cased; raises `NumberMalformed`."""
    found = _SHAPE.fullmatch(normalise.identifier(raw))
    if not found or _check(found[1], found[2]) != found[3]:
        raise NumberMalformed
    return _written(found[1], found[2] + found[3])


def _check(year: str, random: str) -> str:
    values = [*map(int, year), *map(ALPHABET.index, random)]
    return ALPHABET[sum(weight * value for weight, value in enumerate(values, start=2)) % len(ALPHABET)]


def _written(year: str, tail: str) -> str:
    return f"{PREFIX}-{year}-{tail[:4]}-{tail[4:]}"
