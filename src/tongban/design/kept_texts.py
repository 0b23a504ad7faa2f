"""Texts that are stored now and read later, perhaps by somebody who reads another language than whoever caused them.

A text of ours (a lazy translation) is kept as what stands in the code, behind a mark that nobody can type, and is said
in the language that is spoken when it is read. What people typed is kept as they typed it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from tongban.design import display
from tongban.design.labels import Text
from tongban.design.wording import listed

Param = Text | Mapping[str, str] | Sequence["Text | Mapping[str, str]"]
"""What a message may hold in a blank: a text, one by language where somebody wrote it in several, or a list of them."""
Kept = str | Mapping[str, str] | list["str | Mapping[str, str]"]
"""The same as JSON has it."""
T = TypeVar("T")
_MARK = "\x1f"
_BEHIND = 1


def keep(text: Text) -> str:
    """Return `text` as it is stored; raises `ValueError` for a lazy text that is more than one translation."""
    if not isinstance(text, Promise):
        return text
    with translation.override(None):
        source = str(text)
    for code, words in said_in_every_language(text).items():
        with translation.override(code):
            if gettext(source) != words:
                raise ValueError(source)
    return _MARK + source


def said(kept: str) -> str:
    """Return what was kept, in the language that is spoken now."""
    source = kept[_BEHIND:] if kept.startswith(_MARK) else ""
    return gettext(source) if source else kept.removeprefix(_MARK)


def keep_param(param: Param) -> Kept:
    """Return what is stored of a blank's content."""
    if isinstance(param, str | Promise):
        return keep(param)
    if isinstance(param, Mapping):
        return dict(param)
    return [dict(one) if isinstance(one, Mapping) else keep(one) for one in param]


def said_param(kept: Kept) -> str:
    """Return what stands in the blank, in the language that is spoken now."""
    if isinstance(kept, str):
        return said(kept)
    if isinstance(kept, Mapping):
        return kept.get(get_language() or "") or kept[settings.LANGUAGE_CODE]
    return listed(said_param(one) for one in kept)


def said_in_every_language(text: Text) -> dict[str, str]:
    """Return what `text` says, by the code of the language."""
    return by_language(lambda: str(text))


def by_language(make: Callable[[], T]) -> dict[str, T]:
    """Return what `make` makes while each language is spoken, by its code."""
    every = {}
    for code in display.TAGS:
        with translation.override(code):
            every[code] = make()
    return every


def in_every_language(texts: Mapping[str, str]) -> Text | Mapping[str, str]:
    """Return one text where `texts`, by language, all say the same."""
    source = texts[settings.LANGUAGE_CODE]
    return source if set(texts.values()) == {source} else texts
