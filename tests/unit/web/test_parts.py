"""Parts of an answer, as players of sound ask for them."""

import pytest
from django.http import HttpResponse

from tongban.web.parts import part_of


def part(wanted: str) -> tuple[int, bytes, str | None]:
    answer = part_of(HttpResponse(b"0123456789"), wanted)
    assert answer["Accept-Ranges"] == "bytes"
    return answer.status_code, answer.content, answer.get("Content-Range")


@pytest.mark.parametrize(
    ("wanted", "content", "where"),
    [
        ("bytes=0-1", b"01", "bytes 0-1/10"),
        ("bytes=0-", b"0123456789", "bytes 0-9/10"),
        ("bytes=4-6", b"456", "bytes 4-6/10"),
        (" bytes=8-99 ", b"89", "bytes 8-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-99", b"0123456789", "bytes 0-9/10"),
    ],
)
def test_a_part_is_sent_with_its_place(wanted: str, content: bytes, where: str) -> None:
    assert part(wanted) == (206, content, where)


@pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=10-20", "bytes=6-4", "bytes=-0"])
def test_what_is_not_there_cannot_be_sent(wanted: str) -> None:
    assert part(wanted) == (416, b"", "bytes */10")


@pytest.mark.parametrize(
    "wanted", ["", "bytes=-", "bytes=a-b", "bytes=0-1,4-5", "pages=1-2", "bytes=" + "9" * 400 + "-", "bytes=٣-٤"]
)
def test_what_is_not_understood_gets_everything(wanted: str) -> None:
    assert part(wanted) == (200, b"0123456789", None)
