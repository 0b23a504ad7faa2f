"""The 验证码 of this site: characters in a picture and digits in a sound; either is asked back once."""

import secrets
import wave
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from captcha.image import ImageCaptcha
from PIL import ImageOps

from neighbours.relying.storage import Storage

_SCHEMA = """
DROP TABLE IF EXISTS captcha;
CREATE TABLE IF NOT EXISTS human_check (
    id INTEGER PRIMARY KEY AUTOINCREMENT, browser TEXT NOT NULL, turn TEXT NOT NULL,
    answer TEXT NOT NULL, spoken TEXT NOT NULL, until REAL NOT NULL, UNIQUE (browser, turn)
) STRICT;
"""
_LETTERS = "ACEHKNPRTXY349"
"""Without what is mistaken for something else once it is bent."""
_DIGITS = "02345678"
"""Without 1 and 9: on a poor line they are heard as 7 and 6."""
_LENGTH = 4
_LENGTH_SPOKEN = 6
_SECONDS = 600
_KEPT = 3
_LONGEST_TURN = 64
_RECORDINGS = Path(__file__).parent / "recordings"
_RATE = 16_000
_PAUSE = bytes([128]) * (_RATE * 6 // 10)
_drawing = ImageCaptcha(320, 120, font_sizes=(92, 104, 112))


@dataclass(frozen=True, slots=True)
class Answers:
    """What a 验证码 shows, and what it says."""

    answer: str
    spoken: str


def picture(answer: str) -> bytes:
    """Draw `answer` as PNG, dark on white, a little differently each time."""
    # The library takes a character's lightness for its opacity: white on black, then inverted.
    image = _drawing.generate_image(answer, bg_color=(0, 0, 0), fg_color=(255, 255, 255))
    body = BytesIO()
    ImageOps.invert(image.convert("L")).save(body, format="PNG")
    return body.getvalue()


def sound(spoken: str) -> bytes:
    """Speak the digits as WAV, always alike: browsers fetch sound in parts."""
    body = BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(_RATE)
        file.writeframes(_PAUSE + b"".join(_recorded(digit) + _PAUSE for digit in spoken))
    return body.getvalue()


@cache
def _recorded(digit: str) -> bytes:
    with wave.open(str(_RECORDINGS / f"{digit}.wav")) as file:
        return bytes(file.readframes(file.getnframes()))


class Captchas:
    """Which answers are awaited from which browser: rows, so that two requests at once lose nothing of each other's.

    `browser` is a random name for it; `turn` says which of its 验证码 is meant; `now` is in seconds since 1970.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        with storage.connection() as connection:
            connection.executescript(_SCHEMA)

    def pose(self, browser: str, turn: str = "", *, now: float) -> Answers:
        """Return the answers of this `turn`, new ones unless it is awaited; the latest few stay good."""
        turn = turn[:_LONGEST_TURN] or secrets.token_urlsafe(6)
        fresh = (_some(_LETTERS, _LENGTH), _some(_DIGITS, _LENGTH_SPOKEN), now + _SECONDS)
        with self._storage.connection() as connection:
            connection.execute("DELETE FROM human_check WHERE until <= ?", (now,))
            connection.execute(
                "INSERT INTO human_check (browser, turn, answer, spoken, until) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (browser, turn, *fresh),
            )
            answers = connection.execute(
                "SELECT answer, spoken FROM human_check WHERE browser = ? AND turn = ?", (browser, turn)
            ).fetchone()
            connection.execute(
                "DELETE FROM human_check WHERE browser = ? AND id NOT IN"
                " (SELECT id FROM human_check WHERE browser = ? ORDER BY id DESC LIMIT ?)",
                (browser, browser, _KEPT),
            )
        return Answers(*answers)

    def redeem(self, browser: str, typed: str, *, now: float) -> bool:
        """Tell whether `typed` is one of the answers awaited; right or wrong, none can be tried again."""
        wanted = "".join(typed.split()).upper().encode()
        with self._storage.connection() as connection:
            gone = connection.execute(
                "DELETE FROM human_check WHERE browser = ? RETURNING answer, spoken, until", (browser,)
            )
            found = [
                until > now and secrets.compare_digest(right.encode(), wanted)
                for answer, spoken, until in gone
                for right in (answer, spoken)
            ]
        return any(found)

    def last_shown(self, browser: str, *, now: float) -> Answers:
        """Return the answers last posed; a program that loads no pictures gets some posed."""
        with self._storage.connection() as connection:
            row = connection.execute(
                "SELECT answer, spoken FROM human_check WHERE browser = ? AND until > ? ORDER BY id DESC LIMIT 1",
                (browser, now),
            ).fetchone()
        return Answers(*row) if row else self.pose(browser, now=now)


def _some(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
