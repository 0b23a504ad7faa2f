"""The audio 验证码: the digits that are spoken, and how they are served."""

import shutil
import time
import wave
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.moved_clock import MovedClock
from tongban.challenge import checks, queries
from tongban.challenge.adapters import sound
from tongban.challenge.adapters.sound import DIGITS, RATE, SpokenDigits, recordings
from tongban.challenge.errors import HumanCheckFailed
from tongban.challenge.flows.human_check import new_picture, new_puzzle, new_sound, redeem_human_check
from tongban.challenge.models import HumanCheck


def samples(body: bytes) -> bytes:
    with wave.open(BytesIO(body)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 1, RATE)
        return bytes(file.readframes(file.getnframes()))


def spoken(secret: str, seed: str = "a check") -> bytes:
    return samples(SpokenDigits().show(secret, seed=seed).body)


def bursts(heard: bytes) -> list[bytes]:
    """Return what stands between pauses of a quarter of a second."""
    step = RATE // 40
    loud = [max(heard[at : at + step]) - min(heard[at : at + step]) > 45 for at in range(0, len(heard) - step, step)]
    found: list[list[int]] = []
    for place, is_loud in enumerate(loud):
        if is_loud and found and place - found[-1][1] <= 10:
            found[-1][1] = place
        elif is_loud:
            found.append([place, place])
    return [heard[first * step : (last + 1) * step] for first, last in found]


