"""What a vendor of SMS has to offer, in the platform's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from django.conf import settings
from django.utils.module_loading import import_string

from tongban.kernel.mobile import Mobile


@dataclass(frozen=True, slots=True)
class ProviderReceipt:
    """The vendor took the message over. `reference` is the vendor's name for it."""

    reference: str


class Fate(StrEnum):
    """What a vendor says became of a message."""

    NOT_LISTED = "not_listed"
    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one message; `reason` is the carrier's code for one that did not arrive."""

    fate: Fate
    reason: str = ""
    reference: str = ""


class SmsProvider(Protocol):
    """A vendor; `name` is short and stable, it stands on every message the vendor was handed.

    `idempotent`: the vendor itself sends one message however often it is asked with one idempotency key. Only then is
    a message whose outcome is unknown tried again without asking what became of it.
    """

    name: str
    idempotent: bool

    def send(
        self, *, to: Mobile, text: str, template: str, language: str, params: Mapping[str, str], idempotency_key: str
    ) -> ProviderReceipt:
        """Hand one message over within a few seconds; raises `NotSent`, `Undeliverable` or `OutcomeUnknown`.

        Vendors who know messages by their own registered templates use `template`, `language` and `params`, others
        `text`. Of a vendor with such templates (its attribute `templates` names the setting) `language` is one in which
        the message is registered there, or Chinese.
        """
        ...


@runtime_checkable
class TellsFate(Protocol):
    """A vendor that can be asked what became of a message.

    `lists_at_once`: a message is listed from the moment it was taken over, so that one which is not listed after a
    while was never sent. Where only reports of the carriers are listed, absence proves nothing.
    """

    lists_at_once: bool

    def fate(self, *, to: Mobile, idempotency_key: str, reference: str, handed_at: datetime) -> Told:
        """Say what became of a message handed over at `handed_at`; `reference` may be empty. Raises `NotTold`."""
        ...


def providers() -> list[SmsProvider]:
    """Return the vendors of the setting SMS_PROVIDER in their order; raises `ImportError`."""
    return [import_string(path)() for path in settings.SMS_PROVIDER]
