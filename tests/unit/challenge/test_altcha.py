"""ALTCHA: the browser's work in place of the person's, once, in time, and nobody else's."""

import base64
import json
from copy import deepcopy
from typing import Any

import pytest
from altcha import Challenge, Payload, create_challenge, solve_challenge
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tests.moved_clock import MovedClock
from tongban.challenge import checks, provider, queries
from tongban.challenge.adapters.altcha import AltchaCheck
from tongban.challenge.errors import HumanCheckFailed, NoPuzzle
from tongban.challenge.flows.human_check import new_picture, new_puzzle, redeem_human_check
from tongban.challenge.models import HumanCheck
from tongban.design import widgets
from tongban.design.fields import HumanCheckField
from tongban.design.forms import Form

pytestmark = pytest.mark.django_db
KIND = "tongban.challenge.adapters.altcha.AltchaCheck"


@pytest.fixture(autouse=True)
def chosen(settings: Settings) -> None:
    settings.HUMAN_CHECK = KIND
    settings.ALTCHA_COST = 1000
    settings.ALTCHA_STEPS = 20


def solved(puzzle: bytes) -> dict[str, Any]:
    """Return what a script would send, before it is encoded."""
    challenge = Challenge.from_dict(json.loads(puzzle))
    solution = solve_challenge(challenge)
    assert solution is not None
    found: dict[str, Any] = Payload(challenge, solution).to_dict()
    return found


def encoded(payload: object) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def accepts(payload: object, browser: str = "b") -> bool:
    try:
        redeem_human_check(browser=browser, answer=payload if isinstance(payload, str) else encoded(payload))
    except HumanCheckFailed:
        return False
    return True


def test_a_solved_puzzle_is_accepted_once() -> None:
    payload = solved(new_puzzle(browser="b").body)
    assert accepts(payload)
    assert not accepts(payload)
    assert HumanCheck.objects.get().end_reason == "redeemed"


def test_a_puzzle_says_what_it_costs_and_is_signed() -> None:
    challenge = json.loads(new_puzzle(browser="b").body)
    assert challenge["signature"]
    parameters = challenge["parameters"]
    assert (parameters["algorithm"], parameters["cost"]) == ("PBKDF2/SHA-256", 1000)
    assert 10 <= solved(json.dumps(challenge).encode())["solution"]["counter"] < 20


def test_a_puzzle_belongs_to_its_browser() -> None:
    payload = solved(new_puzzle(browser="b").body)
    assert not accepts(payload, "another browser")
    assert accepts(payload)


def test_a_puzzle_ends_in_time(clock: MovedClock) -> None:
    payload = solved(new_puzzle(browser="b").body)
    clock.forward(minutes=10)
    assert not accepts(payload)


def test_the_signed_end_counts_by_itself(settings: Settings) -> None:
    settings.HUMAN_CHECK_SECONDS = -1
    assert AltchaCheck().normalise(encoded(solved(AltchaCheck().secret().encode()))) == ""


def change(payload: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    changed = deepcopy(payload)
    *places, last = path.split(".")
    inner = changed
    for place in places:
        inner = inner[place]
    inner[last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("challenge.parameters.cost", 1),
        ("challenge.parameters.keyPrefix", ""),
        ("challenge.parameters.expiresAt", 4_000_000_000),
        ("challenge.parameters.keySignature", "00"),
        ("challenge.parameters.nonce", "00" * 16),
        ("challenge.parameters.algorithm", "SHA-256"),
        ("challenge.signature", "00" * 32),
        ("challenge.signature", None),
        ("challenge.parameters.data", {"more": 1}),
        ("solution.derivedKey", "00" * 32),
        ("solution.derivedKey", ""),
        ("solution.derivedKey", None),
    ],
)
def test_whatever_is_changed_is_noticed(path: str, value: object) -> None:
    payload = solved(new_puzzle(browser="b").body)
    assert not accepts(change(payload, path, value))


def test_a_puzzle_of_ones_own_making_is_worth_nothing() -> None:
    new_puzzle(browser="b")
    forged = create_challenge("PBKDF2/SHA-256", 1, counter=0, hmac_secret="guessed", hmac_key_secret="guessed")
    assert not accepts(solved(json.dumps(forged.to_dict()).encode()))


