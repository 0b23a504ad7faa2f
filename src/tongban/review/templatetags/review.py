"""`{% load review %}`: show what people typed so that it can deceive nobody."""

import unicodedata

from django import template

from tongban.design.labels import Text
from tongban.review import labels, queries
from tongban.review.case_queue import kind_title
from tongban.review.models import Case
from tongban.review.rules import CaseState

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


@register.filter
def case_title(case: Case) -> Text:
    """Return what the kind of case is called."""
    return kind_title(case.kind)


@register.inclusion_tag("design/components/status_tag.html")
def case_state(case: Case) -> dict[str, Text]:
    """Draw the state of a case as its person reads it."""
    return {"kind": labels.STATE_KINDS[CaseState(case.state)], "text": queries.state_text(case)}
