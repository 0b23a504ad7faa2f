"""How a message of ours is put into a template that was registered with a vendor: one for each language."""

import re
from collections.abc import Callable, Iterator, Mapping

from django.conf import settings
from django.utils import translation

from tongban.design import display
from tongban.notify.provider import SmsProvider
from tongban.notify.templates import TEMPLATES
from tongban.notify.templates import template as find_template

_LINK = "link"
_BLANK = re.compile(r"%\((\w+)\)s")


def registered_name(template: str, language: str) -> str:
    """Return the name under which a setting lists the vendor's template: `register`, in English `register.en`."""
    return template if language == settings.LANGUAGE_CODE else f"{template}.{language}"


def language_of(vendor: SmsProvider, template: str, language: str) -> str:
    """Return the language in which `vendor` can send it: Chinese where it has no template in `language`."""
    wanted = display.known_language(language)
    table = getattr(vendor, "templates", None)
    if table is None or registered_name(template, wanted) in getattr(settings, table):
        return wanted
    return settings.LANGUAGE_CODE


def to_register() -> Iterator[tuple[str, str]]:
    """Yield template and language of every SMS, Chinese first: what vendors are to register."""
    names = sorted(name for name, template in TEMPLATES.items() if template.sms)
    for language in sorted(display.TAGS, key=lambda code: code != settings.LANGUAGE_CODE):
        for name in names:
            yield name, language


def values(params: Mapping[str, str]) -> dict[str, str]:
    """Return `params` as a vendor takes them: vendors refuse addresses in blanks, so a link is what follows ADDRESS.

    The registered template says `https://fuwu.example/` itself, and the blank behind it.
    """
    return {name: value.removeprefix(f"{settings.ADDRESS}/") for name, value in params.items()}


def in_order(template: str, language: str, params: Mapping[str, str]) -> list[str]:
    """Return the values in the order their blanks first stand in that text, for vendors that number blanks."""
    filled = values(params)
    return [filled[name] for name in _blanks(_text(template, language))]


def with_names(template: str, language: str) -> str:
    """Return the text to register with a vendor that names blanks: ${code}."""
    return _registered(template, language, lambda name, _number: f"${{{name}}}")


def with_numbers(template: str, language: str) -> str:
    """Return the text to register with a vendor that numbers blanks: {1}."""
    return _registered(template, language, lambda _name, number: f"{{{number}}}")


def _registered(template: str, language: str, blank: Callable[[str, int], str]) -> str:
    text = _text(template, language)
    numbers = {name: number for number, name in enumerate(_blanks(text), start=1)}

    def filled(found: re.Match[str]) -> str:
        name = found.group(1)
        before = f"{settings.ADDRESS}/" if name == _LINK else ""
        return before + blank(name, numbers[name])

    return _BLANK.sub(filled, text)


def _text(template: str, language: str) -> str:
    with translation.override(language):
        return str(find_template(template).sms)


def _blanks(text: str) -> list[str]:
    return list(dict.fromkeys(_BLANK.findall(text)))