def test_a_puzzle_that_was_posed_to_nobody_is_worth_nothing() -> None:
    assert not accepts(solved(AltchaCheck().secret().encode()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["challenge", "solution", "parameters", "signature", "data", "nonce", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    JSON.map(encoded) | st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.b64encode(raw).decode())
)
def test_nothing_that_is_sent_upsets_the_judge(answer: str) -> None:
    assert AltchaCheck().normalise(answer) == ""


def test_damage_inside_a_true_puzzle_upsets_nobody() -> None:
    payload = solved(AltchaCheck().secret().encode())
    for path in ("challenge", "challenge.parameters", "challenge.parameters.salt", "solution", "solution.counter"):
        odd: tuple[Any, ...] = (None, [], {}, "x", 1.5, {"a": {"__proto__": 1}})
        for value in odd:
            AltchaCheck().normalise(encoded(change(payload, path, value)))


def test_who_has_no_script_sees_and_hears_as_ever() -> None:
    new_puzzle(browser="b")
    new_picture(browser="b")
    assert accepts(queries.last_answer("b") or "")
    new_picture(browser="b")
    assert accepts(queries.last_spoken_answer("b") or "")


def test_pictures_and_puzzles_share_the_places_of_a_browser() -> None:
    for _ in range(3):
        new_puzzle(browser="b")
    new_picture(browser="b")
    assert HumanCheck.objects.filter(ended_at=None).count() == 3
    assert queries.last_answer("b")


def test_where_pictures_are_chosen_no_puzzle_is_posed(settings: Settings, client: Client) -> None:
    payload = solved(new_puzzle(browser="b").body)
    settings.HUMAN_CHECK = settings.HUMAN_CHECK_WITHOUT_SCRIPT
    with pytest.raises(NoPuzzle):
        new_puzzle(browser="b")
    assert client.get(reverse("challenge:puzzle")).status_code == 404
    assert not accepts(payload)


def test_the_view_answers_with_a_puzzle_of_this_browser(client: Client) -> None:
    response = client.get(reverse("challenge:puzzle"))
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/json", "no-store")
    assert accepts(solved(response.content), client.session["browser"])


def test_puzzles_are_limited_by_session_and_network(client: Client, settings: Settings) -> None:
    settings.HUMAN_CHECK_RATES_BROWSER, settings.HUMAN_CHECK_RATES_NETWORK = "1/min", "2/min"
    first, second = (client.get(reverse("challenge:puzzle")) for _ in range(2))
    assert (first.status_code, second.status_code, second["Retry-After"]) == (200, 429, "60")
    assert Client().get(reverse("challenge:puzzle")).status_code == 200
    assert Client().get(reverse("challenge:puzzle")).status_code == 429


def test_settings_that_would_shut_people_out_are_found(settings: Settings) -> None:
    assert [*checks.human_check_exists(None), *checks.puzzles_are_bearable(None)] == []
    settings.HUMAN_CHECK_WITHOUT_SCRIPT = KIND
    settings.ALTCHA_COST, settings.ALTCHA_STEPS = 10, 1_000_000
    found = [*checks.human_check_exists(None), *checks.puzzles_are_bearable(None)]
    assert [error.id for error in found] == ["challenge.E004", "challenge.E006", "challenge.E006"]


# --- the control


class Page(Form):
    human_check = HumanCheckField(only_for=("send-code",))


def test_the_control_names_the_puzzle_only_where_it_is_chosen(settings: Settings) -> None:
    drawn = str(Page()["human_check"])
    assert 'data-puzzle="/challenge/puzzle/" data-acts="send-code"' in drawn
    assert "challenge/altcha.js" in drawn
    assert 'alt="验证码图片"' in drawn, "for browsers without scripts"
    settings.HUMAN_CHECK = settings.HUMAN_CHECK_WITHOUT_SCRIPT
    assert provider.offered() is None
    assert "puzzle" not in str(Page()["human_check"])


def test_what_the_script_found_goes_before_what_was_typed() -> None:
    data = {"human_check": "", "human_check-proof": "eyJ9"}
    control = widgets.HumanCheckInput()
    assert control.value_from_datadict(data, {}, "human_check") == "eyJ9"
    assert control.value_from_datadict(data | {"human_check-proof": ""}, {}, "human_check") == ""
    payload = encoded(solved(new_puzzle(browser="b").body))
    assert len(payload) < 1500
    assert HumanCheckField().clean(payload) == payload
