"""`{% load review %}`: show what people typed so that it can deceive nobody."""

import unicodedata

from django import template

register = template.Library()
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


@register.filter
def plainly(value: object) -> str:
    """Return a text with every invisible, private or direction-changing character written out: ⟨U+202E⟩.

    Line breaks stay. Markup is the template's to escape, as always.
    """
    return "".join(_drawn(character) for character in str(value))


def _drawn(character: str) -> str:
    hidden = character != "\n" and unicodedata.category(character) in _INVISIBLE
    return f"⟨U+{ord(character):04X}⟩" if hidden else character
