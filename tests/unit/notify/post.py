"""A letter-box for tests: SMS are written, and handed to a vendor whose mood the test chooses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from tongban.kernel.mobile import Mobile
from tongban.notify.flows.send_sms import send_sms
from tongban.notify.provider import ProviderReceipt

PHONE = Mobile.parse("13812345678")


@dataclass(frozen=True)
class Handed:
    to: str
    text: str
    template: str
    params: Mapping[str, str]
    key: str
    language: str = "zh-hans"


class Vendor:
    """Remembers what it was handed; raises what `trouble` holds, first one first, afterwards nothing."""

    name = "vendor"
    idempotent = False
    handed: ClassVar[list[Handed]] = []
    trouble: ClassVar[list[Exception]] = []

    def send(
        self, *, to: Mobile, text: str, template: str, language: str, params: Mapping[str, str], idempotency_key: str
    ) -> ProviderReceipt:
        self.handed.append(Handed(to.value, text, template, params, idempotency_key, language))
        if self.trouble:
            raise self.trouble.pop(0)
        return ProviderReceipt(reference="receipt-1")


class CarefulVendor(Vendor):
    """Sends one message however often it is asked with one key."""

    idempotent = True


def write(
    key: str = "k", *, code: str = "123456", language: str = "zh-hans", worthless_at: datetime | None = None
) -> UUID:
    """Write an SMS in a transaction of its own."""
    params = {"code": code, "minutes": "5"}
    with transaction.atomic():
        return send_sms(
            to=PHONE, template="register", params=params, language=language, key=key, worthless_at=worthless_at
        )
