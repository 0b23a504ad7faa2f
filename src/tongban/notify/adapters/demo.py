"""The provider of a demonstration: messages arrive in a table that the demonstration shows."""

import json
from collections.abc import Mapping

from django.conf import settings

from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.notify.errors import OutsideDemo
from tongban.notify.models import DemoSms
from tongban.notify.provider import ProviderReceipt


class DemoProvider:
    """Keeps what it is given instead of sending it. Refuses to exist outside the profiles demo and test."""

    name = "demo"
    idempotent = True

    def __init__(self) -> None:
        if settings.PROFILE not in {"demo", "test"}:
            raise OutsideDemo

    def send(
        self, *, to: Mobile, text: str, template: str, language: str, params: Mapping[str, str], idempotency_key: str
    ) -> ProviderReceipt:
        """Keep the message, once per `idempotency_key`."""
        content = {"to": to.value, "purpose": template, "text": text, "code": params.get("code", "")}
        row = DemoSms(key=idempotency_key, content=json.dumps(content), at=clock.now())
        DemoSms.objects.bulk_create([row], ignore_conflicts=True)
        return ProviderReceipt(reference=f"demo:{idempotency_key}")
