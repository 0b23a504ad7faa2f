"""The 验证码 of this site: characters in a picture, asked back once, remembered in the browser's session."""

import secrets
from io import BytesIO

from captcha.image import ImageCaptcha
from flask import session
from PIL import ImageOps

_LETTERS = "ACEHKNPRTXY349"
"""Without what is mistaken for something else once it is bent."""
_LENGTH = 4
_SECONDS = 600
_KEPT = 3
_KEY = "captcha"
_drawing = ImageCaptcha(320, 120, font_sizes=(92, 104, 112))


def pose(*, now: float) -> str:
    """Remember a new 验证码 for this browser and return it; the latest few stay good, for a second tab.

    `now` is in seconds since 1970, here and below.
    """
    answer = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    session[_KEY] = [*_live(now), [answer, now + _SECONDS]][-_KEPT:]
    return answer


def picture(answer: str) -> bytes:
    """Draw `answer` as PNG, dark on white, a little differently each time."""
    # The library takes a character's lightness for its opacity: white on black, then inverted.
    image = _drawing.generate_image(answer, bg_color=(0, 0, 0), fg_color=(255, 255, 255))
    body = BytesIO()
    ImageOps.invert(image.convert("L")).save(body, format="PNG")
    return body.getvalue()


def redeem(typed: str, *, now: float) -> bool:
    """Tell whether `typed` answers one of this browser's 验证码; right or wrong, it cannot be tried again."""
    wanted = "".join(typed.split()).upper().encode()
    found = [secrets.compare_digest(answer.encode(), wanted) for answer, _ in _live(now)]
    session.pop(_KEY, None)
    return any(found)


def last_answer(*, now: float) -> str:
    """Return the answer of the 验证码 last shown; a program that loads no pictures gets one posed."""
    live = _live(now)
    return live[-1][0] if live else pose(now=now)


def _live(now: float) -> list[tuple[str, float]]:
    return [(answer, until) for answer, until in session.get(_KEY, []) if until > now]
