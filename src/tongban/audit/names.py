"""The catalogue of event names. A room declares its names as constants in its `events.py`."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise

from tongban.audit.errors import NameRefused

_SHAPE = re.compile(r"[a-z][a-z0-9_]*(:[a-z][a-z0-9_]*){2}")
_catalogue: dict[str, "Name"] = {}


@dataclass(frozen=True, slots=True)
class Name:
    """The name of one kind of event, `room:thing:what_happened`, and the sentence that explains it.

    Building one adds it to the catalogue; raises `NameRefused` when it is malformed or declared already.
    """

    name: str
    sentence: str | Promise

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.name):
            raise NameRefused(name=self.name, reason="malformed")
        if self.name in _catalogue:
            raise NameRefused(name=self.name, reason="taken")
        _catalogue[self.name] = self

    def __str__(self) -> str:
        return self.name


def catalogue() -> list[Name]:
    """Return every declared name, in alphabetical order."""
    return [_catalogue[name] for name in sorted(_catalogue)]
