"""Time-based one-time passwords (RFC 6238): six digits, 30 seconds, SHA-1: what every authenticator app computes."""

import base64
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

import pyotp

DIGITS = 6
_STEP_SECONDS = 30
_SECRET_BYTES = 20  # RFC 4226, section 4: 160 bits
_DRIFT = (-1, 0, 1)  # RFC 6238, section 5.2: one step for slow hands and clocks that differ


def new_secret() -> str:
    """Return a fresh secret as apps take it: 32 characters of base32."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def step_at(moment: datetime) -> int:
    """Return the number of the time step that `moment` lies in."""
    return int(moment.timestamp()) // _STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """Return the code of one time step."""
    return pyotp.HOTP(secret, digits=DIGITS).at(step)


def matching_step(secret: str, code: str, moments: Iterable[datetime]) -> int | None:
    """Return the time step whose code `code` is, near one of `moments`; every candidate is compared, found or not."""
    found = None
    for step in sorted({step_at(moment) + drift for moment in moments for drift in _DRIFT}):
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
            found = step
    return found


def address(secret: str, *, login_name: str, issuer: str) -> str:
    """Return the `otpauth://` address that a QR code carries to the app."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=_STEP_SECONDS).provisioning_uri(
        name=login_name, issuer_name=issuer
    )
