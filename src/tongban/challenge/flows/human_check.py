"""Pose a 验证码 to a browser, and judge its answer."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from tongban.challenge import queries
from tongban.challenge.errors import HumanCheckFailed
from tongban.challenge.models import HumanCheck
from tongban.challenge.provider import HumanCheckProvider, Shown, provider
from tongban.challenge.rules import EndReason
from tongban.kernel import clock
from tongban.vault import digests
from tongban.vault.purposes import Purpose


def new_picture(*, browser: str, nonce: str = "") -> Shown:
    """Pose a new 验证码 to the browser with the id `browser` and return it.

    With the `nonce` of one that is still live, that one is shown again (enlarged, or after the back button). The
    latest few stay live, so that a second tab breaks nothing in the first.
    """
    kind = provider()
    nonce = nonce or secrets.token_urlsafe(8)
    with transaction.atomic():
        check = _pose(kind, browser=browser, nonce=nonce)
        _end_older(browser)
    return kind.show(check.answer.reveal(Purpose.SHOW_OWNER))


def redeem_picture(*, browser: str, answer: str) -> None:
    """Accept `answer` to one of the live 验证码 of `browser`, once; raises `HumanCheckFailed`.

    A wrong answer ends them all: nobody guesses twice at one picture. Call it outside of any transaction (inside one
    it raises `RuntimeError`), and after the other fields of a form were found right: it cannot be answered again.
    """
    now = clock.now()
    digest = _digest(browser, provider().normalise(answer))
    with transaction.atomic(durable=True):
        live = queries.live_human_checks(browser)
        # Ordering and slices do not go with an UPDATE; two live pictures with one answer end together.
        right = live.order_by().filter(digest=digest).update(ended_at=now, end_reason=EndReason.REDEEMED)
        if not right:
            live.order_by().update(ended_at=now, end_reason=EndReason.TRIES)
    if not right:
        raise HumanCheckFailed


def _digest(browser: str, answer: str) -> str:
    return digests.keyed("challenge.human_check", f"{queries.browser_digest(browser)}|{answer}")


def _pose(kind: HumanCheckProvider, *, browser: str, nonce: str) -> HumanCheck:
    """Return the live check of this `nonce`, made now unless there was one."""
    now = clock.now()
    same = HumanCheck.objects.filter(browser=queries.browser_digest(browser), nonce=nonce, ended_at__isnull=True)
    same.filter(expires_at__lte=now).update(ended_at=now, end_reason=EndReason.EXPIRED)
    secret = kind.secret()
    check = HumanCheck(
        browser=queries.browser_digest(browser),
        nonce=nonce,
        digest=_digest(browser, secret),
        answer=secret,
        created_at=now,
        expires_at=now + timedelta(seconds=settings.HUMAN_CHECK_SECONDS),
    )
    HumanCheck.objects.bulk_create([check], ignore_conflicts=True)
    return same.get()


def _end_older(browser: str) -> None:
    live = queries.live_human_checks(browser)
    kept = list(live.values_list("id", flat=True)[: settings.HUMAN_CHECKS_LIVE])
    live.order_by().exclude(id__in=kept).update(ended_at=clock.now(), end_reason=EndReason.REPLACED)
