"""Links that open something for whoever holds them: random, long, and kept only as digests."""

import hashlib
import secrets

from django.conf import settings
from django.urls import reverse


def fresh() -> str:
    """Return a new token of 128 random bits."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> str:
    """Return the digest of a token: it is random and long, so a plain hash cannot be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


def address(name: str, token: str) -> str:
    """Return the full address of the page `name` for `token`."""
    return f"{settings.ADDRESS}{reverse(name, args=[token])}"
