"""What ID tokens and user info say, and of whom they say nothing."""

import base64
import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.unit.sso.house import ISSUER, UNIT_NAME, USCC, Rp, code_for, make_account, make_client, signed_in, verify
from tongban.accounts.flows.bind import release
from tongban.accounts.models import Account, Session
from tongban.accounts.queries import live_binding
from tongban.accounts.rules import IdentityKind, Realm
from tongban.audit.actors import Actor
from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.sso import signing
from tongban.sso.errors import NoSigningKey
from tongban.sso.flows.keep_signing_keys import rotate_signing_key
from tongban.sso.models import Sector, SigningKey
from tongban.sso.protocols.oidc.id_token import read_hint

pytestmark = pytest.mark.django_db
Wait = Callable[[float], None]


def test_the_id_token_says_what_the_standard_demands(at_browser: Client, rp: Rp, person: Account) -> None:
    answer = rp.redeem(code_for(at_browser, rp)).json()
    assert (answer["token_type"], answer["scope"]) == ("Bearer", "openid profile")
    token = rp.read(answer["id_token"])
    claims = token.claims
    now = clock.now().timestamp()
    assert token.header["alg"] == "ES256"
    assert claims["iss"] == ISSUER
    assert claims["aud"] == "hnte"
    assert claims["nonce"] == "n-once"
    assert claims["exp"] - claims["iat"] == 300
    assert abs(claims["iat"] - now) < 5
    assert claims["auth_time"] == int(Session.objects.get(account=person).created_at.timestamp())
    assert claims["acr"] == "urn:tongban:assurance:cross-checked"
    assert claims["amr"] == ["pwd"]
    half = hashlib.sha256(answer["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert set(claims) == {
        "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"
    }  # fmt: skip


def test_no_nonce_in_none_out(at_browser: Client, rp: Rp) -> None:
    token = rp.redeem(code_for(at_browser, rp, nonce=None)).json()["id_token"]
    assert "nonce" not in rp.read(token).claims


@pytest.mark.parametrize("nonce", ["x", "中文", 'quote"\\', "n" * 2048])
def test_the_nonce_comes_back_exactly(at_browser: Client, rp: Rp, nonce: str) -> None:
    token = rp.redeem(code_for(at_browser, rp, nonce=nonce)).json()["id_token"]
    assert rp.read(token).claims["nonce"] == nonce


def test_a_client_may_ask_for_rs256(at_browser: Client) -> None:
    rp = Rp(make_client("old", id_token_algorithm="RS256"))
    token = rp.read(rp.redeem(code_for(at_browser, rp)).json()["id_token"])
    assert token.header["alg"] == "RS256"


def test_the_subject_is_stable_and_foreign_to_other_sectors(at_browser: Client, rp: Rp, person: Account) -> None:
    def subject(who: Rp) -> str:
        return str(rp.read(who.redeem(code_for(at_browser, who)).json()["id_token"]).claims["sub"])

    mine = subject(rp)
    assert subject(rp) == mine
    other = subject(Rp(make_client("other")))
    twin_a, twin_b = (subject(Rp(make_client(name, sector="torch"))) for name in ("twin-a", "twin-b"))
    assert len({mine, other, twin_a}) == 3
    assert twin_a == twin_b
    assert person.id.hex not in mine
    assert Sector.objects.count() == 3


def test_two_accounts_have_two_subjects_and_sessions(at_browser: Client, at_unit_browser: Client, rp: Rp) -> None:
    tokens = [rp.read(rp.redeem(code_for(http, rp)).json()["id_token"]) for http in (at_browser, at_unit_browser)]
    assert tokens[0].claims["sub"] != tokens[1].claims["sub"]
    assert tokens[0].claims["sid"] != tokens[1].claims["sid"]


def test_user_info_of_a_person(at_browser: Client, rp: Rp) -> None:
    answer = rp.redeem(code_for(at_browser, rp, scope="openid profile unit")).json()
    claims = rp.userinfo(answer["access_token"]).json()
    assert claims.pop("sub") == rp.read(answer["id_token"]).claims["sub"]
    assert claims == {"realm": "natural", "name": "张三", "assurance": 2}


def test_user_info_of_a_unit(at_unit_browser: Client, rp: Rp) -> None:
    token = rp.redeem(code_for(at_unit_browser, rp, scope="openid profile unit")).json()["access_token"]
    response = rp.userinfo(token)
    assert response.headers["Cache-Control"] == "no-store"
    claims = response.json()
    assert claims.pop("sub") != claims.pop("unit_sub")
    assert claims == {
        "realm": "legal", "assurance": 2, "uscc": USCC, "unit_name": UNIT_NAME, "unit_type": "enterprise",
    }  # fmt: skip


def test_openid_alone_tells_the_subject_alone(at_browser: Client, rp: Rp) -> None:
    token = rp.redeem(code_for(at_browser, rp, scope="openid")).json()["access_token"]
    assert set(rp.userinfo(token).json()) == {"sub"}


def test_user_info_may_be_asked_by_post(at_browser: Client, rp: Rp) -> None:
    token = rp.redeem(code_for(at_browser, rp)).json()["access_token"]
    assert rp.http.post("/oidc/userinfo", headers={"authorization": f"bearer {token}"}).status_code == 200
    assert rp.http.put("/oidc/userinfo").status_code == 405


def test_a_released_binding_is_told_no_more(at_unit_browser: Client, rp: Rp, unit: Account) -> None:
    token = rp.redeem(code_for(at_unit_browser, rp, scope="openid profile unit")).json()["access_token"]
    binding = live_binding(unit, IdentityKind.UNIT)
    assert binding is not None
    release(actor=Actor.system(), binding=binding, reason="test")
    claims = rp.userinfo(token).json()
    claims.pop("sub")
    assert claims == {"realm": "legal"}


def test_an_unverified_claim_is_nobodys_name() -> None:
    rp = Rp(make_client("open", required_assurance=AssuranceLevel.SELF_ASSERTED))
    http = signed_in(make_account(Realm.LEGAL, USCC))
    answer = rp.redeem(code_for(http, rp, scope="openid profile unit")).json()
    claims = rp.userinfo(answer["access_token"]).json()
    claims.pop("sub")
    assert claims == {"realm": "legal"}
    assert rp.read(answer["id_token"]).claims["acr"] == "urn:tongban:assurance:self-asserted"


def test_acr_follows_the_assurance(db: None) -> None:
    account = verify(make_account(Realm.NATURAL, "seen"), assurance=AssuranceLevel.PRESENCE_VERIFIED)
    rp = Rp(make_client())
    token = rp.redeem(code_for(signed_in(account), rp)).json()["id_token"]
    assert rp.read(token).claims["acr"] == "urn:tongban:assurance:presence-verified"


def test_a_sign_on_asks_the_database_little(
    at_browser: Client, rp: Rp, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    code_for(at_browser, rp)
    rp.read(rp.redeem(code_for(at_browser, rp)).json()["id_token"])
    savepoint = 2  # the test's own transaction makes two statements more of ours
    with django_assert_max_num_queries(10 + savepoint):
        code = code_for(at_browser, rp)
    with django_assert_max_num_queries(4 + savepoint):
        token = rp.redeem(code).json()["access_token"]
    with django_assert_max_num_queries(2):
        rp.userinfo(token)


# Keys


def test_a_successor_is_published_before_it_signs_and_the_old_key_after(
    at_browser: Client, rp: Rp, person: Account, wait: Wait
) -> None:
    def kids() -> set[str]:
        return {key["kid"] for key in rp.http.get("/oidc/jwks").json()["keys"]}

    def signing_kid() -> str:
        return str(rp.read(rp.redeem(code_for(at_browser, rp)).json()["id_token"]).header["kid"])

    first = signing_kid()
    assert kids() == {first}
    rotate_signing_key(actor=Actor.system(), algorithm="ES256")
    assert len(kids()) == 2
    assert signing_kid() == first
    old_token = rp.redeem(code_for(at_browser, rp)).json()["id_token"]
    wait(3600)
    at_browser.force_login(person)
    second = signing_kid()
    assert second != first
    assert kids() == {first, second}
    assert read_hint(old_token) is not None
    wait(timedelta(days=2).total_seconds())
    assert kids() == {second}
    assert read_hint(old_token) is None


def test_the_key_set_holds_no_private_key(rp: Rp) -> None:
    make_client("old", id_token_algorithm="RS256")
    keys = rp.http.get("/oidc/jwks").json()["keys"]
    assert {key["kty"] for key in keys} == {"EC", "RSA"}
    assert not {"d", "p", "q", "dp", "dq", "qi"} & {name for key in keys for name in key}
    assert {key["use"] for key in keys} == {"sig"}
    assert {key["alg"] for key in keys} == {"ES256", "RS256"}


def test_private_keys_are_sealed(rp: Rp) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT private_key FROM sso_signingkey")
        stored = bytes(cursor.fetchone()[0])
    assert b"PRIVATE" not in stored
    assert "PRIVATE" not in repr(SigningKey.objects.get().private_key)


def test_an_id_token_needs_a_key(at_browser: Client, rp: Rp) -> None:
    code = code_for(at_browser, rp)
    SigningKey.objects.all().delete()
    signing.forget()
    with pytest.raises(NoSigningKey):
        rp.redeem(code)


# Discovery


def test_discovery_describes_what_there_is(rp: Rp) -> None:
    response = rp.http.get("/.well-known/openid-configuration")
    document = response.json()
    assert document["issuer"] == ISSUER
    assert document["authorization_endpoint"] == f"{ISSUER}/oidc/authorize"
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["response_types_supported"] == ["code"]
    assert document["subject_types_supported"] == ["pairwise"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert "registration_endpoint" not in document
    assert "public" in response.headers["Cache-Control"]
    for name, address in document.items():
        if name.endswith("_endpoint") or name == "jwks_uri":
            assert rp.http.get(address.removeprefix(ISSUER)).status_code != 404, name
    assert rp.http.post("/.well-known/openid-configuration").status_code == 405
