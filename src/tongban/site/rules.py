"""What a notice is, and how a file of notices reads. No database."""

import re
from dataclasses import dataclass
from datetime import datetime

from tongban.site.errors import InvalidNotices

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEYS = frozenset({"slug", "title", "published_at", "body"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEntry:
    """One notice as a file describes it. `body` is plain text, paragraphs parted by empty lines."""

    slug: str
    title: str
    published_at: datetime
    body: str


def parse_notices(data: object) -> list[NoticeEntry]:
    """Return the notices of a file's JSON value, `{"notices": [{slug, title, published_at, body}, …]}`.

    Raises `InvalidNotices` at the first wrong place. `published_at` is ISO 8601 with an offset.
    """
    if not isinstance(data, dict) or data.keys() != {"notices"} or not isinstance(data["notices"], list):
        raise InvalidNotices(place="file", problem='expected {"notices": [...]}')
    entries = [_entry(item, place=f"notices[{number}]") for number, item in enumerate(data["notices"])]
    slugs = [entry.slug for entry in entries]
    for number, slug in enumerate(slugs):
        if slug in slugs[:number]:
            raise InvalidNotices(place=f"notices[{number}].slug", problem=f"{slug} appears twice")
    return entries


def _entry(item: object, *, place: str) -> NoticeEntry:
    if not isinstance(item, dict) or item.keys() != _KEYS:
        raise InvalidNotices(place=place, problem=f"expected exactly {', '.join(sorted(_KEYS))}")
    for key, value in item.items():
        if not isinstance(value, str) or not value.strip():
            raise InvalidNotices(place=f"{place}.{key}", problem="expected text")
    if not _SLUG.fullmatch(item["slug"]):
        raise InvalidNotices(place=f"{place}.slug", problem=f"must match {_SLUG.pattern}")
    return NoticeEntry(
        slug=item["slug"],
        title=item["title"].strip(),
        published_at=_moment(item["published_at"], place=f"{place}.published_at"),
        body=item["body"].strip(),
    )


def _moment(text: str, *, place: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidNotices(place=place, problem=str(error)) from None
    if moment.tzinfo is None:
        raise InvalidNotices(place=place, problem="expected an offset, such as +08:00")
    return moment
