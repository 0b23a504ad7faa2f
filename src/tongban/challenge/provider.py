"""What a kind of human check has to offer. The room keeps the life cycle of a check; a provider only poses it.

A check has two forms, one to be seen and one to be heard. Where HUMAN_CHECK names a puzzle for the browser's script,
a check may be such a puzzle instead, and the two forms are for everybody whose browser does not solve it.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from tongban.design.human_check import Puzzle


@dataclass(frozen=True, slots=True)
class Shown:
    """What is sent to the browser: a picture, a sound, a puzzle for a script."""

    media_type: str
    body: bytes


class HumanCheckProvider(Protocol):
    """A kind of human check. Stateless: every check's secret is kept by the room, sealed.

    `needs_script`: it is solved by the browser's script, not by a person.
    """

    needs_script: bool

    def secret(self) -> str:
        """Return a fresh secret, normalised."""
        ...

    def show(self, secret: str, *, seed: str) -> Shown:
        """Return `secret` in a form that a person understands and a machine does not, or only at a price.

        `seed` is another one for every check: what browsers fetch in parts is the same whenever the seed is the same.
        """
        ...

    def normalise(self, answer: str) -> str:
        """Return an answer in the form that equals the secret when it is right."""
        ...


def seen() -> HumanCheckProvider:
    """Return what people see: the kind that HUMAN_CHECK names, unless that is a puzzle for scripts."""
    named = made(settings.HUMAN_CHECK)
    return made(settings.HUMAN_CHECK_WITHOUT_SCRIPT) if named.needs_script else named


def heard() -> HumanCheckProvider:
    """Return what people hear instead."""
    return made(settings.HUMAN_CHECK_AUDIO)


def puzzle() -> HumanCheckProvider | None:
    """Return the puzzle for scripts, if HUMAN_CHECK names one."""
    named = made(settings.HUMAN_CHECK)
    return named if named.needs_script else None


def offered() -> Puzzle | None:
    """Return where the script of a page finds the puzzle and its solver, if HUMAN_CHECK names one."""
    return Puzzle(reverse("challenge:puzzle"), "challenge/altcha.js") if puzzle() else None


def made(name: str) -> HumanCheckProvider:
    """Return the provider called `name`, a dotted path."""
    provider: HumanCheckProvider = import_string(name)()
    return provider
