"""What a passkey signs: made without being stored, for one use, one account and one browser; answered once.

A challenge is a nonce, a time, and our keyed digest of both with what it is for. Two tabs have one each.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.accounts.models import PasskeyChallenge
from tongban.accounts.rules.passkeys import PasskeyUse
from tongban.kernel import clock
from tongban.vault import digests

_DOMAIN = "accounts.passkey_challenge"
_KEPT = timedelta(days=1)


def make(use: PasskeyUse, account_id: UUID, browser: str) -> bytes:
    """Return a fresh challenge."""
    said = f"{secrets.token_urlsafe(16)}.{int(clock.now().timestamp())}"
    return f"{said}.{digests.keyed(_DOMAIN, _whole(said, use, account_id, browser))}".encode()


def is_open(challenge: bytes, use: PasskeyUse, account_id: UUID, browser: str) -> bool:
    """Return whether we made it, for this, and not long ago."""
    nonce, _dot, rest = challenge.decode("ascii", "replace").partition(".")
    at, _dot, digest = rest.partition(".")
    if not digests.matches(digest, _DOMAIN, _whole(f"{nonce}.{at}", use, account_id, browser)):
        return False
    made_at = datetime.fromtimestamp(int(at), UTC)  # only we write what stands there
    return clock.now() < made_at + timedelta(seconds=settings.SECOND_FACTOR_SECONDS)


def spend(challenge: bytes) -> bool:
    """Return, in the caller's transaction, whether this answer is the first; the insert itself finds that out."""
    try:
        with transaction.atomic():
            PasskeyChallenge.objects.create(digest=hashlib.sha256(challenge).hexdigest())
    except IntegrityError:
        return False
    return True


def forget() -> int:
    """Delete challenges whose time is long over, at most a batch, and return how many went."""
    old = PasskeyChallenge.objects.filter(answered_at__lte=clock.now() - _KEPT).values_list("id", flat=True)[:500]
    batch = list(old)
    return PasskeyChallenge.objects.filter(id__in=batch).delete()[0] if batch else 0


def _whole(said: str, use: PasskeyUse, account_id: UUID, browser: str) -> str:
    return f"{use}|{account_id}|{browser}|{said}"
