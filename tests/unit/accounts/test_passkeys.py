"""What pages cannot show of passkeys: challenges, answers of every shape, where browsers make them."""

import json
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from webauthn.helpers import bytes_to_base64url

from tests.authenticator import Authenticator
from tests.moved_clock import MovedClock
from tongban.accounts import passkey_challenges
from tongban.accounts.models import PasskeyChallenge
from tongban.accounts.rules import passkeys
from tongban.accounts.rules.passkeys import AnswerRefused, Known, PasskeyUse, Site

ACCOUNT, OTHER = UUID(int=1), UUID(int=2)
HERE = Site("localhost", "http://localhost")


@pytest.mark.django_db
def test_challenges_are_long_unique_and_ours(clock: MovedClock) -> None:
    made = {passkey_challenges.make(PasskeyUse.SIGN_IN, ACCOUNT, "browser") for _ in range(100)}
    assert len({one.partition(b".")[0] for one in made}) == 100
    assert all(len(one.partition(b".")[0]) == 22 for one in made), "128 bits"
    challenge = made.pop()
    assert passkey_challenges.is_open(challenge, PasskeyUse.SIGN_IN, ACCOUNT, "browser")
    assert not passkey_challenges.is_open(challenge, PasskeyUse.CONFIRM, ACCOUNT, "browser")
    assert not passkey_challenges.is_open(challenge, PasskeyUse.SIGN_IN, OTHER, "browser")
    assert not passkey_challenges.is_open(challenge, PasskeyUse.SIGN_IN, ACCOUNT, "another")
    nonce, at, digest = challenge.split(b".", 2)
    later = b".".join((nonce, str(int(at) + 60).encode(), digest))
    assert not passkey_challenges.is_open(later, PasskeyUse.SIGN_IN, ACCOUNT, "browser")
    clock.forward(seconds=600)
    assert not passkey_challenges.is_open(challenge, PasskeyUse.SIGN_IN, ACCOUNT, "browser")


@pytest.mark.django_db
@pytest.mark.parametrize("made_up", [b"", b".", b"..", b"a.b.c", b"\xff" * 64, b"a.1.unknown.00", b"a." + b"9" * 99])
def test_what_we_did_not_make_is_not_open(made_up: bytes) -> None:
    assert not passkey_challenges.is_open(made_up, PasskeyUse.SIGN_IN, ACCOUNT, "browser")


@pytest.mark.django_db
def test_a_challenge_is_spent_once_and_forgotten_when_it_is_old(clock: MovedClock) -> None:
    assert passkey_challenges.spend(b"one")
    assert not passkey_challenges.spend(b"one")
    clock.forward(hours=23)
    assert passkey_challenges.forget() == 0
    clock.forward(hours=2)
    assert passkey_challenges.forget() == 1
    assert not PasskeyChallenge.objects.exists()


@pytest.mark.parametrize(
    ("origin", "can"),
    [
        ("https://fuwu.example.cn", True),
        ("http://fuwu.example.cn", False),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://203.0.113.7", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_where_browsers_make_passkeys(origin: str, can: bool) -> None:
    host = origin.partition("://")[2]
    host = host if host.startswith("[") else host.partition(":")[0]
    assert Site(host.strip("[]"), origin).can_have_passkeys is can


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
_PARTS = ("id", "rawId", "type", "clientDataJSON", "attestationObject", "authenticatorData", "signature", "transports")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(part=st.sampled_from(_PARTS), value=_JSON | st.binary(max_size=64).map(bytes_to_base64url))
@example(part="id", value="")
def test_no_answer_upsets_the_judge(part: str, value: object) -> None:
    challenge = b"a challenge"
    told = json.dumps({"challenge": bytes_to_base64url(challenge)})
    for text in (Authenticator().make(told), Authenticator().use(told)):
        said = json.loads(text)
        (said if part in {"id", "rawId", "type"} else said["response"])[part] = value
        broken = json.dumps(said)
        _judge_everything(broken, challenge)


def _judge_everything(text: str, challenge: bytes) -> None:
    """Nothing but the one refusal may come of it."""
    judges: tuple[Callable[[], object], ...] = (
        lambda: passkeys.challenge_of(text),
        lambda: passkeys.id_of(text),
        lambda: passkeys.judge_new(text, site=HERE, challenge=challenge),
        lambda: passkeys.judge_used(text, site=HERE, challenge=challenge, public_key=b"x", sign_count=0),
    )
    for judge in judges:
        with suppress(AnswerRefused):
            judge()


def test_ids_that_are_too_short_are_refused() -> None:
    told = json.dumps({"challenge": bytes_to_base64url(b"x")})
    with pytest.raises(AnswerRefused):
        passkeys.judge_new(Authenticator(id=b"short").make(told), site=HERE, challenge=b"x")


def test_a_browser_is_told_which_passkeys_there_are() -> None:
    told = json.loads(passkeys.to_use(HERE, challenge=b"x", known=[Known("AAAA", "internal,usb"), Known("BBBB", "")]))
    assert [one["id"] for one in told["allowCredentials"]] == ["AAAA", "BBBB"]
    assert told["allowCredentials"][0]["transports"] == ["internal", "usb"]
    assert told["userVerification"] == "required"
