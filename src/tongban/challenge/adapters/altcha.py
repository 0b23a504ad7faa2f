"""ALTCHA: the browser works for a second, and the person does nothing (proof of work, version 2 of its format).

The format is public and the library checks it; the room binds the puzzle to its browser, lets it count once and ends
it in time. Puzzles are of one hardness: the number to be found lies in the upper half of the tries.
"""

import json
import secrets
from datetime import timedelta

from altcha import Challenge, Payload, create_challenge, verify_solution
from django.conf import settings

from tongban.challenge.provider import Shown
from tongban.kernel import clock
from tongban.vault import digests

ALGORITHM = "PBKDF2/SHA-256"  # what the Web Crypto of browsers has, outside of the page's own thread


class AltchaCheck:
    """The puzzle 验证码: a script tries one number after the other until the derived key begins as demanded."""

    media_type = "application/json"
    needs_script = True

    def secret(self) -> str:
        """Return a fresh puzzle, signed, with the end of its time."""
        half = settings.ALTCHA_STEPS // 2
        challenge = create_challenge(
            ALGORITHM,
            settings.ALTCHA_COST,
            counter=half + secrets.randbelow(settings.ALTCHA_STEPS - half),
            # The library judges by the system's clock; the room judges by the platform's besides.
            expires_at=clock.real() + timedelta(seconds=settings.HUMAN_CHECK_SECONDS),
            hmac_secret=_key("puzzle"),
            hmac_key_secret=_key("solution"),
        )
        return _text(challenge)

    def show(self, secret: str, *, seed: str) -> Shown:
        """Return the puzzle as JSON."""
        return Shown(self.media_type, secret.encode())

    def normalise(self, answer: str) -> str:
        """Return the puzzle that `answer` (base64 of JSON) solves; nothing when it is not ours, late, or not solved."""
        if not verify_solution(answer, _key("puzzle"), hmac_key_secret=_key("solution")).verified:
            return ""
        return _text(Payload.from_base64(answer).challenge)


def _text(challenge: Challenge) -> str:
    return json.dumps(challenge.to_dict(), sort_keys=True)


def _key(what: str) -> str:
    """Return the secret that signs puzzles, or the one that signs solutions: only this platform can derive either."""
    return digests.keyed("challenge.altcha", what)
