"""What a notice is, and how a file of notices reads. No database."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from tongban.design import translations
from tongban.design.spoken import Translations, other_codes
from tongban.site.errors import InvalidNotices

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEYS = frozenset({"slug", "title", "published_at", "body"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEntry:
    """One notice as a file describes it. `body` is plain text, paragraphs parted by empty lines.

    `translations` are title and body in other languages.
    """

    slug: str
    title: str
    published_at: datetime
    body: str
    translations: Translations = field(default_factory=dict)


def parse_notices(data: object) -> list[NoticeEntry]:
    """Return the notices of a file's JSON value, `{"notices": [{slug, title, published_at, body}, …]}`.

    Each may carry title and body in other languages, `"en": {title, body}`. `published_at` is ISO 8601 with an
    offset. Raises `InvalidNotices` at the first wrong place.
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
    if not isinstance(item, dict) or item.keys() - set(other_codes()) != _KEYS:
        raise InvalidNotices(place=place, problem=f"expected exactly {', '.join(sorted(_KEYS))}")
    for key in sorted(_KEYS):
        if not isinstance(item[key], str) or not item[key].strip():
            raise InvalidNotices(place=f"{place}.{key}", problem="expected text")
    if not _SLUG.fullmatch(item["slug"]):
        raise InvalidNotices(place=f"{place}.slug", problem=f"must match {_SLUG.pattern}")
    texts = {key: item[key].strip() for key in ("title", "body")}
    return NoticeEntry(
        slug=item["slug"],
        published_at=_moment(item["published_at"], place=f"{place}.published_at"),
        translations=translations.read(item, originals=texts, place=place, wrong=_wrong),
        **texts,
    )


def _wrong(place: str, problem: str) -> InvalidNotices:
    return InvalidNotices(place=place, problem=problem)


def _moment(text: str, *, place: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidNotices(place=place, problem=str(error)) from None
    if moment.tzinfo is None:
        raise InvalidNotices(place=place, problem="expected an offset, such as +08:00")
    return moment
