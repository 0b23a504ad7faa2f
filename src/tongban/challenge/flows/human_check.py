"""Pose a 验证码 to a browser, to be seen, heard or solved by its script, and judge its answer."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tongban.challenge import provider, queries
from tongban.challenge.errors import HumanCheckFailed, NoPuzzle
from tongban.challenge.models import HumanCheck
from tongban.challenge.provider import Shown
from tongban.challenge.rules import EndReason
from tongban.kernel import clock
from tongban.vault import digests
from tongban.vault.purposes import Purpose


def new_picture(*, browser: str, nonce: str = "") -> Shown:
    """Pose a new 验证码 to the browser with the id `browser` and return what is to be seen.

    With the `nonce` of one that is still live, that one is shown again (enlarged, or after the back button). The
    latest few stay live, so that a second tab breaks nothing in the first.
    """
    check = _pose(browser=browser, nonce=nonce)
    return provider.seen().show(check.answer.reveal(Purpose.SHOW_OWNER), seed=str(check.id))


def new_sound(*, browser: str, nonce: str = "") -> Shown:
    """Return what is to be heard: of the live 验证码 with this `nonce`, which may have been seen, or of a new one."""
    check = _pose(browser=browser, nonce=nonce)
    digits = check.spoken.reveal(Purpose.SHOW_OWNER) if check.spoken else ""  # `_pose` leaves none without
    return provider.heard().show(digits, seed=str(check.id))


def new_puzzle(*, browser: str) -> Shown:
    """Pose a puzzle to the script of the browser with the id `browser`; raises `NoPuzzle` where there is none."""
    kind = provider.puzzle()
    if kind is None:
        raise NoPuzzle
    secret = kind.secret()
    check = _check(browser=browser, nonce=secrets.token_urlsafe(8))
    check.answer = secret
    check.digest = _digest(browser, secret)
    with transaction.atomic():
        check.save(force_insert=True)
        _end_older(browser)
    return kind.show(secret, seed=str(check.id))


def redeem_human_check(*, browser: str, answer: str) -> None:
    """Accept `answer` to one of the live 验证码 of `browser`, once; raises `HumanCheckFailed`.

    A wrong answer ends them all: nobody guesses twice at one. Call it outside of any transaction (inside one
    it raises `RuntimeError`), and after the other fields of a form were found right: it cannot be answered again.
    """
    now = clock.now()
    told = _digests(browser, answer)
    with transaction.atomic(durable=True):
        live = queries.live_human_checks(browser)
        # Ordering and slices do not go with an UPDATE; two live checks with one answer end together.
        right = (
            live.order_by()
            .filter(Q(digest__in=told) | Q(spoken_digest__in=told))
            .update(ended_at=now, end_reason=EndReason.REDEEMED)
        )
        if not right:
            live.order_by().update(ended_at=now, end_reason=EndReason.TRIES)
    if not right:
        raise HumanCheckFailed


def _digests(browser: str, answer: str) -> set[str]:
    """Return what `answer` is worth as something seen, heard, or solved."""
    kinds = (provider.seen(), provider.heard(), provider.puzzle())
    meant = {kind.normalise(answer) for kind in kinds if kind} - {""}
    return {_digest(browser, text) for text in meant}


def _digest(browser: str, answer: str) -> str:
    return digests.keyed("challenge.human_check", f"{queries.browser_digest(browser)}|{answer}")


def _check(*, browser: str, nonce: str) -> HumanCheck:
    now = clock.now()
    until = now + timedelta(seconds=settings.HUMAN_CHECK_SECONDS)
    return HumanCheck(browser=queries.browser_digest(browser), nonce=nonce, created_at=now, expires_at=until)


def _pose(*, browser: str, nonce: str) -> HumanCheck:
    """Return the live check of this `nonce`, made now unless there was one."""
    check = _check(browser=browser, nonce=nonce or secrets.token_urlsafe(8))
    letters, digits = provider.seen().secret(), provider.heard().secret()
    check.answer, check.digest = letters, _digest(browser, letters)
    check.spoken, check.spoken_digest = digits, _digest(browser, digits)
    same = HumanCheck.objects.filter(browser=check.browser, nonce=check.nonce, ended_at__isnull=True)
    # The release before posed checks without a sound; its servers may still run beside ours during an upgrade.
    useless = same.filter(Q(expires_at__lte=check.created_at) | Q(spoken__isnull=True))
    with transaction.atomic():
        useless.update(ended_at=check.created_at, end_reason=EndReason.EXPIRED)
        HumanCheck.objects.bulk_create([check], ignore_conflicts=True)
        found = same.get()
        _end_older(browser)
    return found


def _end_older(browser: str) -> None:
    live = queries.live_human_checks(browser)
    kept = list(live.values_list("id", flat=True)[: settings.HUMAN_CHECKS_LIVE])
    live.order_by().exclude(id__in=kept).update(ended_at=clock.now(), end_reason=EndReason.REPLACED)
