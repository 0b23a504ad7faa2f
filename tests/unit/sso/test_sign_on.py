"""Signing on: consent, prompts, fresh log-ins, hints; and what a person cannot be tricked into."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from django.test import Client

from tests.journeys.html import lint, parse, words
from tests.unit.sso.house import (
    ID_NUMBER,
    UNIT_NAME,
    USCC,
    Rp,
    agree,
    answer_of,
    code_for,
    is_page,
    make_account,
    make_client,
    make_service,
    signed_in,
    stored_code,
)
from tongban.accounts.models import Account, Session
from tongban.accounts.rules import Realm
from tongban.audit.models import Event
from tongban.sso.models import AuthorizationCode, Grant

pytestmark = pytest.mark.django_db
Wait = Callable[[float], None]


def page_of(response: Any) -> str:
    """Lint the page and return its words."""
    assert response.status_code in {200, 403}, (response.status_code, response.headers.get("Location"))
    page = parse(response.content)
    lint(page, response.headers)
    return words(page)


def next_of(response: Any) -> str:
    """Return where the log-in window will lead afterwards."""
    assert response.status_code == 303
    return str(parse_qs(urlsplit(response.headers["Location"]).query)["next"][0])


def test_the_consent_page_says_who_gets_what_for_what_on_whose_behalf(at_unit_browser: Client, rp: Rp) -> None:
    text = page_of(at_unit_browser.get(rp.address(scope="openid profile unit")))
    for part in ("高企认定", "火炬中心", "核对申请单位", UNIT_NAME, USCC, "法人账号", "同意并继续", "不同意", "随时"):
        assert part in text


def test_agreeing_gives_a_code_and_is_remembered(at_browser: Client, rp: Rp, person: Account) -> None:
    answer = answer_of(agree(at_browser, rp.address()))
    assert answer["state"] == "st-ate"
    assert answer["iss"] == "http://127.0.0.1:8000"
    assert answer_of(at_browser.get(rp.address()))["code"] != answer["code"]
    grant = Grant.objects.get(account=person)
    assert (grant.scopes, grant.purpose) == ("openid profile", "核对申请单位")
    assert Event.objects.filter(name="sso:consent:given").count() == 1
    assert Event.objects.filter(name="sso:client:entered").count() == 2


def test_refusing_is_told_to_the_client_and_remembered_nowhere(at_browser: Client, rp: Rp) -> None:
    answer = answer_of(agree(at_browser, rp.address(), act="deny"))
    assert answer["error"] == "access_denied"
    assert not Grant.objects.exists()
    assert Event.objects.filter(name="sso:consent:refused").count() == 1
    assert "同意并继续" in page_of(at_browser.get(rp.address()))


@pytest.mark.parametrize("act", ["", "nonsense", "Allow"])
def test_only_the_button_agrees(at_browser: Client, rp: Rp, act: str) -> None:
    assert answer_of(agree(at_browser, rp.address(), act=act))["error"] == "access_denied"


def test_more_than_was_agreed_is_asked_again_and_less_is_not(at_browser: Client) -> None:
    rp = Rp(make_client(scopes=["openid", "profile", "unit"]))
    code_for(at_browser, rp)
    assert answer_of(at_browser.get(rp.address(scope="openid")))
    assert "同意并继续" in page_of(at_browser.get(rp.address(scope="openid profile unit")))
    agree(at_browser, rp.address(scope="openid unit"))
    assert answer_of(at_browser.get(rp.address(scope="openid profile unit")))["code"]
    assert list(Grant.objects.order_by("given_at").values_list("ended_reason", flat=True)) == ["renewed", ""]


def test_what_one_client_may_know_no_other_may(at_browser: Client, rp: Rp) -> None:
    code_for(at_browser, rp)
    assert "同意并继续" in page_of(at_browser.get(Rp(make_client("other")).address()))


def test_what_one_account_agreed_to_no_other_did(at_browser: Client, rp: Rp, unit: Account) -> None:
    code_for(at_browser, rp)
    assert "同意并继续" in page_of(signed_in(unit).get(rp.address()))


def test_consent_needs_the_page(person: Account, rp: Rp) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert agree(strict, rp.address()).status_code == 403
    assert strict.get(rp.address().replace("/authorize?", "/consent?")).status_code == 405
    assert not Grant.objects.exists()


def test_consent_is_checked_like_the_request_itself(at_browser: Client, rp: Rp) -> None:
    is_page(agree(at_browser, rp.address(redirect_uri="http://evil.example/")), 400)
    assert answer_of(agree(at_browser, rp.address(code_challenge=None)))["error"] == "invalid_request"
    assert answer_of(agree(at_browser, rp.address(scope="openid document_number")))["error"] == "invalid_scope"
    assert not Grant.objects.exists()
    assert not AuthorizationCode.objects.exists()


def test_consent_of_nobody_leads_to_the_window(rp: Rp) -> None:
    response = agree(Client(), rp.address())
    assert response.headers["Location"].startswith("/log-in/?next=")
    assert not Grant.objects.exists()


def test_the_document_number_needs_a_tick_of_its_own(at_browser: Client) -> None:
    rp = Rp(make_client(scopes=["openid", "profile", "document_number"]))
    address = rp.address(scope="openid document_number")
    text = page_of(at_browser.get(address))
    assert "敏感个人信息" in text
    assert ID_NUMBER not in text
    unticked = answer_of(agree(at_browser, address))["code"]
    assert stored_code(unticked).scopes == "openid"
    assert "document_number" not in rp.userinfo(rp.redeem(unticked).json()["access_token"]).json()
    assert "敏感个人信息" in page_of(at_browser.get(address)), "what was left out is asked next time"
    ticked = answer_of(agree(at_browser, address, separate=["document_number"]))["code"]
    answer = rp.redeem(ticked).json()
    assert answer["scope"] == "openid document_number"
    claims = rp.userinfo(answer["access_token"]).json()
    assert (claims["document_kind"], claims["document_number"]) == ("resident_id", ID_NUMBER)
    assert answer_of(at_browser.get(address))["code"]


def test_a_tick_for_what_was_not_asked_gives_nothing(at_browser: Client) -> None:
    rp = Rp(make_client(scopes=["openid", "profile", "document_number"]))
    code = answer_of(agree(at_browser, rp.address(), separate=["document_number", "unit"]))["code"]
    assert stored_code(code).scopes == "openid profile"


# Logging in


def test_nobody_is_led_to_the_window_and_back(rp: Rp) -> None:
    response = Client().get(rp.address())
    assert response.headers["Location"].startswith("/log-in/?next=")
    assert next_of(response) == rp.address()


@pytest.mark.parametrize(("audience", "window"), [("natural", "/log-in/natural/"), ("legal", "/log-in/legal/")])
def test_nobody_is_led_to_the_window_of_those_it_serves(audience: str, window: str) -> None:
    rp = Rp(make_client(audience=audience))
    assert Client().get(rp.address()).headers["Location"].startswith(f"{window}?next=")


def test_what_a_link_says_about_the_person_is_ignored(rp: Rp) -> None:
    hint = "<script>alert(1)</script>"
    response = Client().get(rp.address(login_hint=hint, display="popup", ui_locales="xx", acr_values="high"))
    assert response.headers["Location"].startswith("/log-in/?next=")
    page = Client().get(response.headers["Location"]).content.decode()
    assert hint not in page


def test_after_logging_in_a_person_comes_back(rp: Rp, person: Account) -> None:
    browser = Client()
    back = next_of(browser.get(rp.address()))
    browser.force_login(person)
    assert "同意并继续" in page_of(browser.get(back))


# Without any page


def test_silence_is_kept_towards_nobody(rp: Rp) -> None:
    assert answer_of(Client().get(rp.address(prompt="none")))["error"] == "login_required"


def test_silence_is_kept_without_consent(at_browser: Client, rp: Rp) -> None:
    assert answer_of(at_browser.get(rp.address(prompt="none")))["error"] == "consent_required"
    code_for(at_browser, rp)
    assert answer_of(at_browser.get(rp.address(prompt="none")))["code"]


def test_silence_is_kept_towards_the_unverified(rp: Rp) -> None:
    browser = signed_in(make_account(Realm.NATURAL, "new"))
    assert answer_of(browser.get(rp.address(prompt="none")))["error"] == "interaction_required"


def test_silence_is_kept_towards_those_without_right(at_browser: Client) -> None:
    rp = Rp(make_client(audience="legal"))
    assert answer_of(at_browser.get(rp.address(prompt="none")))["error"] == "access_denied"


def test_silence_is_kept_when_the_log_in_is_too_old(at_browser: Client, rp: Rp, wait: Wait) -> None:
    code_for(at_browser, rp)
    wait(100)
    assert answer_of(at_browser.get(rp.address(prompt="none", max_age="60")))["error"] == "login_required"
    assert answer_of(at_browser.get(rp.address(prompt="none", max_age="200")))["code"]


# Asking again


def test_consent_can_be_asked_again(at_browser: Client, rp: Rp) -> None:
    code_for(at_browser, rp)
    address = rp.address(prompt="consent")
    assert "同意并继续" in page_of(at_browser.get(address))
    assert answer_of(agree(at_browser, address))["code"]


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"prompt": "select_account"}, {"max_age": "0"}])
def test_a_fresh_log_in_is_asked_for_once_and_cannot_be_skipped(
    at_browser: Client, rp: Rp, person: Account, changes: dict[str, str | None], wait: Wait
) -> None:
    code_for(at_browser, rp)
    wait(5)
    address = rp.address(**changes)
    text = page_of(at_browser.get(address))
    assert "重新登录" in text
    assert "高企认定" in text
    assert Session.objects.filter(account=person).count() == 1, "a link alone logs nobody out"
    response = at_browser.post(address.replace("/authorize?", "/log-in-again?"))
    assert not Session.objects.filter(account=person).exists()
    back = next_of(response)
    assert back.startswith(address)
    wait(3)
    at_browser.force_login(person)
    assert answer_of(at_browser.get(back))["code"]
    wait(3)
    assert "重新登录" in page_of(at_browser.get(address)), "without the mark it is asked again"


def test_the_mark_of_a_fresh_log_in_cannot_be_made_or_moved(
    at_browser: Client, rp: Rp, person: Account, wait: Wait
) -> None:
    code_for(at_browser, rp)
    address = rp.address(prompt="login")
    back = next_of(at_browser.post(address.replace("/authorize?", "/log-in-again?")))
    mark = parse_qs(urlsplit(back).query)["reauth"][0]
    wait(1)
    at_browser.force_login(person)
    other = rp.address(prompt="login", state="other")
    assert "重新登录" in page_of(at_browser.get(f"{other}&reauth={quote(mark)}"))
    assert "重新登录" in page_of(at_browser.get(f"{address}&reauth=forged"))
    wait(16 * 60)
    assert "重新登录" in page_of(at_browser.get(back)), "an old mark is none"


def test_who_is_not_logged_in_is_asked_once_only(rp: Rp, person: Account, wait: Wait) -> None:
    browser = Client()
    back = next_of(browser.get(rp.address(prompt="login")))
    wait(1)
    browser.force_login(person)
    assert "同意并继续" in page_of(browser.get(back))
    assert answer_of(agree(browser, back))["code"]


def test_logging_in_again_is_a_post_of_the_page(person: Account, rp: Rp) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    address = rp.address(prompt="login").replace("/authorize?", "/log-in-again?")
    assert strict.get(address).status_code == 405
    assert strict.post(address).status_code == 403
    assert Session.objects.filter(account=person).exists()


def test_logging_in_again_when_nobody_is_logged_in_leads_to_the_window(rp: Rp) -> None:
    address = rp.address(prompt="login").replace("/authorize?", "/log-in-again?")
    assert "reauth=" in next_of(Client().post(address))


def test_not_wanting_to_log_in_again_is_told_to_the_client(at_browser: Client, rp: Rp) -> None:
    page = parse(at_browser.get(rp.address(prompt="login")).content)
    back = page.xpath("//a[contains(@href, 'access_denied')]/@href")
    assert len(back) == 1
    assert back[0].startswith("http://127.0.0.1:9002/callback/?error=access_denied")


# Hints


def test_a_hint_of_the_same_person_changes_nothing(at_browser: Client, rp: Rp) -> None:
    hint = rp.redeem(code_for(at_browser, rp)).json()["id_token"]
    assert answer_of(at_browser.get(rp.address(prompt="none", id_token_hint=hint)))["code"]


def test_a_hint_of_somebody_else_is_respected(at_browser: Client, at_unit_browser: Client, rp: Rp) -> None:
    hint = rp.redeem(code_for(at_unit_browser, rp)).json()["id_token"]
    code_for(at_browser, rp)
    assert answer_of(at_browser.get(rp.address(prompt="none", id_token_hint=hint)))["error"] == "login_required"
    assert "重新登录" in page_of(at_browser.get(rp.address(id_token_hint=hint)))


def test_a_forged_hint_is_no_hint(at_browser: Client, rp: Rp) -> None:
    code_for(at_browser, rp)
    assert answer_of(at_browser.get(rp.address(prompt="none", id_token_hint="a.b.c")))["code"]


# Deep links


def test_a_deep_link_does_not_get_past_the_rules(at_browser: Client) -> None:
    rp = Rp(make_client())
    make_service(audience="legal")
    text = page_of(at_browser.get(rp.address()))
    assert "面向单位办理" in text
    assert "请联系本单位的账号管理人" in text
    assert "返回业务系统" in text
    is_page(agree(at_browser, rp.address()), 403)
    assert not AuthorizationCode.objects.exists()


def test_the_unverified_are_told_what_is_missing(rp: Rp) -> None:
    browser = signed_in(make_account(Realm.NATURAL, "new"))
    text = page_of(browser.get(rp.address()))
    assert "请先完成实名认证" in text
    assert "修改个人信息" in text
    page = parse(browser.get(rp.address()).content)
    assert page.xpath("//main//a[@href='/account/profile/']")


def test_forms_may_lead_to_registered_addresses_only(at_browser: Client, rp: Rp) -> None:
    make_client("other", redirect_uris=["https://other.example/cb"], initiate_login_uri="")
    policy = at_browser.get(rp.address()).headers["Content-Security-Policy"]
    assert "form-action 'self' http://127.0.0.1:9002 https://other.example;" in policy


def test_the_query_survives_the_consent_page_unchanged(at_browser: Client, rp: Rp) -> None:
    state = "中文 &=+%20\"'<>"
    address = f"/oidc/authorize?{urlencode(rp.request(state=state))}"
    page = parse(at_browser.get(address).content)
    action = page.xpath("//main//form/@action")[0]
    assert action == address.replace("/authorize?", "/consent?")
    assert answer_of(agree(at_browser, address))["state"] == state
