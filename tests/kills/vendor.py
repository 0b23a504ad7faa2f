"""A vendor of SMS that writes down what it was handed, and tells when asked.

It drops no repetitions: nobody must hand it the same twice.
"""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tongban.kernel.mobile import Mobile
from tongban.notify.provider import Fate, ProviderReceipt, Told


def _book() -> Path:
    return Path(settings.HOME) / "vendor.txt"


def told() -> list[str]:
    """Return the templates of the messages that were handed over, sorted."""
    return sorted(template for template, _key in _handed())


def _handed() -> list[tuple[str, str]]:
    """Return template and idempotency key of what was handed over."""
    lines = _book().read_text(encoding="utf-8").splitlines() if _book().exists() else []
    return [(template, key) for template, _tab, key in (line.partition("\t") for line in lines)]


class Vendor:
    """Takes everything."""

    name = "book"
    idempotent = False
    lists_at_once = True

    def send(
        self, *, to: Mobile, text: str, template: str, params: Mapping[str, str], language: str, idempotency_key: str
    ) -> ProviderReceipt:
        """Write the message down, on the disk."""
        with _book().open("a", encoding="utf-8") as book:
            book.write(f"{template}\t{idempotency_key}\n")
            book.flush()
            os.fsync(book.fileno())
        return ProviderReceipt(reference=idempotency_key)

    def fate(self, *, to: Mobile, idempotency_key: str, reference: str, handed_at: datetime) -> Told:
        """Look into the book."""
        known = any(key == idempotency_key for _template, key in _handed())
        return Told(Fate.DELIVERED if known else Fate.NOT_LISTED)
