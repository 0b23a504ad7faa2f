"""Leaving at a business system's request: nobody can make somebody else leave, or lead them astray."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from joserfc import jwt

from tests.journeys.html import lint, parse, words
from tests.unit.sso.house import Rp, code_for, is_page, make_client, signed_in, unsigned
from tongban.accounts.models import Account, Session
from tongban.sso import signing

pytestmark = pytest.mark.django_db
BACK = "http://127.0.0.1:9002/logged-out/"


def leave(http: Client, **params: str) -> Any:
    return http.get(f"/oidc/logout?{urlencode(params)}")


def asks(response: Any) -> str:
    """Check that the person is asked; return the address the form posts to."""
    assert response.status_code == 200
    page = parse(response.content)
    lint(page, response.headers)
    assert "退出登录" in words(page.find(".//main"))
    return str(page.xpath("//main//form/@action")[0])


@pytest.fixture
def hint(at_browser: Client, rp: Rp) -> str:
    """The ID token of the session in `at_browser`."""
    return str(rp.redeem(code_for(at_browser, rp)).json()["id_token"])


def test_a_genuine_hint_ends_its_session_and_leads_back(at_browser: Client, rp: Rp, hint: str) -> None:
    response = leave(at_browser, id_token_hint=hint, post_logout_redirect_uri=BACK, state="s&t")
    assert response.headers["Location"] == f"{BACK}?state=s%26t"
    assert not Session.objects.exists()
    assert at_browser.get("/account/consents/").status_code == 302


def test_the_tokens_of_the_session_end_with_it(at_browser: Client, rp: Rp) -> None:
    answer = rp.redeem(code_for(at_browser, rp)).json()
    leave(at_browser, id_token_hint=answer["id_token"])
    assert rp.userinfo(answer["access_token"]).status_code == 401


def test_without_an_address_a_page_confirms(at_browser: Client, hint: str) -> None:
    is_page(leave(at_browser, id_token_hint=hint), 200, "您已退出登录")


@pytest.mark.parametrize("params", [{}, {"client_id": "hnte"}, {"client_id": "hnte", "post_logout_redirect_uri": BACK}])
def test_a_link_alone_logs_nobody_out(at_browser: Client, rp: Rp, params: dict[str, str]) -> None:
    asks(leave(at_browser, **params))
    assert Session.objects.exists()


def test_the_person_may_say_yes(at_browser: Client, rp: Rp) -> None:
    action = asks(leave(at_browser, client_id="hnte", post_logout_redirect_uri=BACK))
    response = at_browser.post(action)
    assert response.headers["Location"] == BACK
    assert not Session.objects.exists()


def test_saying_yes_is_a_post_of_the_page(person: Account, rp: Rp) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert strict.post("/oidc/logout/confirmed?client_id=hnte").status_code == 403
    assert strict.get("/oidc/logout/confirmed?client_id=hnte").status_code == 405
    assert Session.objects.exists()


def test_the_hint_of_another_session_only_asks(person: Account, hint: str) -> None:
    elsewhere = signed_in(person)
    asks(leave(elsewhere, id_token_hint=hint))
    assert Session.objects.count() == 2


def test_the_hint_of_another_person_only_asks(at_unit_browser: Client, hint: str) -> None:
    asks(leave(at_unit_browser, id_token_hint=hint))


def test_nobody_is_led_back_without_questions(rp: Rp, hint: str) -> None:
    assert leave(Client(), id_token_hint=hint, post_logout_redirect_uri=BACK).headers["Location"] == BACK
    is_page(leave(Client()), 200, "您已退出登录")


@pytest.mark.parametrize(
    "address",
    ["http://evil.example/", "http://127.0.0.1:9002/logged-out", "http://127.0.0.1:9002/callback/", f"{BACK}?x=1", "/"],
)
def test_an_address_that_is_not_registered_gets_nothing(at_browser: Client, hint: str, address: str) -> None:
    is_page(leave(at_browser, id_token_hint=hint, post_logout_redirect_uri=address), 400, "这个退出请求有误")
    is_page(at_browser.post(f"/oidc/logout/confirmed?{urlencode({'post_logout_redirect_uri': address})}"), 400)
    assert Session.objects.exists()


def test_an_address_without_a_client_gets_nothing(at_browser: Client, rp: Rp) -> None:
    is_page(leave(at_browser, post_logout_redirect_uri=BACK), 400)


def test_the_address_of_another_client_gets_nothing(at_browser: Client, hint: str) -> None:
    make_client("other", post_logout_redirect_uris=["http://127.0.0.1:9009/"])
    is_page(leave(at_browser, id_token_hint=hint, post_logout_redirect_uri="http://127.0.0.1:9009/"), 400)
    is_page(leave(at_browser, id_token_hint=hint, client_id="other"), 400)
    is_page(leave(at_browser, client_id="unknown"), 400)


def test_a_hint_that_is_not_ours_is_refused(at_browser: Client, rp: Rp, hint: str) -> None:
    claims = rp.read(hint).claims
    head, body, signature = hint.split(".")
    stolen = jwt.encode({"alg": "ES256", "kid": "x"}, claims, signing.make_key("ES256", kid="x"))
    foreign = jwt.encode({"alg": "ES256"}, {**claims, "iss": "http://evil.example"}, signing.signer("ES256").key)
    partial = jwt.encode({"alg": "ES256"}, {"iss": claims["iss"], "sub": "x"}, signing.signer("ES256").key)
    symmetric = f"{head}.{body}."
    for forged in (
        "x",
        "a.b.c",
        unsigned(claims),
        stolen,
        foreign,
        partial,
        symmetric,
        f"{head}.{body}.AAAA{signature}",
    ):
        is_page(leave(at_browser, id_token_hint=forged), 400)
    assert Session.objects.exists()


def test_a_post_is_led_back_by_get(at_browser: Client, hint: str) -> None:
    body = urlencode({"id_token_hint": hint})
    response = at_browser.post("/oidc/logout", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    assert response.headers["Location"] == f"/oidc/logout?{body}"
    assert at_browser.put("/oidc/logout").status_code == 405


def test_a_parameter_said_twice_gets_nothing(at_browser: Client, rp: Rp) -> None:
    is_page(at_browser.get("/oidc/logout?client_id=hnte&client_id=other"), 400)


def test_confirming_when_nobody_is_there_is_harmless(rp: Rp) -> None:
    is_page(Client().post("/oidc/logout/confirmed"), 200, "您已退出登录")
