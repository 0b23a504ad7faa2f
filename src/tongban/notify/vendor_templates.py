"""How a message of ours is put into a template that was registered with a vendor."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.utils import translation

from tongban.notify.templates import template as find_template

_BLANK = re.compile(r"%\((\w+)\)s")


def values(params: Mapping[str, str]) -> dict[str, str]:
    """Return `params` as a vendor takes them: vendors refuse addresses in blanks, so a link is what follows ADDRESS.

    The registered template says `https://fuwu.example/` itself, and the blank behind it.
    """
    return {name: value.removeprefix(f"{settings.ADDRESS}/") for name, value in params.items()}


def in_order(template: str, params: Mapping[str, str]) -> list[str]:
    """Return the values in the order their blanks first stand in our Chinese text, for vendors that number blanks."""
    with translation.override("zh-hans"):
        names = dict.fromkeys(_BLANK.findall(str(find_template(template).sms)))
    filled = values(params)
    return [filled[name] for name in names]
