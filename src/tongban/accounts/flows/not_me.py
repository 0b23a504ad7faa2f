"""不是我: the owner of an account says, by the link of a notice, that somebody else did what the notice tells of."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse

from tongban.accounts import events, queries
from tongban.accounts.errors import NotMeLinkSpent
from tongban.accounts.flows.end_sessions import EndReason
from tongban.accounts.flows.replace_password import replace_password
from tongban.accounts.models import Account, NotMeLink
from tongban.accounts.rules import Notice
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock


def not_me_link(account: Account, about: Notice) -> str:
    """Return the address to write into a notice, in the caller's transaction. Part of the acts that notices tell of."""
    token = secrets.token_urlsafe(16)
    NotMeLink.objects.create(
        account=account,
        about=about,
        token_digest=queries.token_digest(token),
        expires_at=clock.now() + timedelta(days=settings.NOT_ME_DAYS),
    )
    return f"{settings.ADDRESS}{reverse('accounts:not-me', args=[token])}"


def not_me(*, actor: Actor, token: str) -> NotMeLink:
    """End every session and what business systems hold, and let no password open the account until it is reset.

    Whoever holds the link can do no more than that: the reset goes to the account's phone. Raises `NotMeLinkSpent`.
    """
    link = queries.live_not_me_link(token)
    if link is None:
        raise NotMeLinkSpent
    nothing = make_password(None)
    with transaction.atomic():
        now = clock.now()
        if not NotMeLink.objects.filter(id=link.id, used_at__isnull=True, expires_at__gt=now).update(used_at=now):
            raise NotMeLinkSpent
        record(events.NOT_ME, actor=actor, subject=link.account_id, facts={"about": link.about})
        replace_password(actor=actor, account=link.account, encoded=nothing, reason=EndReason.NOT_ME)
        # What was known to a thief's browser is known no more: the next log-in from there is told of again.
        link.account.devices.all().delete()
    return link
