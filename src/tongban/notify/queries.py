"""What the room reads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count

from tongban.design.kept_texts import Kept, said_param
from tongban.kernel import clock
from tongban.notify.errors import MessageNotFound, OutsideDemo
from tongban.notify.models import DemoSms, InSiteMessage, Sms
from tongban.notify.rules import Receipt
from tongban.notify.templates import template
from tongban.vault.purposes import Purpose
from tongban.vault.sealed import Sealed

_OF_LATE = timedelta(minutes=15)
_RECEIPTS_SEEN = 3


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its owner reads it, in the language of the reader. `read_at` is None while it is new."""

    id: UUID
    title: str
    body: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class DemoMessage:
    """What the phone `to` showed at `at`; `purpose` is the template's name, `code` the one-time code or empty."""

    to: str
    purpose: str
    text: str
    code: str
    at: datetime


def messages_for(account_id: UUID, *, page: int | str = 1) -> Page[Message]:
    """Return one page of the account's messages, newest first; a page that does not exist becomes the nearest one."""
    rows = InSiteMessage.objects.filter(account_id=account_id).order_by("-created_at", "-id")
    pages: Paginator[Any] = Paginator(rows, settings.MESSAGES_PER_PAGE)  # of rows here, of messages for the reader
    found = pages.get_page(page)
    return Page([_read(row) for row in found.object_list], found.number, pages)


def message(account_id: UUID, message_id: UUID) -> Message:
    """Return one message of the account; raises `MessageNotFound`, also for another account's message."""
    row = InSiteMessage.objects.filter(account_id=account_id, id=message_id).first()
    if row is None:
        raise MessageNotFound
    return _read(row)


def unread_count(account_id: UUID) -> int:
    """Return how many messages the account has not read yet."""
    return InSiteMessage.objects.filter(account_id=account_id, read_at__isnull=True).count()


def demo_outbox() -> list[DemoMessage]:
    """Return what the phones of the demonstration showed, newest first; raises `OutsideDemo` elsewhere."""
    if settings.PROFILE not in {"demo", "test"}:
        raise OutsideDemo
    rows = DemoSms.objects.order_by("-at", "-id")
    return [DemoMessage(at=row.at, **json.loads(row.content.reveal(Purpose.SHOW_OWNER))) for row in rows]


def delivers_nothing(provider: str) -> bool:
    """Return whether `provider` has of late taken messages over that did not arrive, and none that did."""
    receipts = Sms.objects.filter(provider=provider, receipt_at__gt=clock.now() - _OF_LATE).order_by("-receipt_at")
    last = list(receipts.values_list("receipt", flat=True)[:_RECEIPTS_SEEN])
    return len(last) == _RECEIPTS_SEEN and set(last) == {Receipt.UNDELIVERED}


def outbox_counts(*, since: datetime) -> list[tuple[str, str, str, int]]:
    """Return (vendor, state, receipt, number) of the SMS written since then, in this order."""
    rows = Sms.objects.filter(created_at__gte=since).values_list("provider", "state", "receipt")
    counted = rows.annotate(number=Count("id")).order_by("provider", "state", "receipt")
    return [(provider, state, receipt, number) for provider, state, receipt, number in counted]


def open_params(sealed: Sealed, purpose: Purpose) -> dict[str, str]:
    """Return the params that were sealed as JSON, in the language that is spoken now."""
    kept: dict[str, Kept] = json.loads(sealed.reveal(purpose))
    return {name: said_param(param) for name, param in kept.items()}


def _read(row: InSiteMessage) -> Message:
    text = template(row.template)
    params: Mapping[str, str] = open_params(row.params, Purpose.SHOW_OWNER)
    return Message(
        id=row.id,
        title=str(text.title) % params,
        body=str(text.body) % params,
        created_at=row.created_at,
        read_at=row.read_at,
    )
