"""A part of an answer, for players of sound that ask for bytes from here to there (RFC 9110 §14)."""

import re

from django.http import HttpResponse

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def part_of(whole: HttpResponse, wanted: str) -> HttpResponse:
    """Return the part of `whole` that the header `Range: wanted` asks for; `whole` itself when it asks for none.

    One range is understood. Several, or another unit, may be ignored, and are.
    """
    whole.headers["Accept-Ranges"] = "bytes"
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or found.groups() == ("", ""):
        return whole
    length = len(whole.content)
    first, last = _bounds(found[1], found[2], length)
    if not 0 <= first <= last:
        whole.status_code, whole.content = 416, b""
        whole.headers["Content-Range"] = f"bytes */{length}"
        return whole
    whole.status_code, whole.content = 206, whole.content[first : last + 1]
    whole.headers["Content-Range"] = f"bytes {first}-{last}/{length}"
    return whole


def _bounds(first: str, last: str, length: int) -> tuple[int, int]:
    """Return the first and the last byte; the first comes after the last where nothing is left to send."""
    if not first:  # the last so many bytes
        return max(0, length - int(last)), length - 1
    return int(first), min(int(last or length), length - 1)
