"""The authorization endpoint from the attacker's side: nothing leaves for an address nobody registered."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.journeys.html import parse, words
from tests.unit.sso.house import CALLBACK, OPERATOR, Rp, answer_of, is_page, make_client
from tongban.sso.flows.register_client import close_client
from tongban.sso.models import AuthorizationCode

pytestmark = pytest.mark.django_db

WRONG_ADDRESSES = [
    "http://127.0.0.1:9002/callback",
    "http://127.0.0.1:9002/callback/x",
    "http://127.0.0.1:9002/callback/?x=1",
    "http://127.0.0.1:9002/callback/#x",
    "http://127.0.0.1:9002/callback//",
    "http://127.0.0.1:9002/callback/../evil/",
    "http://127.0.0.1:9002/callback/%2e%2e/",
    "http://127.0.0.1:9002/Callback/",
    "http://127.0.0.1:9002/callback/ ",
    " http://127.0.0.1:9002/callback/",
    "http://127.0.0.1:9002/callback/\t",
    "http://127.0.0.1:9002/callback/\x00",
    "http://127.0.0.1/callback/",
    "http://127.0.0.1:9003/callback/",
    "http://127.0.0.1:09002/callback/",
    "https://127.0.0.1:9002/callback/",
    "HTTP://127.0.0.1:9002/callback/",
    "http://localhost:9002/callback/",
    "http://127.1:9002/callback/",
    "http://2130706433:9002/callback/",
    "http://127.0.0.1:9002@evil.example/callback/",
    "http://evil.example@127.0.0.1:9002/callback/",
    "http://127.0.0.1:9002.evil.example/callback/",
    "http://evil.example/?http://127.0.0.1:9002/callback/",
    "http://evil.example#http://127.0.0.1:9002/callback/",
    "http://evil.example\\@127.0.0.1:9002/callback/",
    "http://evil.example/callback/",
    "//127.0.0.1:9002/callback/",
    "//evil.example/",
    "/callback/",
    "callback/",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://127.0.0.1:9002/logged-out/",
    "http://127.0.0.1:9002/initiate-login/",
    "http://１２７.0.0.1:9002/callback/",
    "http://127.0.0.1:9002/callback/%00",
    "http:127.0.0.1:9002/callback/",
    "http:///127.0.0.1:9002/callback/",
    "http://[::1]:9002/callback/",
    "*",
    "",
]


@pytest.mark.parametrize("address", WRONG_ADDRESSES)
def test_an_address_that_is_not_exactly_registered_gets_nothing(at_browser: Client, rp: Rp, address: str) -> None:
    is_page(at_browser.get(rp.address(redirect_uri=address)), 400, "这个登录请求有误")
    assert not AuthorizationCode.objects.exists()


def test_a_missing_address_gets_nothing(at_browser: Client, rp: Rp) -> None:
    is_page(at_browser.get(rp.address(redirect_uri=None)), 400)


def test_the_address_of_another_client_gets_nothing(at_browser: Client, rp: Rp) -> None:
    other = Rp(make_client("other", redirect_uris=["http://127.0.0.1:9009/callback/"]))
    is_page(at_browser.get(other.address()), 400)


@pytest.mark.parametrize("client_id", ["unknown", "", "HNTE", "hnte ", "hnte\x00"])
def test_an_unknown_client_gets_nothing(at_browser: Client, rp: Rp, client_id: str) -> None:
    is_page(at_browser.get(rp.address(client_id=client_id)), 400)


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "scope", "state", "code_challenge", "anything"])
def test_a_parameter_said_twice_gets_nothing(at_browser: Client, rp: Rp, name: str) -> None:
    query = urlencode([*rp.request(anything="1").items(), (name, "http://evil.example/")])
    is_page(at_browser.get(f"/oidc/authorize?{query}"), 400)


@pytest.mark.parametrize("query", ["", "%", "a=%ff", "&&&", "client_id", "&".join(f"a{n}=1" for n in range(100))])
def test_a_query_that_cannot_be_read_gets_nothing(at_browser: Client, rp: Rp, query: str) -> None:
    is_page(at_browser.get(f"/oidc/authorize?{query}"), 400)


def test_the_page_does_not_repeat_what_the_link_says(at_browser: Client, rp: Rp) -> None:
    page = parse(at_browser.get(rp.address(redirect_uri="http://evil.example/", state="请拨打400电话")).content)
    assert "evil.example" not in words(page)
    assert "请拨打" not in words(page)


ERRORS = {
    "no response type": ({"response_type": None}, "invalid_request"),
    "implicit": ({"response_type": "token"}, "unsupported_response_type"),
    "implicit id token": ({"response_type": "id_token"}, "unsupported_response_type"),
    "hybrid": ({"response_type": "code id_token"}, "unsupported_response_type"),
    "fragment mode": ({"response_mode": "fragment"}, "invalid_request"),
    "form post mode": ({"response_mode": "form_post"}, "invalid_request"),
    "no scope": ({"scope": None}, "invalid_scope"),
    "no openid": ({"scope": "profile"}, "invalid_scope"),
    "scope not allowed": ({"scope": "openid document_number"}, "invalid_scope"),
    "no challenge": ({"code_challenge": None}, "invalid_request"),
    "no method, which would be plain": ({"code_challenge_method": None}, "invalid_request"),
    "plain": ({"code_challenge_method": "plain"}, "invalid_request"),
    "lower-case method": ({"code_challenge_method": "s256"}, "invalid_request"),
    "no PKCE at all": ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    "short challenge": ({"code_challenge": "a" * 42}, "invalid_request"),
    "long challenge": ({"code_challenge": "a" * 44}, "invalid_request"),
    "padded challenge": ({"code_challenge": "a" * 42 + "="}, "invalid_request"),
    "request object": ({"request": "e30."}, "request_not_supported"),
    "request by reference": ({"request_uri": "http://evil.example/r"}, "request_uri_not_supported"),
    "registration": ({"registration": "{}"}, "registration_not_supported"),
    "unknown prompt": ({"prompt": "surprise"}, "invalid_request"),
    "none and login": ({"prompt": "none login"}, "invalid_request"),
    "negative age": ({"max_age": "-1"}, "invalid_request"),
    "age in words": ({"max_age": "soon"}, "invalid_request"),
    "age in another script": ({"max_age": "１２"}, "invalid_request"),
    "endless age": ({"max_age": "9" * 10}, "invalid_request"),
    "too long a state": ({"state": "s" * 2049}, "invalid_request"),
    "too long a nonce": ({"nonce": "n" * 2049}, "invalid_request"),
}


@pytest.mark.parametrize(("changes", "code"), ERRORS.values(), ids=ERRORS.keys())
def test_a_request_that_breaks_a_rule_is_told_so(
    at_browser: Client, rp: Rp, changes: dict[str, str | None], code: str
) -> None:
    answer = answer_of(at_browser.get(rp.address(**changes)))
    assert answer["error"] == code
    assert answer["iss"] == "http://127.0.0.1:8000"
    assert answer["state"] == changes.get("state", "st-ate")
    assert "code" not in answer
    assert not AuthorizationCode.objects.exists()


def test_the_answer_names_the_issuer_against_mix_up(at_browser: Client, rp: Rp) -> None:
    answer = answer_of(at_browser.get(rp.address(prompt="none")))
    assert answer["iss"] == "http://127.0.0.1:8000"


def test_a_registered_query_is_kept_and_the_answer_stands_behind_it(at_browser: Client) -> None:
    uri = "http://127.0.0.1:9002/cb?tenant=1"
    other = Rp(make_client("other", redirect_uris=[uri]))
    response = at_browser.get(other.address(redirect_uri=uri, response_type="token"))
    assert response.headers["Location"].startswith(f"{uri}&error=unsupported_response_type")


def test_a_state_cannot_break_out_of_its_parameter(at_browser: Client, rp: Rp) -> None:
    state = "x&code=forged#y\r\nSet-Cookie: a=b"
    answer = answer_of(at_browser.get(rp.address(prompt="none", state=state)))
    assert answer["state"] == state
    assert "code" not in answer


def test_a_post_is_led_back_by_get(at_browser: Client, rp: Rp) -> None:
    query = urlencode(rp.request())
    response = at_browser.post("/oidc/authorize", query, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    assert response.headers["Location"] == f"/oidc/authorize?{query}"


@pytest.mark.parametrize("body", ["\r\nLocation: http://evil.example/", "x" * 20_000])
def test_a_post_cannot_smuggle_anything(at_browser: Client, rp: Rp, body: str) -> None:
    response = at_browser.post("/oidc/authorize", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/oidc/authorize?")
    assert len(response.headers["Location"]) < 17_000


def test_other_methods_are_refused(at_browser: Client, rp: Rp) -> None:
    assert at_browser.put(rp.address()).status_code == 405


def test_a_closed_client_is_unknown(at_browser: Client, rp: Rp) -> None:
    close_client(actor=OPERATOR, client_id="hnte", reason="test")
    is_page(at_browser.get(rp.address()), 400)


def test_the_callback_is_the_one_registered() -> None:
    assert CALLBACK not in WRONG_ADDRESSES
