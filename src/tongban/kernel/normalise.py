"""The one normalisation that everything typed goes through before any rule looks at it."""

import string
import unicodedata

_ASCII_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
# Letters, marks and symbols by category, yet drawn as nothing: grapheme joiner, Hangul fillers, Khmer inherent
# vowels, Braille blank.
_DRAWN_AS_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_CONTROLS = frozenset({"Cc", "Cf", "Cs"})


def text(raw: str) -> str:
    """Return `raw` in Unicode's NFKC form, without invisible characters, its runs of space made one blank, trimmed.

    Full-width letters, digits and punctuation become their plain forms. Zero-width, bidirectional and other
    control characters and lone surrogates vanish. Applying it twice changes nothing.
    """
    if raw.isascii() and raw.isprintable():
        return " ".join(raw.split())  # what most people type is in that form already
    visible = _visible(unicodedata.normalize("NFKC", _visible(raw)))
    return " ".join(unicodedata.normalize("NFKC", visible).split())


def identifier(raw: str) -> str:
    """Return `text(raw)` without spaces and dashes, the letters a to z made capital: the form of every number."""
    compact = "".join(c for c in text(raw) if c != " " and unicodedata.category(c) != "Pd" and c != "−")
    # What a blank kept apart may now compose, so the form is settled once more.
    return unicodedata.normalize("NFKC", compact.translate(_ASCII_UPPER))


def _visible(raw: str) -> str:
    return "".join(" " if c.isspace() else "" if _is_invisible(c) else c for c in raw)


def _is_invisible(character: str) -> bool:
    return character in _DRAWN_AS_NOTHING or unicodedata.category(character) in _CONTROLS
