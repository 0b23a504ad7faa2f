"""Texts that the operator writes, in the language that is spoken as far as the operator gave them in it.

What a file or a setting leaves untranslated is shown in the source language, which templates mark (`lang_of`).
"""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.db import models

from tongban.design.display import TAGS, spoken_language

Translations = dict[str, dict[str, Any]]
"""Language code → name of a field → the field's text, or texts, in that language."""


class Said:
    """The fields of a row in the language spoken now: `service.said.name`."""

    def __init__(self, row: "Translated") -> None:
        self._row = row
        self._texts = row.translations.get(spoken_language(), {})

    def __getattr__(self, field: str) -> Any:
        """Return the field's text, or its texts; where the row's translation has none, as they are in the row."""
        return _say(getattr(self._row, field), self._texts.get(field))


class Translated(models.Model):
    """A row with texts that may have translations."""

    translations: "models.JSONField[Translations, Translations]" = models.JSONField(
        default=dict, blank=True, help_text="Texts in other languages, as their file has them."
    )

    class Meta:
        abstract = True

    @property
    def said(self) -> Said:
        """The row's texts in the language spoken now."""
        return Said(self)


def other_codes() -> tuple[str, ...]:
    """Return the codes of the languages in which translations can be given."""
    return tuple(code for code in TAGS if code != settings.LANGUAGE_CODE)


def site_text(text: str) -> str:
    """Return a text of the settings about the site, such as SITE_NAME, in the language spoken now."""
    english: str = settings.SITE_IN_ENGLISH.get(text, text)
    return english if spoken_language() == "en" else text


def _say(original: Any, translation: Any) -> Any:
    if isinstance(original, str):
        return translation or original
    if isinstance(original, Mapping):
        return {key: _say(value, (translation or {}).get(key)) for key, value in original.items()}
    return [_say(one, other) for one, other in zip_longest(original, (translation or [])[: len(original)])]
