"""The picture 验证码: posed, shown, answered once."""

from io import BytesIO

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from tests.moved_clock import MovedClock
from tongban.challenge import queries
from tongban.challenge.adapters.picture import ALPHABET, PictureCheck
from tongban.challenge.errors import HumanCheckFailed, OutsideDemo
from tongban.challenge.flows.human_check import new_picture, redeem_human_check
from tongban.challenge.models import HumanCheck

pytestmark = pytest.mark.django_db


def pose(browser: str = "b", nonce: str = "") -> str:
    """Show a new picture to `browser` and return its answer."""
    new_picture(browser=browser, nonce=nonce)
    answer = queries.last_answer(browser)
    assert answer is not None
    return answer


def accepts(answer: str, browser: str = "b") -> bool:
    try:
        redeem_human_check(browser=browser, answer=answer)
    except HumanCheckFailed:
        return False
    return True


def test_a_right_answer_is_accepted_once() -> None:
    answer = pose()
    assert accepts(answer)
    assert not accepts(answer)


def test_case_spaces_and_full_width_forms_do_not_matter() -> None:
    assert accepts(f" {pose().lower()} ")
    assert accepts("".join(chr(ord(character) + 0xFEE0) for character in pose()))


def test_a_wrong_answer_ends_the_picture() -> None:
    answer = pose()
    assert not accepts("0" * len(answer))
    assert not accepts(answer)
    assert HumanCheck.objects.get().end_reason == "tries"


def test_an_answer_belongs_to_its_browser() -> None:
    answer = pose()
    assert not accepts(answer, "another browser")
    assert accepts(answer)


def test_a_picture_expires(clock: MovedClock) -> None:
    answer = pose()
    clock.forward(minutes=10)
    assert not accepts(answer)
    assert queries.last_answer("b") is None


def test_a_second_tab_leaves_the_first_alone() -> None:
    first, second, third = pose(), pose(), pose()
    assert accepts(first)
    assert accepts(third)
    assert accepts(second)


def test_only_the_latest_few_stay_live(settings: Settings) -> None:
    settings.HUMAN_CHECK_LENGTH = 12  # no chance of equal answers
    answers = [pose() for _ in range(4)]
    pose("another browser")
    reasons = HumanCheck.objects.order_by("created_at", "id").values_list("end_reason", flat=True)
    assert list(reasons) == ["replaced", "", "", "", ""]
    assert not accepts(answers[0])


def test_the_same_nonce_shows_the_same_answer_until_it_is_used(clock: MovedClock) -> None:
    answer = pose(nonce="n")
    assert pose(nonce="n") == answer
    assert HumanCheck.objects.count() == 1
    assert pose("another browser", nonce="n")
    assert HumanCheck.objects.count() == 2
    assert accepts(answer)
    fresh = pose(nonce="n")
    assert accepts(fresh)
    stale = pose(nonce="n")
    clock.forward(minutes=10)
    pose(nonce="n")
    assert HumanCheck.objects.filter(end_reason="expired").count() == 1
    assert stale


def test_nothing_that_is_stored_tells_the_answer() -> None:
    answer = pose("the browser's id")
    stored = str(list(HumanCheck.objects.values()))
    assert answer not in stored
    assert "the browser's id" not in stored


def test_the_answer_is_told_in_a_demonstration_only(settings: Settings) -> None:
    pose()
    settings.PROFILE = "production"
    with pytest.raises(OutsideDemo):
        queries.last_answer("b")


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_judged_outside_of_the_callers_transaction() -> None:
    answer = pose()
    with transaction.atomic(), pytest.raises(RuntimeError):
        accepts(answer)
    assert accepts(answer)


def test_the_picture_is_large_small_in_bytes_and_never_twice_the_same() -> None:
    check = PictureCheck()
    secret = check.secret()
    assert len(secret) == 4
    assert set(secret) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0OQD17ILJ2Z5S6G8BUV")
    first, second = (check.show(secret, seed="same") for _ in range(2))
    assert first.body != second.body
    assert len(first.body) < 12_000
    image = Image.open(BytesIO(first.body))
    assert (image.format, image.size) == ("PNG", (320, 120))
    darkness = [image.getpixel((x, y)) for x in range(image.width) for y in range(image.height)]
    assert 0.05 < sum(isinstance(value, int) and value < 60 for value in darkness) / len(darkness) < 0.5


# --- the view


def get(client: Client, turn: str | None = "t1") -> HttpResponseBase:
    return client.get(reverse("challenge:picture"), {"turn": turn} if turn is not None else {})


def test_the_view_answers_with_a_picture_nobody_keeps(client: Client) -> None:
    response = get(client)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert "no-store" in response["Cache-Control"]
    assert client.get(reverse("challenge:picture")).content.startswith(b"\x89PNG")
    assert client.post(reverse("challenge:picture")).status_code == 405


@pytest.mark.parametrize(("turns", "posed"), [(["a", "a"], 1), (["a", "b"], 2), (["", ""], 2), (["<&", "x" * 65], 2)])
def test_a_new_turn_is_a_new_picture(client: Client, turns: list[str], posed: int) -> None:
    for turn in turns:
        get(client, turn)
    assert HumanCheck.objects.count() == posed
    assert not HumanCheck.objects.filter(nonce__contains="<").exists()


def test_a_picture_belongs_to_the_browser_it_was_shown_to(client: Client) -> None:
    get(client)
    get(Client())
    assert HumanCheck.objects.values("browser").distinct().count() == 2
    answer = queries.last_answer(client.session["browser"])
    assert answer
    assert accepts(answer, client.session["browser"])


def test_pictures_for_one_network_are_limited(client: Client, settings: Settings, clock: MovedClock) -> None:
    settings.HUMAN_CHECK_RATES_NETWORK = "2/min"
    assert [get(client).status_code for _ in range(3)] == [200, 200, 429]
    clock.forward(seconds=30.5)
    refused = get(Client())
    assert (refused.status_code, refused["Retry-After"]) == (429, "30")
    assert get(Client(REMOTE_ADDR="198.51.100.1")).status_code == 200
