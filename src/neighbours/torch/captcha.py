"""The 验证码 of this site: characters in a picture, asked back once."""

import secrets
from io import BytesIO

from captcha.image import ImageCaptcha
from PIL import ImageOps

from neighbours.relying.storage import Storage

_SCHEMA = """
CREATE TABLE IF NOT EXISTS captcha (
    id INTEGER PRIMARY KEY AUTOINCREMENT, browser TEXT NOT NULL, answer TEXT NOT NULL, until REAL NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS captcha_of_browser ON captcha (browser, id);
"""
_LETTERS = "ACEHKNPRTXY349"
"""Without what is mistaken for something else once it is bent."""
_LENGTH = 4
_SECONDS = 600
_KEPT = 3
_drawing = ImageCaptcha(320, 120, font_sizes=(92, 104, 112))


def picture(answer: str) -> bytes:
    """Draw `answer` as PNG, dark on white, a little differently each time."""
    # The library takes a character's lightness for its opacity: white on black, then inverted.
    image = _drawing.generate_image(answer, bg_color=(0, 0, 0), fg_color=(255, 255, 255))
    body = BytesIO()
    ImageOps.invert(image.convert("L")).save(body, format="PNG")
    return body.getvalue()


class Captchas:
    """Which answers are awaited from which browser: rows, so that two requests at once lose nothing of each other's.

    `browser` is a random name for it; `now` is in seconds since 1970.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        with storage.connection() as connection:
            connection.executescript(_SCHEMA)

    def pose(self, browser: str, *, now: float) -> str:
        """Return a new answer to be drawn; the latest few stay good, for a second tab."""
        answer = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        with self._storage.connection() as connection:
            connection.execute(
                "INSERT INTO captcha (browser, answer, until) VALUES (?, ?, ?)", (browser, answer, now + _SECONDS)
            )
            connection.execute(
                "DELETE FROM captcha WHERE until <= ? OR browser = ? AND id NOT IN"
                " (SELECT id FROM captcha WHERE browser = ? ORDER BY id DESC LIMIT ?)",
                (now, browser, browser, _KEPT),
            )
        return answer

    def redeem(self, browser: str, typed: str, *, now: float) -> bool:
        """Tell whether `typed` is one of the answers awaited; right or wrong, none can be tried again."""
        wanted = "".join(typed.split()).upper().encode()
        with self._storage.connection() as connection:
            gone = connection.execute("DELETE FROM captcha WHERE browser = ? RETURNING answer, until", (browser,))
            found = [until > now and secrets.compare_digest(answer.encode(), wanted) for answer, until in gone]
        return any(found)

    def last_answer(self, browser: str, *, now: float) -> str:
        """Return the answer last posed; a program that loads no pictures gets one posed."""
        with self._storage.connection() as connection:
            row = connection.execute(
                "SELECT answer FROM captcha WHERE browser = ? AND until > ? ORDER BY id DESC LIMIT 1", (browser, now)
            ).fetchone()
        return str(row[0]) if row else self.pose(browser, now=now)
