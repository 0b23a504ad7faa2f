"""Words of several languages: lists of things, labels inside sentences, and what people wrote in Chinese."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext

from tongban.design.labels import Text

_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""Characters that only Chinese texts have: Han, and full-width punctuation."""


def listed(things: Iterable[Text]) -> str:
    """Return the things as one text in the language that is spoken now: `甲、乙`, `one, two`."""
    return pgettext("between two things of a list", "、").join(str(thing) for thing in things)


def inside(label: Text) -> Text:
    """Return a label as it stands inside a sentence, when it is drawn: in English without its first capital.

    An abbreviation keeps its capitals: `SMS code`. A label that begins with a name would have to keep its own;
    labels name things, so there is none.
    """
    return _inside(label)


def by_name(choices: Mapping[str, Text]) -> list[tuple[str, Text]]:
    """Return choices by their names as they are shown. In Chinese they stay: their order was chosen for it."""
    if is_chinese_spoken():
        return list(choices.items())
    return sorted(choices.items(), key=lambda choice: _without_accents(str(choice[1])))


def is_foreign(text: object) -> bool:
    """Return whether what somebody wrote is Chinese while the page speaks another language: `lang` has to say so."""
    return not is_chinese_spoken() and bool(_CHINESE.search(str(text)))


def _without_accents(name: str) -> str:
    """Return the name as it is alphabetised: Côte d'Ivoire before Croatia."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def is_chinese_spoken() -> bool:
    """Return whether what is drawn now is drawn in Chinese."""
    return get_language() in {settings.LANGUAGE_CODE, None}


def _lower_first(label: Text) -> str:
    text = str(label)
    if get_language() != "en" or text[1:2].isupper():
        return text
    return text[:1].lower() + text[1:]


_inside = lazy(_lower_first, str)
