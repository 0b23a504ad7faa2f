"""How a message of ours is put into a template that was registered with a vendor."""

import re
from collections.abc import Callable, Mapping

from django.conf import settings
from django.utils import translation

from tongban.notify.templates import template as find_template

_LINK = "link"
_BLANK = re.compile(r"%\((\w+)\)s")


def values(params: Mapping[str, str]) -> dict[str, str]:
    """Return `params` as a vendor takes them: vendors refuse addresses in blanks, so a link is what follows ADDRESS.

    The registered template says `https://fuwu.example/` itself, and the blank behind it.
    """
    return {name: value.removeprefix(f"{settings.ADDRESS}/") for name, value in params.items()}


def in_order(template: str, params: Mapping[str, str]) -> list[str]:
    """Return the values in the order their blanks first stand in our Chinese text, for vendors that number blanks."""
    filled = values(params)
    return [filled[name] for name in _blanks(_text(template))]


def with_names(template: str) -> str:
    """Return the text to register with a vendor that names blanks: ${code}."""
    return _registered(template, lambda name, _number: f"${{{name}}}")


def with_numbers(template: str) -> str:
    """Return the text to register with a vendor that numbers blanks: {1}."""
    return _registered(template, lambda _name, number: f"{{{number}}}")


def _registered(template: str, blank: Callable[[str, int], str]) -> str:
    text = _text(template)
    numbers = {name: number for number, name in enumerate(_blanks(text), start=1)}

    def filled(found: re.Match[str]) -> str:
        name = found.group(1)
        before = f"{settings.ADDRESS}/" if name == _LINK else ""
        return before + blank(name, numbers[name])

    return _BLANK.sub(filled, text)


def _text(template: str) -> str:
    with translation.override("zh-hans"):
        return str(find_template(template).sms)


def _blanks(text: str) -> list[str]:
    return list(dict.fromkeys(_BLANK.findall(text)))
