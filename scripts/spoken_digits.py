"""Make the recordings of the spoken 验证码 anew: digits in Mandarin, by eSpeak NG, which a developer installs for it.

    python scripts/spoken_digits.py

Whoever has recordings of people puts them in their place: mono, 16 000 Hz, 8 bits a sample.
"""

import math
import subprocess
import wave
from array import array
from io import BytesIO
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
# Of the voices tried, a program that writes down speech understood these best.
FOLDERS = {
    SOURCE / "tongban" / "challenge" / "recordings" / "a": "cmn-latn-pinyin+f2",
    SOURCE / "tongban" / "challenge" / "recordings" / "b": "cmn-latn-pinyin+m7",
    SOURCE / "neighbours" / "torch" / "recordings": "cmn-latn-pinyin+m7",
}
# Without 一 and 九: on a poor line they are heard as 七 and 六. The voice `cmn` spells digits in English: not that one.
DIGITS = {"0": "零", "2": "二", "3": "三", "4": "四", "5": "五", "6": "六", "7": "七", "8": "八"}
WORDS_A_MINUTE = 115
SPOKEN_RATE, RATE = 22_050, 16_000  # at less than 16 kHz the sibilants of 三 and 四 are heard as others
_REACH = 24  # samples
_SILENCE = 300  # of 32768
_MARGIN = RATE // 50
_FADE = RATE // 100


def spoken(voice: str, word: str) -> list[int]:
    """Return the samples of `word`, 16 bits each."""
    command = ["espeak-ng", "-b", "1", "-v", voice, "-s", str(WORDS_A_MINUTE), "--stdout", word]
    answer = subprocess.run(command, check=True, capture_output=True).stdout
    with wave.open(BytesIO(answer)) as sound:
        if (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) != (SPOKEN_RATE, 1, 2):
            raise ValueError(sound.getparams())
        return list(array("h", sound.readframes(2**20)))


def resampled(samples: list[int]) -> list[float]:
    """Return the samples at our rate, without what it cannot carry (a windowed sinc)."""
    ratio = RATE / SPOKEN_RATE
    found = []
    for number in range(int(len(samples) * ratio)):
        centre = number / ratio
        first, last = max(0, math.ceil(centre - _REACH)), min(len(samples) - 1, math.floor(centre + _REACH))
        found.append(sum(samples[at] * _weight(at - centre, ratio) for at in range(first, last + 1)))
    return found


def _weight(distance: float, ratio: float) -> float:
    angle = math.pi * distance * ratio
    return ratio * (math.sin(angle) / angle if angle else 1) * (0.5 + 0.5 * math.cos(math.pi * distance / _REACH))


def trimmed(samples: list[float]) -> list[float]:
    """Return what lies between the first and the last sound, with a little around it."""
    loud = [at for at, sample in enumerate(samples) if abs(sample) > _SILENCE]
    return faded(samples[max(0, loud[0] - _MARGIN) : loud[-1] + _MARGIN])


def faded(samples: list[float]) -> list[float]:
    """Return the samples without a click at either end."""
    last = len(samples) - 1
    return [sample * min(1, at / _FADE, (last - at) / _FADE) for at, sample in enumerate(samples)]


def eight_bits(samples: list[float]) -> bytes:
    """Return the samples as loud as they may be, 8 bits each around 128."""
    loudest = max(abs(sample) for sample in samples)
    return bytes(128 + round(127 * sample / loudest) for sample in samples)


def main() -> None:
    """Write every recording of every voice."""
    for folder, voice in FOLDERS.items():
        folder.mkdir(parents=True, exist_ok=True)
        for digit, word in DIGITS.items():
            with wave.open(str(folder / f"{digit}.wav"), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(1)
                file.setframerate(RATE)
                file.writeframes(eight_bits(trimmed(resampled(spoken(voice, word)))))


if __name__ == "__main__":
    main()
