"""A sealed text as the rest of the platform holds it: it moves, it never prints itself."""

import logging
from dataclasses import dataclass, field
from typing import Never, Self

from tongban.vault import sealing
from tongban.vault.errors import Erased, NotSealed, PurposeRefused
from tongban.vault.purposes import Purpose

log = logging.getLogger("tongban.vault.reveal")
ERASED = b"\x00erased"
"""What stands in the database in place of an erased value."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is sealed for: the field's `context` and the row's primary key; and what it may be revealed for."""

    context: str
    row: str
    purposes: frozenset[Purpose] = field(default=frozenset(Purpose), compare=False)


class Sealed:
    """A text that only `reveal` shows. `Sealed.of(text)` makes one; a model field gives it its place on saving."""

    __slots__ = ("_ciphertext", "_place", "_text")

    def __init__(self, *, text: str | None = None, ciphertext: bytes = b"", place: Place | None = None) -> None:
        self._text = text
        self._ciphertext = ciphertext
        self._place = place

    @classmethod
    def of(cls, text: str) -> "Sealed":
        """Return `text` as a value that has no place yet."""
        return cls(text=text)

    @property
    def erased(self) -> bool:
        """Whether the value was erased."""
        return self._ciphertext == ERASED

    def reveal(self, purpose: Purpose) -> str:
        """Return the text, for one purpose. Raises `Erased`, `PurposeRefused`, `Tampered` or `KeyUnknown`."""
        if self._place is not None:
            if purpose not in self._place.purposes and purpose is not Purpose.REENCRYPT:
                raise PurposeRefused(context=self._place.context, purpose=purpose.value)
            log.info("%s of row %s revealed to %s", self._place.context, self._place.row, purpose.value)
        return self._open()

    def at(self, place: Place) -> "Sealed":
        """Return the same text sealed for `place`; itself when it stands there already."""
        if self._place == place and self._ciphertext:
            return self
        return self.erased_at(place) if self.erased else self._seal_at(place)

    def renewed(self) -> "Sealed":
        """Return the same text, at the same place, under the current key. Raises as `reveal` does."""
        if self._place is None:
            raise NotSealed(reason="no place")
        return self._seal_at(self._place)

    @classmethod
    def erased_at(cls, place: Place) -> "Sealed":
        """Return what stands at `place` once its value is erased."""
        return cls(ciphertext=ERASED, place=place)

    def read_at(self, place: Place) -> "Sealed":
        """Return this value, just read from the database, as one that stands at `place`."""
        return self if self._place or self._text is not None else Sealed(ciphertext=self._ciphertext, place=place)

    def ciphertext(self) -> bytes:
        """Return the bytes for the database; raises `NotSealed` for a value without a place."""
        if not self._ciphertext:
            raise NotSealed(reason="no place")
        return self._ciphertext

    def _seal_at(self, place: Place) -> "Sealed":
        return Sealed(ciphertext=sealing.seal(self._open().encode(), context=place.context, row=place.row), place=place)

    def _open(self) -> str:
        if self._text is not None:
            return self._text
        if self._place is None:
            raise NotSealed(reason="no place")
        if self.erased:
            raise Erased(context=self._place.context)
        return sealing.open_sealed(self._ciphertext, context=self._place.context, row=self._place.row).decode()

    def __repr__(self) -> str:
        return "<Sealed>"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> Never:
        raise NotSealed(reason="pickle")
