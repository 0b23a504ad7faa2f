"""Finding words in a small body of text, the same on every database: fold, then look for substrings.

Chinese has no spaces to split at and SQLite's LIKE folds only ASCII, so texts are folded before they are stored
and queries before they are compared. The bodies searched (services, notices, help) are hundreds of rows, not millions.
"""

import unicodedata
from dataclasses import dataclass

LONGEST_QUERY = 80
_BEFORE, _AFTER = 24, 72


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of an excerpt; `found` when it is what the person looked for."""

    text: str
    found: bool


def fold(text: str) -> str:
    """Return `text` as it is compared: full width made half, case folded."""
    return "".join(_fold_character(character) for character in text)


def terms(query: str) -> list[str]:
    """Return the folded words of `query`, longest first, without repetitions; all of them must be found."""
    return sorted(set(fold(query[:LONGEST_QUERY]).split()), key=lambda term: (-len(term), term))


def contains_all(folded: str, wanted: list[str]) -> bool:
    """Tell whether folded text contains every term (and there is one)."""
    return bool(wanted) and all(term in folded for term in wanted)


def excerpt(text: str, wanted: list[str]) -> list[Piece]:
    """Return the part of `text` around its first find, with every find in it marked."""
    folded, origin = _fold_with_origin(text)
    finds = [position for term in wanted if (position := folded.find(term)) >= 0]
    middle = origin[min(finds)] if finds else 0
    start, end = max(0, middle - _BEFORE), min(len(text), middle + _AFTER)
    pieces = mark(text[start:end], wanted)
    return [
        *([Piece("…", found=False)] if start else []),
        *pieces,
        *([Piece("…", found=False)] if end < len(text) else []),
    ]


def mark(text: str, wanted: list[str]) -> list[Piece]:
    """Cut `text` into pieces, those that match a term marked; joined they are `text` again."""
    folded, origin = _fold_with_origin(text)
    marked = [False] * len(text)
    for term in wanted:
        position = folded.find(term)
        while position >= 0:
            for index in range(position, position + len(term)):
                marked[origin[index]] = True
            position = folded.find(term, position + len(term))
    pieces: list[Piece] = []
    for character, found in zip(text, marked, strict=True):
        if pieces and pieces[-1].found == found:
            pieces[-1] = Piece(pieces[-1].text + character, found=found)
        else:
            pieces.append(Piece(character, found=found))
    return pieces


def _fold_character(character: str) -> str:
    return unicodedata.normalize("NFKC", character).casefold()


def _fold_with_origin(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, the index in `text` it came from."""
    folded, origin = [], []
    for index, character in enumerate(text):
        for part in _fold_character(character):
            folded.append(part)
            origin.append(index)
    return "".join(folded), origin
