"""Put an SMS into the outbox; the worker delivers it."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tongban.design.kept_texts import Param, keep_param
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.notify.errors import OutsideTransaction
from tongban.notify.models import Sms
from tongban.notify.rules import SmsState
from tongban.notify.templates import template as find_template


def send_sms(
    *,
    to: Mobile,
    template: str,
    params: Mapping[str, Param],
    language: str,
    key: str,
    worthless_at: datetime | None = None,
    replaces: str = "",
) -> UUID:
    """Write an SMS into the outbox, in the transaction of the act that causes it, and return its id.

    `key` names the message for good: a second call with the same key changes nothing and returns the first id. After
    `worthless_at` (aware, UTC) it is not delivered any more, nor is the message with the key `replaces` from now on: a
    code that was made anew must not be followed by the old one.

    `language` is that of who reads it, not of whoever causes it: that of the account where one is known, else the one
    in which the person asked for the message (`design.display.spoken_language`).
    Raises `OutsideTransaction`, `UnknownTemplate`, `ParamsMismatch`.
    """
    written = _write(
        SmsState.PENDING, to=to, template=template, params=params, language=language, key=key, worthless_at=worthless_at
    )
    _replace(replaces)
    return written


def withhold_sms(
    *,
    to: Mobile,
    template: str,
    params: Mapping[str, Param],
    language: str,
    key: str,
    worthless_at: datetime | None = None,
    replaces: str = "",
) -> UUID:
    """Do what `send_sms` does, at the same cost, for a message that must never leave."""
    written = _write(
        SmsState.WITHHELD,
        to=to,
        template=template,
        params=params,
        language=language,
        key=key,
        worthless_at=worthless_at,
    )
    _replace(replaces)
    return written


def _replace(key: str) -> None:
    if key:
        Sms.objects.filter(key=key, ended_at__isnull=True).update(worthless_at=clock.now())


def _write(
    state: SmsState,
    *,
    to: Mobile,
    template: str,
    params: Mapping[str, Param],
    language: str,
    key: str,
    worthless_at: datetime | None,
) -> UUID:
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(template=template)
    find_template(template).check("sms", params)
    now = clock.now()
    row = Sms(
        key=key,
        template=template,
        language=language,
        recipient=to.value,
        params=json.dumps({name: keep_param(param) for name, param in params.items()}),
        state=state,
        created_at=now,
        due_at=now,
        worthless_at=worthless_at,
        ended_at=now if state == SmsState.WITHHELD else None,
    )
    Sms.objects.bulk_create([row], ignore_conflicts=True)
    written: UUID = Sms.objects.values_list("id", flat=True).get(key=key)
    return written
