"""Clients that sign instead of sharing a secret (private_key_jwt), and those who only pretend to."""

import base64
import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from tests.unit.sso.house import ISSUER, Rp, code_for, make_client, stored_code, unsigned
from tongban.kernel import clock
from tongban.sso.flows.sweep import sweep
from tongban.sso.models import AuthorizationCode, SpentAssertion
from tongban.sso.protocols.oidc.client_authentication import ASSERTION_TYPE

pytestmark = pytest.mark.django_db
KEY = ECKey.generate_key("P-256", {"kid": "rp-1", "use": "sig"})


@pytest.fixture
def signer(db: None) -> Rp:
    return Rp(make_client("signer", authentication="private_key_jwt", public_keys=public(KEY)))


def public(*keys: Any) -> dict[str, Any]:
    return dict(KeySet(list(keys)).as_dict(private=False))


def claims(**changes: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    values = {
        "iss": "signer", "sub": "signer", "aud": ISSUER, "jti": secrets.token_urlsafe(16), "iat": now, "exp": now + 60,
        **changes,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value is not None}


def sign(values: dict[str, Any], key: Any = KEY, alg: str = "ES256", **header: Any) -> str:
    return jwt.encode({"alg": alg, "kid": "rp-1", **header}, values, key, algorithms=[alg])


def redeem(rp: Rp, code: str, assertion: str, **changes: str | None) -> Any:
    return rp.redeem(code, client_assertion_type=ASSERTION_TYPE, client_assertion=assertion, **changes)


def refused(response: Any) -> None:
    assert response.status_code == 401, response.content
    assert response.json()["error"] == "invalid_client"


@pytest.mark.parametrize("audience", [ISSUER, f"{ISSUER}/oidc/token", [ISSUER, "x"]])
def test_a_signed_assertion_proves_the_client(at_browser: Client, signer: Rp, audience: Any) -> None:
    assert redeem(signer, code_for(at_browser, signer), sign(claims(aud=audience))).status_code == 200


def test_the_assertion_says_who_the_client_is(at_browser: Client, signer: Rp) -> None:
    assert redeem(signer, code_for(at_browser, signer), sign(claims()), client_id=None).status_code == 200


def test_rs256_is_welcome_too(at_browser: Client) -> None:
    key = RSAKey.generate_key(2048, {"kid": "rp-1"})
    rp = Rp(make_client("signer", authentication="private_key_jwt", public_keys=public(key)))
    assert redeem(rp, code_for(at_browser, rp), sign(claims(), key, "RS256")).status_code == 200


def test_an_assertion_works_once(at_browser: Client, signer: Rp) -> None:
    assertion = sign(claims())
    assert redeem(signer, code_for(at_browser, signer), assertion).status_code == 200
    refused(redeem(signer, code_for(at_browser, signer), assertion))


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "other"},
    "another subject": {"sub": "other"},
    "no subject": {"sub": None},
    "another audience": {"aud": "http://evil.example"},
    "no audience": {"aud": None},
    "no end": {"exp": None},
    "over": {"exp": 1},
    "endless": {"exp": 9_999_999_999},
    "no jti": {"jti": None},
    "jti of another type": {"jti": 7},
    "long jti": {"jti": "x" * 201},
    "end of another type": {"exp": "tomorrow"},
    "not yet": {"nbf": 9_999_999_999},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_an_assertion_that_lies_proves_nothing(at_browser: Client, signer: Rp, lie: dict[str, Any]) -> None:
    code = code_for(at_browser, signer)
    refused(redeem(signer, code, sign(claims(**lie))))
    assert stored_code(code).redeemed_at is None


def with_public_key_as_secret() -> str:
    """HS256 with the public key as its secret: the old confusion of algorithms."""
    secret = json.dumps(KEY.as_dict(private=False)).encode()
    return jwt.encode({"alg": "HS256"}, claims(), OctKey.import_key(secret), algorithms=["HS256"])


FORGERIES: dict[str, Callable[[], str]] = {
    "alg none": lambda: unsigned(claims()),
    "another key": lambda: sign(claims(), ECKey.generate_key("P-256", {"kid": "rp-1"})),
    "its own key in the header": lambda: sign(
        claims(), stranger := ECKey.generate_key("P-256", {"kid": "x"}), jwk=stranger.as_dict(private=False)
    ),
    "public key as secret": with_public_key_as_secret,
    "no token": lambda: "x",
    "two parts": lambda: "a.b",
    "no JSON": lambda: "a." + base64.urlsafe_b64encode(b"x").decode() + ".c",
    "a list": lambda: "a." + base64.urlsafe_b64encode(b"[]").decode() + ".c",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
@pytest.mark.parametrize("client_id", ["signer", None], ids=["named", "unnamed"])
def test_a_forged_assertion_proves_nothing(
    at_browser: Client, signer: Rp, forge: Callable[[], str], client_id: str | None
) -> None:
    refused(redeem(signer, code_for(at_browser, signer), forge(), client_id=client_id))


def test_one_client_cannot_speak_for_another(at_browser: Client, signer: Rp, rp: Rp) -> None:
    code = code_for(at_browser, rp)
    refused(redeem(rp, code, sign(claims()), client_secret=None))
    refused(redeem(rp, code, sign(claims(iss="hnte", sub="hnte")), client_secret=None))


def test_another_type_of_assertion_proves_nothing(at_browser: Client, signer: Rp) -> None:
    code = code_for(at_browser, signer)
    refused(signer.redeem(code, client_assertion_type="urn:other", client_assertion=sign(claims())))
    refused(signer.redeem(code, client_assertion=sign(claims())))
    refused(signer.redeem(code, client_secret="x"))
    refused(signer.redeem(code))


def test_assertions_and_codes_are_swept_when_they_are_worth_nothing(
    at_browser: Client, signer: Rp, wait: Callable[[float], None]
) -> None:
    redeem(signer, code_for(at_browser, signer), sign(claims()))
    assert sweep() == 0
    wait(400)
    assert sweep() == 1
    assert not SpentAssertion.objects.exists()
    assert AuthorizationCode.objects.exists(), "a late replay must still be noticed"
    wait(86_400)
    assert sweep() == 1
    assert not AuthorizationCode.objects.exists()
    assert sweep() == 0
