"""How the operator's files carry texts in other languages: beside a text's own key, `"en": {the same keys}`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tongban.design.spoken import Translations, other_codes

Wrong = Callable[[str, str], Exception]
"""Makes the error for a place such as `services[2].en.steps[1]` and what is wrong there."""


def read(item: Mapping[str, Any], *, originals: Mapping[str, Any], place: str, wrong: Wrong) -> Translations:
    """Return the translations that one object of a file carries.

    `originals` are the texts there are to translate: strings, lists of texts, objects of texts. A text without a
    translation is left out, or is an empty string where the original is one; a list is translated as a whole, so that
    no sentence takes the place of another. Raises what `wrong` makes of the first wrong place.
    """
    given = {code: item[code] for code in other_codes() if code in item}
    read_ = _Reader(wrong)
    return {code: read_.texts(originals, texts, f"{place}.{code}".lstrip(".")) for code, texts in given.items()}


def every_text(value: Any) -> Iterator[str]:
    """Yield every string in `value`, however deep; what a search looks at."""
    if isinstance(value, str):
        yield value
    else:
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from every_text(one)


class _Reader:
    def __init__(self, wrong: Wrong) -> None:
        self._wrong = wrong

    def texts(self, originals: Mapping[str, Any], texts: object, place: str) -> dict[str, Any]:
        if not isinstance(texts, Mapping):
            raise self._wrong(place, "expected an object")
        for key in texts:
            if key not in originals:
                raise self._wrong(f"{place}.{key}", "unknown key")
        read = {key: self._text(originals[key], text, f"{place}.{key}") for key, text in texts.items()}
        return {key: text for key, text in read.items() if text}

    def _text(self, original: Any, text: object, place: str) -> Any:
        if isinstance(original, Mapping):
            return self.texts(original, text, place)
        if isinstance(original, list):
            return self._list(original, text, place)
        if not isinstance(text, str):
            raise self._wrong(place, "expected text")
        if not original and text.strip():
            raise self._wrong(place, "there is no text to translate")
        if original and not text.strip():
            raise self._wrong(place, "must not be empty; leave out what is not translated")
        return text.strip()

    def _list(self, original: list[Any], texts: object, place: str) -> list[Any]:
        if not isinstance(texts, list):
            raise self._wrong(place, "expected a list")
        if len(texts) != len(original):
            raise self._wrong(place, f"expected {len(original)} entries as in the original, not {len(texts)}")
        return [
            self._text(one, text, f"{place}[{at}]") for at, (one, text) in enumerate(zip(original, texts, strict=True))
        ]
