"""What a kind of human check has to offer. The room keeps the life cycle of a check; a provider only poses it."""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Shown:
    """What is sent to the browser: a picture, a sound, a puzzle for a script."""

    media_type: str
    body: bytes


class HumanCheckProvider(Protocol):
    """A kind of human check. Stateless: every check's secret is kept by the room, sealed."""

    def secret(self) -> str:
        """Return a fresh secret, normalised."""
        ...

    def show(self, secret: str) -> Shown:
        """Return `secret` in a form that a person understands and a machine does not, or only at a price."""
        ...

    def normalise(self, answer: str) -> str:
        """Return an answer in the form that equals the secret when it is right."""
        ...


def provider() -> HumanCheckProvider:
    """Return the provider that the setting HUMAN_CHECK names."""
    made: HumanCheckProvider = import_string(settings.HUMAN_CHECK)()
    return made
