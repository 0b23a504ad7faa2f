"""Digits to be heard: the 验证码 of people who do not see the picture."""

import secrets
import struct
import wave
from functools import lru_cache
from hashlib import shake_256
from pathlib import Path

from django.conf import settings

from tongban.challenge.provider import Shown
from tongban.kernel import normalise

# Without 1 and 9: on a poor line they are heard as 7 and 6 (yī and qī, jiǔ and liù).
DIGITS = "02345678"
RATE = 16_000
"""Samples a second, of 8 bits, one channel. With fewer the sibilants of 三 and 四 are heard as other sounds."""
_OURS = Path(__file__).resolve().parents[1] / "recordings"
_LEAD = 0.9  # seconds; a screen reader says first that something is being played
_PAUSES = (0.45, 0.75)
_TEMPI = (0.93, 1.09)
_SILENCE = 128
# Voice and hiss are added as one large number each, a byte a sample: together they never reach 256, so nothing carries.
_VOICE = bytes(_SILENCE - 10 + (sample - _SILENCE) * 7 // 8 for sample in range(256))
_HISS = bytes(sample * 20 // 255 for sample in range(256))

Recordings = tuple[dict[str, bytes], ...]


class _Chance:
    """Choices that look random and are the same for the same seed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._drawn = 0

    def bytes(self, length: int) -> bytes:
        """Return `length` bytes."""
        self._drawn += 1
        return shake_256(b"%d|%s" % (self._drawn, self._seed)).digest(length)

    def between(self, least: float, most: float) -> float:
        """Return a number between the two."""
        (drawn,) = struct.unpack(">I", self.bytes(4))
        return float(least + (most - least) * drawn / 0xFFFF_FFFF)

    def below(self, end: int) -> int:
        """Return a whole number from 0 to `end` - 1; `end` is small."""
        return int.from_bytes(self.bytes(4), "big") % end


def recordings() -> Recordings:
    """Return the voices: digit to samples each. Raises `ValueError` or `OSError` when a recording cannot be used."""
    return _load(Path(settings.HUMAN_CHECK_RECORDINGS or _OURS))


@lru_cache(maxsize=2)
def _load(folder: Path) -> Recordings:
    voices = sorted(path for path in folder.iterdir() if path.is_dir())
    if not voices:
        message = f"{folder} holds no folder of recordings"
        raise ValueError(message)
    return tuple({digit: _samples(voice / f"{digit}.wav") for digit in DIGITS} for voice in voices)


def _samples(path: Path) -> bytes:
    try:
        with wave.open(str(path)) as sound:
            if (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 1, RATE):
                return bytes(sound.readframes(sound.getnframes()))
    except (wave.Error, EOFError) as error:
        message = f"{path}: {error}"
        raise ValueError(message) from error
    message = f"{path} is not mono, {RATE} Hz, 8 bits a sample"
    raise ValueError(message)


class SpokenDigits:
    """The audio 验证码: hear some digits, in Mandarin, and type them."""

    media_type = "audio/wav"
    needs_script = False

    def secret(self) -> str:
        """Return fresh digits to be heard."""
        return "".join(secrets.choice(DIGITS) for _ in range(settings.HUMAN_CHECK_AUDIO_LENGTH))

    def show(self, secret: str, *, seed: str) -> Shown:
        """Speak `secret`, each digit in one of the voices. Browsers fetch sound in parts: one `seed`, one sound."""
        chance = _Chance(seed)
        voices = recordings()
        parts = [_quiet(_LEAD)]
        for digit in secret:
            voice = voices[chance.below(len(voices))]
            parts += [_at_tempo(voice[digit], chance.between(*_TEMPI)), _quiet(chance.between(*_PAUSES))]
        return Shown(self.media_type, _wave(_with_hiss(b"".join(parts), chance)))

    def normalise(self, answer: str) -> str:
        """Return what was typed without spaces and full-width forms."""
        return normalise.identifier(answer)


def _quiet(seconds: float) -> bytes:
    return bytes([_SILENCE]) * round(seconds * RATE)


def _at_tempo(samples: bytes, tempo: float) -> bytes:
    return bytes(samples[int(place * tempo)] for place in range(int(len(samples) / tempo)))


def _with_hiss(samples: bytes, chance: _Chance) -> bytes:
    length = len(samples)
    voice = int.from_bytes(samples.translate(_VOICE), "big")
    hiss = int.from_bytes(chance.bytes(length).translate(_HISS), "big")
    return (voice + hiss).to_bytes(length, "big")


def _wave(samples: bytes) -> bytes:
    """Return `samples` as a WAV file. Written by hand: the format is 44 bytes, and needs no file that can seek."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE, 1, 8)
    body = samples + b"\0" * (len(samples) % 2)
    data = struct.pack("<4sI", b"data", len(samples)) + body
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + len(data), b"WAVE") + form + data