def likeness(heard: bytes, recording: bytes) -> float:
    """Return how well the course of loudness and of zero crossings agrees with a recording, stretched to its length."""

    def course(of: bytes) -> list[tuple[float, float]]:
        parts = [of[len(of) * at // 24 : len(of) * (at + 1) // 24] for at in range(24)]
        crossings = [sum((a < 128) != (b < 128) for a, b in pairwise(part)) / len(part) for part in parts]
        loudness = [sum(abs(value - 128) for value in part) / len(part) / 128 for part in parts]
        return list(zip(loudness, crossings, strict=True))

    pairs = zip(course(heard), course(recording), strict=True)
    return -sum((a - c) ** 2 + (b - d) ** 2 for (a, b), (c, d) in pairs)


def test_a_secret_is_six_digits_that_nobody_mixes_up() -> None:
    secret = SpokenDigits().secret()
    assert len(secret) == 6
    assert set(secret) <= set(DIGITS)
    assert not set(DIGITS) & set("19")
    assert len({SpokenDigits().secret() for _ in range(50)}) > 40


def test_every_digit_is_heard_after_the_other() -> None:
    heard = bursts(spoken("20846357"))
    assert len(heard) == 8
    assert all(0.2 < len(burst) / RATE < 0.9 for burst in heard)


@pytest.mark.parametrize("digit", DIGITS)
def test_what_is_heard_is_the_recording_of_the_digit(
    digit: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With one voice at one tempo what is left is the recording, less loud, and the hiss."""
    shutil.copytree(Path(sound.__file__).parents[1] / "recordings" / "b", tmp_path / "b")
    settings.HUMAN_CHECK_RECORDINGS = str(tmp_path)
    monkeypatch.setattr(sound, "_TEMPI", (1.0, 1.0))
    heard, (voice,) = spoken(digit), recordings()
    start = round(0.9 * RATE)
    assert all(abs(a - (118 + (b - 128) * 7 // 8)) <= 20 for a, b in zip(heard[start:], voice[digit], strict=False))


def test_the_voices_tell_digits_apart() -> None:
    """No two digits of a voice are the same recording, and none is silent or cut off."""
    assert len(recordings()) == 2
    for voice in recordings():
        assert set(voice) == set(DIGITS)
        assert len(set(voice.values())) == len(DIGITS)
        for recording in voice.values():
            assert 0.25 < len(recording) / RATE < 0.8
            assert max(recording) - min(recording) > 200
            assert all(abs(value - 128) < 12 for value in (*recording[:3], *recording[-3:]))


def test_a_digit_at_another_tempo_is_still_most_like_itself() -> None:
    (first, *_) = recordings()
    for digit, recording in first.items():
        slower = sound._at_tempo(recording, 0.93)
        assert max(first, key=lambda other: likeness(slower, first[other])) == digit


def test_one_check_sounds_always_alike_and_another_does_not() -> None:
    assert spoken("280463") == spoken("280463")
    assert spoken("280463") != spoken("280463", "another check")


def test_a_sound_is_short_small_and_cheap() -> None:
    recordings()
    start = time.process_time()
    bodies = [SpokenDigits().show("280463", seed=str(number)).body for number in range(20)]
    assert time.process_time() - start < 1
    assert all(80_000 < len(body) < 180_000 for body in bodies)
    assert all(4.5 < len(samples(body)) / RATE < 11 for body in bodies)


def test_an_uneven_number_of_samples_is_padded() -> None:
    for secret in ("2", "3", "44", "555"):
        body = SpokenDigits().show(secret, seed=secret).body
        assert len(body) % 2 == 0
        assert int.from_bytes(body[4:8], "little") == len(body) - 8


def test_recordings_that_cannot_be_used_are_found_at_start_up(settings: Settings, tmp_path: Path) -> None:
    assert checks.human_check_can_be_heard(None) == []

    def complaint() -> str:
        sound._load.cache_clear()
        (error,) = checks.human_check_can_be_heard(None)
        assert error.id == "challenge.E005"
        return str(error.msg)

    settings.HUMAN_CHECK_RECORDINGS = str(tmp_path / "nowhere")
    assert "nowhere" in complaint()
    settings.HUMAN_CHECK_RECORDINGS = str(tmp_path)
    assert "holds no folder" in complaint()
    voice = tmp_path / "people"
    shutil.copytree(Path(sound.__file__).parents[1] / "recordings" / "a", voice)
    sound._load.cache_clear()
    assert checks.human_check_can_be_heard(None) == []
    (voice / "3.wav").write_bytes(b"not a sound")
    assert "3.wav" in complaint()
    with wave.open(str(voice / "3.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(b"\0" * 400)
    assert "3.wav is not mono" in complaint()
    (voice / "3.wav").unlink()
    assert "3.wav" in complaint()
    settings.HUMAN_CHECK_AUDIO = "tongban.nothing.Here"
    assert checks.human_check_can_be_heard(None) == []
    (error,) = checks.human_check_exists(None)
    assert error.id == "challenge.E002"


# --- the life of a check that is heard


def accepts(answer: str | None, browser: str = "b") -> bool:
    try:
        redeem_human_check(browser=browser, answer=answer or "")
    except HumanCheckFailed:
        return False
    return True


@pytest.mark.django_db
class TestHeard:
    def test_either_answer_ends_the_one_check(self) -> None:
        for first, second in (("answer", "spoken"), ("spoken", "answer")):
            new_picture(browser="b", nonce="n")
            new_sound(browser="b", nonce="n")
            answers = {"answer": queries.last_answer("b"), "spoken": queries.last_spoken_answer("b")}
            assert HumanCheck.objects.filter(ended_at=None).count() == 1
            assert accepts(answers[first])
            assert not accepts(answers[second])

    def test_a_wrong_answer_ends_what_is_heard_too(self) -> None:
        new_sound(browser="b")
        answer = queries.last_spoken_answer("b")
        assert not accepts("000000")
        assert not accepts(answer)

    def test_digits_are_typed_as_people_type_them(self) -> None:
        new_sound(browser="b")
        answer = queries.last_spoken_answer("b") or ""
        assert accepts(" ".join(chr(ord(digit) + 0xFEE0) for digit in answer))

    def test_an_answer_belongs_to_its_browser_and_to_its_time(self, clock: MovedClock) -> None:
        new_sound(browser="b")
        answer = queries.last_spoken_answer("b")
        assert not accepts(answer, "another browser")
        clock.forward(minutes=10)
        assert not accepts(answer)

    def test_nothing_that_is_stored_tells_what_is_heard(self) -> None:
        new_sound(browser="b")
        answer = queries.last_spoken_answer("b")
        assert answer
        assert answer not in str(list(HumanCheck.objects.values()))

    def test_what_has_nothing_to_be_heard_is_not_shown_as_if_it_had(self, settings: Settings) -> None:
        settings.HUMAN_CHECK = "tongban.challenge.adapters.altcha.AltchaCheck"
        new_puzzle(browser="b")
        assert queries.last_answer("b") is None
        assert queries.last_spoken_answer("b") is None

    def test_a_check_of_the_release_before_is_posed_anew(self) -> None:
        """During an upgrade its servers show the picture and ours the sound."""
        new_picture(browser="b", nonce="n")
        HumanCheck.objects.update(spoken=None, spoken_digest="")
        new_sound(browser="b", nonce="n")
        assert accepts(queries.last_spoken_answer("b"))


# --- the view


def get(client: Client, turn: str = "t1", **headers: str) -> HttpResponseBase:
    return client.get(reverse("challenge:audio"), {"turn": turn}, headers=headers)


@pytest.mark.django_db
class TestServed:
    def test_it_is_a_sound_that_nobody_keeps(self, client: Client) -> None:
        response = get(client)
        assert (response.status_code, response["Content-Type"]) == (200, "audio/wav")
        assert response["Cache-Control"] == "no-store"
        assert client.post(reverse("challenge:audio")).status_code == 405

    def test_picture_and_sound_of_a_turn_are_one_check(self, client: Client) -> None:
        client.get(reverse("challenge:picture"), {"turn": "t1"})
        get(client)
        assert HumanCheck.objects.count() == 1
        get(client, "t2")
        assert HumanCheck.objects.count() == 2

    def test_parts_make_up_the_whole(self, client: Client) -> None:
        whole = client.get(reverse("challenge:audio"), {"turn": "t"}).content
        start = get(client, "t", range="bytes=0-1")
        rest = get(client, "t", range="bytes=2-")
        assert (start.status_code, rest.status_code) == (206, 206)
        assert start["Content-Range"] == f"bytes 0-1/{len(whole)}"
        assert getattr(start, "content", b"") + getattr(rest, "content", b"") == whole
        assert HumanCheck.objects.count() == 1

    def test_a_browser_session_has_its_share(self, client: Client, settings: Settings, clock: MovedClock) -> None:
        settings.HUMAN_CHECK_AUDIO_RATES_BROWSER = "2/min"
        assert [get(client).status_code for _ in range(3)] == [200, 200, 429]
        clock.forward(seconds=30.5)
        refused = get(client)
        assert (refused["Retry-After"], refused["Content-Type"]) == ("30", "text/plain; charset=utf-8")
        assert "请在 30 秒后再试" in getattr(refused, "content", b"").decode()
        assert client.get(reverse("challenge:picture")).status_code == 200, "the picture has a share of its own"
        assert get(Client()).status_code == 200

    def test_a_network_has_its_share(self, settings: Settings) -> None:
        settings.HUMAN_CHECK_AUDIO_RATES_NETWORK = "2/min"
        assert [get(Client()).status_code for _ in range(3)] == [200, 200, 429]
        assert get(Client(REMOTE_ADDR="198.51.100.1")).status_code == 200
