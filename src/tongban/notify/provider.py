"""What a vendor of SMS has to offer, in the platform's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from tongban.kernel.mobile import Mobile


@dataclass(frozen=True, slots=True)
class ProviderReceipt:
    """The vendor took the message over. `reference` is the vendor's name for it."""

    reference: str


class SmsProvider(Protocol):
    """A vendor.

    `idempotent`: the vendor itself sends one message however often it is asked with one idempotency key. Only then is
    a message whose outcome is unknown tried again.
    """

    idempotent: bool

    def send(
        self, *, to: Mobile, text: str, template: str, params: Mapping[str, str], idempotency_key: str
    ) -> ProviderReceipt:
        """Hand one message over within a few seconds; raises `NotSent`, `Undeliverable` or `OutcomeUnknown`.

        Vendors who know messages by their own registered templates use `template` and `params`, others `text`.
        """
        ...


def provider() -> SmsProvider | None:
    """Return the provider that the setting SMS_PROVIDER names; `None` when there is none."""
    if not settings.SMS_PROVIDER:
        return None
    made: SmsProvider = import_string(settings.SMS_PROVIDER[0])()
    return made
