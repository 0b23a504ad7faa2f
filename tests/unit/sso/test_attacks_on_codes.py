"""The code and the token endpoint from the attacker's side."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from tests.unit.sso.house import (
    CALLBACK,
    Rp,
    code_for,
    make_client,
    post_form,
    stored_code,
    token_of_code,
    unsigned,
)
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.kernel import clock
from tongban.sso.flows.end_access import end_access
from tongban.sso.models import AccessToken, AuthorizationCode
from tongban.sso.rules import verifier_proves

pytestmark = pytest.mark.django_db
Wait = Callable[[float], None]


def refused(response: Any, code: str, status: int = 400) -> None:
    assert response.status_code == status, response.content
    assert response.json()["error"] == code
    assert response.headers["Cache-Control"] == "no-store"
    assert "access_token" not in response.json()


def test_neither_code_nor_token_is_stored(at_browser: Client, rp: Rp) -> None:
    code = code_for(at_browser, rp)
    token = rp.redeem(code).json()["access_token"]
    stored = str(list(AuthorizationCode.objects.values())) + str(list(AccessToken.objects.values()))
    assert code not in stored
    assert token not in stored
    assert len(code) >= 43
    assert len(token) >= 43


def test_a_code_works_once_and_replaying_it_ends_the_token(at_browser: Client, rp: Rp) -> None:
    code = code_for(at_browser, rp)
    token = rp.redeem(code).json()["access_token"]
    assert rp.userinfo(token).status_code == 200
    refused(rp.redeem(code), "invalid_grant")
    assert rp.userinfo(token).status_code == 401
    assert token_of_code(code).revoked_reason == "code_replayed"
    assert Event.objects.filter(name="sso:code:replayed").count() == 1
    refused(rp.redeem(code), "invalid_grant")
    assert Event.objects.filter(name="sso:code:replayed").count() == 1


def test_who_comes_second_by_a_hair_gets_nothing(at_browser: Client, rp: Rp, monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_for(at_browser, rp)

    def somebody_is_faster(verifier: str, challenge: str) -> bool:
        AuthorizationCode.objects.update(redeemed_at=clock.now())
        return verifier_proves(verifier, challenge)

    monkeypatch.setattr("tongban.sso.flows.redeem_code.verifier_proves", somebody_is_faster)
    refused(rp.redeem(code), "invalid_grant")
    assert not AccessToken.objects.exists()
    assert stored_code(code).replayed_at is not None


def test_a_replay_without_the_proof_ends_the_token_too(at_browser: Client, rp: Rp) -> None:
    code = code_for(at_browser, rp)
    token = rp.redeem(code).json()["access_token"]
    refused(rp.redeem(code, code_verifier="z" * 43), "invalid_grant")
    assert rp.userinfo(token).status_code == 401


def test_a_replay_long_after_is_still_noticed(at_browser: Client, rp: Rp, wait: Wait) -> None:
    code = code_for(at_browser, rp)
    token = rp.redeem(code).json()["access_token"]
    wait(600)
    assert rp.userinfo(token).status_code == 200
    refused(rp.redeem(code), "invalid_grant")
    assert rp.userinfo(token).status_code == 401


def test_a_foreign_client_can_neither_redeem_nor_spoil_a_code(at_browser: Client, rp: Rp) -> None:
    thief = Rp(make_client("thief"), verifier=rp.verifier)
    code = code_for(at_browser, rp)
    refused(thief.redeem(code), "invalid_grant")
    assert stored_code(code).redeemed_at is None
    event = Event.objects.get(name="sso:code:refused")
    assert event.facts == {"reason": "foreign", "issued_to": "hnte"}
    assert event.actor_id == "thief"
    assert rp.redeem(code).status_code == 200


def test_a_foreign_client_cannot_end_a_token_with_a_spent_code(at_browser: Client, rp: Rp) -> None:
    thief = Rp(make_client("thief"), verifier=rp.verifier)
    code = code_for(at_browser, rp)
    token = rp.redeem(code).json()["access_token"]
    refused(thief.redeem(code), "invalid_grant")
    assert rp.userinfo(token).status_code == 200


def test_a_code_is_good_for_sixty_seconds(at_browser: Client, rp: Rp, wait: Wait) -> None:
    code = code_for(at_browser, rp)
    wait(59)
    assert rp.redeem(code).status_code == 200
    late = code_for(at_browser, rp)
    wait(60)
    refused(rp.redeem(late), "invalid_grant")
    assert Event.objects.get(name="sso:code:refused").facts["reason"] == "expired"


@pytest.mark.parametrize(
    "verifier",
    ["z" * 43, "", "short", "z" * 129, "z" * 42 + "é", "z" * 42 + "\n", "z" * 42 + " "],
    ids=["wrong", "empty", "short", "long", "not ASCII", "newline", "blank"],
)
def test_a_code_without_its_proof_is_worth_nothing(at_browser: Client, rp: Rp, verifier: str) -> None:
    code = code_for(at_browser, rp)
    refused(rp.redeem(code, code_verifier=verifier), "invalid_grant" if verifier else "invalid_request")
    assert stored_code(code).redeemed_at is None


def test_the_challenge_is_no_verifier(at_browser: Client, rp: Rp) -> None:
    code = code_for(at_browser, rp)
    refused(rp.redeem(code, code_verifier=stored_code(code).code_challenge), "invalid_grant")


@pytest.mark.parametrize("missing", ["code_verifier", "redirect_uri", "code", "grant_type"])
def test_nothing_may_be_left_out(at_browser: Client, rp: Rp, missing: str) -> None:
    code = code_for(at_browser, rp)
    refused(rp.redeem(code, **{missing: None}), "invalid_request")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9002/callback", "http://127.0.0.1:9002/other/", "http://evil/"])
def test_a_code_is_bound_to_its_redirect_address(at_browser: Client, address: str) -> None:
    other = Rp(make_client("other", redirect_uris=[CALLBACK, "http://127.0.0.1:9002/other/"]))
    code = code_for(at_browser, other)
    refused(other.redeem(code, redirect_uri=address), "invalid_grant")


@pytest.mark.parametrize("code", ["unknown", "x" * 5000, "' OR 1=1 --"])
def test_an_unknown_code_is_worth_nothing(rp: Rp, code: str) -> None:
    refused(rp.redeem(code), "invalid_grant")


@pytest.mark.parametrize("name", ["code", "client_id", "redirect_uri", "code_verifier", "anything"])
def test_a_nul_is_read_by_nobody(rp: Rp, name: str) -> None:
    refused(rp.redeem("x", **{name: "\x00"}), "invalid_request")


@pytest.mark.parametrize(
    "grant",
    ["password", "refresh_token", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
)
def test_there_are_no_other_grants(rp: Rp, grant: str) -> None:
    refused(rp.redeem("x", grant_type=grant), "unsupported_grant_type")


def test_a_code_dies_with_the_session_it_was_born_in(at_browser: Client, rp: Rp) -> None:
    code = code_for(at_browser, rp)
    at_browser.session.flush()
    refused(rp.redeem(code), "invalid_grant")


def test_a_token_dies_with_the_session_it_was_born_in(at_browser: Client, rp: Rp) -> None:
    token = rp.redeem(code_for(at_browser, rp)).json()["access_token"]
    at_browser.session.flush()
    assert rp.userinfo(token).status_code == 401


def test_ending_access_spoils_codes_and_tokens(at_browser: Client, rp: Rp, person: Account) -> None:
    token = rp.redeem(code_for(at_browser, rp)).json()["access_token"]
    code = code_for(at_browser, rp)
    with transaction.atomic():
        assert end_access(actor=Actor.system(), reason="test", account=person) == 1
        assert end_access(actor=Actor.system(), reason="test", account=person) == 0
    assert rp.userinfo(token).status_code == 401
    refused(rp.redeem(code), "invalid_grant")


# Client authentication


def test_a_client_proves_itself_by_basic(at_browser: Client, rp: Rp) -> None:
    code = code_for(at_browser, rp)
    secret = base64.b64encode(f"{rp.client_id}:{rp.registered.secret}".encode()).decode()
    data = rp.token_request(code, client_secret=None)
    assert post_form(rp.http, "/oidc/token", data, authorization=f"Basic {secret}").status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"hnte").decode(),
        "Basic " + base64.b64encode(b"hnte:wrong").decode(),
        "Basic " + base64.b64encode(b"other:wrong").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Bearer abc",
        "Digest username=hnte",
    ],
)
def test_a_wrong_header_proves_nothing(at_browser: Client, rp: Rp, authorization: str) -> None:
    code = code_for(at_browser, rp)
    data = rp.token_request(code, client_secret=None)
    response = post_form(rp.http, "/oidc/token", data, authorization=authorization)
    refused(response, "invalid_client", 401)
    assert response.headers["WWW-Authenticate"].startswith("Basic")
    assert stored_code(code).redeemed_at is None


def test_the_header_of_one_client_does_not_speak_for_another(at_browser: Client, rp: Rp) -> None:
    other = make_client("other")
    secret = base64.b64encode(f"other:{other.secret}".encode()).decode()
    data = rp.token_request(code_for(at_browser, rp), client_secret=None)
    refused(post_form(rp.http, "/oidc/token", data, authorization=f"Basic {secret}"), "invalid_client", 401)


@pytest.mark.parametrize("secret", ["wrong", None, "x" * 10_000])
def test_a_wrong_secret_proves_nothing(at_browser: Client, rp: Rp, secret: str | None) -> None:
    code = code_for(at_browser, rp)
    refused(rp.redeem(code, client_secret=secret), "invalid_client", 401)
    assert stored_code(code).redeemed_at is None


@pytest.mark.parametrize("client_id", ["unknown", None])
def test_an_unknown_client_proves_nothing(at_browser: Client, rp: Rp, client_id: str | None) -> None:
    refused(rp.redeem(code_for(at_browser, rp), client_id=client_id), "invalid_client", 401)


def test_two_proofs_are_one_too_many(at_browser: Client, rp: Rp) -> None:
    data = rp.token_request(code_for(at_browser, rp))
    refused(post_form(rp.http, "/oidc/token", data, authorization="Basic x"), "invalid_request")


def test_a_public_client_has_its_verifier_only(at_browser: Client) -> None:
    public = Rp(make_client("public", authentication="none"))
    assert public.redeem(code_for(at_browser, public)).status_code == 200
    refused(public.redeem(code_for(at_browser, public), code_verifier="z" * 43), "invalid_grant")
    refused(public.redeem(code_for(at_browser, public), client_secret="anything"), "invalid_client", 401)


def test_a_confidential_client_cannot_pose_as_public(at_browser: Client, rp: Rp) -> None:
    refused(rp.redeem(code_for(at_browser, rp), client_secret=None), "invalid_client", 401)


# The message itself


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("grant_type=authorization_code&grant_type=authorization_code", "application/x-www-form-urlencoded"),
        ("{}", "application/json"),
        ("a=1", "multipart/form-data; boundary=x"),
        ("", ""),
        ("x=" + "1" * 20_000, "application/x-www-form-urlencoded"),
        ("a=%ff", "application/x-www-form-urlencoded"),
        ("é=1", "application/x-www-form-urlencoded"),
        ("&".join(f"a{n}=1" for n in range(100)), "application/x-www-form-urlencoded"),
    ],
    ids=["twice", "JSON", "multipart", "nothing", "long", "not UTF-8", "raw", "many"],
)
def test_a_message_of_the_wrong_form_is_refused(rp: Rp, body: str, kind: str) -> None:
    refused(rp.http.post("/oidc/token", body.encode(), content_type=kind), "invalid_request")


def test_credentials_in_the_query_are_refused(at_browser: Client, rp: Rp) -> None:
    data = rp.token_request(code_for(at_browser, rp))
    refused(post_form(rp.http, f"/oidc/token?{urlencode(data)}", data), "invalid_request")


def test_the_token_endpoint_takes_posts_only(rp: Rp) -> None:
    assert rp.http.get("/oidc/token").status_code == 405


# The access token


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer unknown", "Basic abc", f"Bearer {unsigned({'sub': 'x'})}"]
)
def test_nothing_is_told_without_a_token(rp: Rp, authorization: str) -> None:
    response = rp.http.get("/oidc/userinfo", headers={"authorization": authorization} if authorization else {})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="userinfo"')
    assert set(response.json()) == {"error", "error_description"}


def test_a_token_in_the_query_is_not_looked_at(at_browser: Client, rp: Rp) -> None:
    token = rp.redeem(code_for(at_browser, rp)).json()["access_token"]
    assert rp.http.get(f"/oidc/userinfo?access_token={token}").status_code == 401
    assert rp.http.post("/oidc/userinfo", {"access_token": token}).status_code == 401


def test_a_token_is_good_for_fifteen_minutes(at_browser: Client, rp: Rp, wait: Wait) -> None:
    answer = rp.redeem(code_for(at_browser, rp)).json()
    assert answer["expires_in"] == 900
    wait(899)
    assert rp.userinfo(answer["access_token"]).status_code == 200
    wait(1)
    assert rp.userinfo(answer["access_token"]).status_code == 401


def test_the_token_is_no_log_in(at_browser: Client, rp: Rp) -> None:
    token = rp.redeem(code_for(at_browser, rp)).json()["access_token"]
    response = Client().get("/account/consents/", headers={"authorization": f"Bearer {token}"})
    assert response.status_code == 302
