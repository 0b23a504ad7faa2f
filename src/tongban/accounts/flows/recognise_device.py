"""Tell the owner of an account about a log-in from a browser that was never used for it."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongban.accounts import events, queries
from tongban.accounts.flows.not_me import not_me_link
from tongban.accounts.models import Account, KnownDevice
from tongban.accounts.rules import Notice, devices
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.design.kept_texts import by_language, in_every_language
from tongban.kernel import clock
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.vault.purposes import Purpose


def recognise_device(*, actor: Actor, account: Account, token: str, user_agent: str) -> str:
    """Return the token that the browser is to keep: `token`, if it had one.

    The first browser of an account is nobody's news. The log-in itself is over: what is told here holds nobody up.
    """
    today = timezone.localtime(clock.now()).date()
    token = token or secrets.token_urlsafe(16)
    last_seen_on = queries.device_last_seen_on(account, token)
    if last_seen_on == today:
        return token
    with transaction.atomic():
        if last_seen_on:
            KnownDevice.objects.filter(account=account, token_digest=queries.token_digest(token)).update(
                last_seen_on=today
            )
            return token
        is_first = not KnownDevice.objects.filter(account=account).exists()
        device, is_new = KnownDevice.objects.get_or_create(
            account=account, token_digest=queries.token_digest(token), defaults={"last_seen_on": today}
        )
        if is_new and not is_first:
            record(events.NEW_DEVICE, actor=actor, subject=account.id)
            _tell(account, device, user_agent)
    return token


def _tell(account: Account, device: KnownDevice, user_agent: str) -> None:
    time = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    name = in_every_language(by_language(lambda: devices.describe(user_agent))) or _("未知设备")
    post_message(account_id=account.id, template="new_device", params={"time": time, "device": name})
    phone = queries.phone_of(account, Purpose.DELIVER_MESSAGE)
    if phone:
        params = {"time": time, "link": not_me_link(account, Notice.NEW_DEVICE)}
        key = f"new_device:{device.id}"
        send_sms(to=phone, template="new_device", params=params, language=account.language, key=key)


def forget() -> int:
    """Delete browsers that were not used for long, at most a batch, and return how many went."""
    before = timezone.localtime(clock.now()).date() - timedelta(days=settings.DEVICE_DAYS)
    batch = list(KnownDevice.objects.filter(last_seen_on__lt=before).values_list("id", flat=True)[:500])
    return KnownDevice.objects.filter(id__in=batch).delete()[0] if batch else 0
