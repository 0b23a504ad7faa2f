"""Names of persons and units: as their documents write them, and as two writings of one name are compared."""

import re
import unicodedata
from dataclasses import dataclass

from tongban.kernel import normalise
from tongban.kernel.errors import Invalid
from tongban.kernel.masking import mask_name

PERSON_NAME_MAXIMUM = 100
UNIT_NAME_MAXIMUM = 200

# Keyboards have many middle dots (bullet, Japanese dot, hyphenation point, dot operators, one in the Greek and one
# in the Runic block); documents print U+00B7.
_DOTS = re.compile("[\u00b7\u2022\u2027\u2219\u22c5\u30fb\u16eb\u25cf\u318d]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u0060\u00b4\u2032]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_HAS_HAN = re.compile(f"[{_HAN}]")
_SPACE_IN_HAN = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_SPACE_AT_BRACKET = re.compile("(?<=[()]) | (?=[()])")
_DOT_IN_HAN = re.compile(f"(?<=[{_HAN}])\\.(?=[{_HAN}])")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_PERSON_PUNCTUATION = frozenset(" ·-'.")
_UNIT_PUNCTUATION = frozenset(" ()·-—–&'\".,、“”‘’《》〈〉【】〔〕+/:!?#@%*°№_~")


@dataclass(frozen=True, slots=True, repr=False)
class PersonName:
    """A person's name in any script, joined parts by U+00B7, without space between Chinese characters."""

    value: str

    @classmethod
    def parse(cls, raw: str) -> "PersonName":
        """Return the name in `raw`; raises `Invalid` (`person_name.…`)."""
        name = _tidy(normalise.text(raw)).strip(" ·-.")
        if not name:
            raise Invalid("person_name.empty")
        if len(name) > PERSON_NAME_MAXIMUM:
            raise Invalid("person_name.too_long", length=len(name), maximum=PERSON_NAME_MAXIMUM)
        for position, character in enumerate(name, start=1):
            _check_in_person_name(position, character)
        if unicodedata.category(name[0]).startswith("M"):
            raise Invalid("person_name.character", position=1, character=name[0])
        if sum(map(_is_letter, name)) < 2:
            raise Invalid("person_name.too_short")
        return cls(name)

    @property
    def masked(self) -> str:
        """The name as it may be shown: 张*."""
        return mask_name(self.value)

    @property
    def matching_key(self) -> str:
        """Equal for two writings of one name: case, dots, spaces, hyphens and glyph variants do not count."""
        return _key("".join(c for c in self.value if c not in _PERSON_PUNCTUATION))

    def __repr__(self) -> str:
        return f"PersonName({self.masked!r})"


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit's registered name. It is public, so it may be printed."""

    value: str

    @classmethod
    def parse(cls, raw: str) -> "UnitName":
        """Return the name in `raw`, in Chinese names with the full-width （） of certificates; raises `Invalid`."""
        name = _tidy(normalise.text(raw))
        if not name:
            raise Invalid("unit_name.empty")
        if len(name) > UNIT_NAME_MAXIMUM:
            raise Invalid("unit_name.too_long", length=len(name), maximum=UNIT_NAME_MAXIMUM)
        for position, character in enumerate(name, start=1):
            _check_in_unit_name(position, character)
        if sum(_is_letter(c) or c.isnumeric() for c in name) < 2:
            raise Invalid("unit_name.too_short")
        if _HAS_HAN.search(name):
            name = _SPACE_AT_BRACKET.sub("", name).replace("(", "（").replace(")", "）")
        return cls(name)

    @property
    def matching_key(self) -> str:
        """Equal for two writings of one name: case, spaces, full-width forms and kinds of quotes do not count."""
        plain = re.sub("[“”]", '"', normalise.text(self.value)).replace(" ", "")
        return _key(plain)


def _tidy(name: str) -> str:
    """Write the punctuation that names share in one way."""
    name = _APOSTROPHES.sub("'", _DASHES.sub("-", _DOTS.sub("·", name)))
    name = _DOT_IN_HAN.sub("·", _SPACE_IN_HAN.sub("", name))
    return re.sub(" ?·[ ·]*", "·", name)


def _key(name: str) -> str:
    bare = _VARIATION_SELECTORS.sub("", name)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", bare).casefold())


def _is_letter(character: str) -> bool:
    # Han characters newer than the interpreter's Unicode tables count too: people have them in their names. 〇 is
    # a number to Unicode and a given name in China.
    return unicodedata.category(character).startswith("L") or bool(_HAS_HAN.match(character))


def _check_in_person_name(position: int, character: str) -> None:
    if _is_letter(character) or _is_mark(character) or character in _PERSON_PUNCTUATION:
        return
    if unicodedata.category(character) == "Co":
        raise Invalid("person_name.private_use", position=position)
    if character.isnumeric():
        raise Invalid("person_name.digit", position=position, character=character)
    raise Invalid("person_name.character", position=position, character=character)


def _check_in_unit_name(position: int, character: str) -> None:
    if _is_letter(character) or _is_mark(character) or character.isnumeric() or character in _UNIT_PUNCTUATION:
        return
    if unicodedata.category(character) == "Co":
        raise Invalid("unit_name.private_use", position=position)
    raise Invalid("unit_name.character", position=position, character=character)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
