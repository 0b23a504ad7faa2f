"""What I agreed to, and taking it back."""

from uuid import uuid4

import pytest
from django.test import Client

from tests.journeys.html import lint, parse, words
from tests.unit.sso.house import Rp, answer_of, code_for
from tongban.audit.models import Event
from tongban.sso.models import Grant

pytestmark = pytest.mark.django_db
PAGE = "/account/consents/"


def test_the_page_lists_what_i_agreed_to(at_browser: Client, rp: Rp) -> None:
    response = at_browser.get(PAGE)
    lint(parse(response.content), response.headers)
    assert "还没有同意" in response.content.decode()
    code_for(at_browser, rp)
    response = at_browser.get(PAGE)
    page = parse(response.content)
    lint(page, response.headers)
    for part in ("高企认定", "火炬中心", "核对申请单位", "账号类型、实名认证等级，自然人的姓名", "撤回同意"):
        assert part in words(page.find(".//main"))


def test_the_page_is_found_from_account_security(at_browser: Client) -> None:
    assert parse(at_browser.get("/account/security/").content).xpath(f"//main//a[@href='{PAGE}']")


def test_taking_it_back_ends_tokens_and_asks_anew(at_browser: Client, rp: Rp) -> None:
    token = rp.redeem(code_for(at_browser, rp)).json()["access_token"]
    grant = Grant.objects.get()
    response = at_browser.post(f"{PAGE}{grant.id}/withdraw/")
    assert response.headers["Location"] == PAGE
    assert "已撤回" in at_browser.get(PAGE).content.decode()
    assert rp.userinfo(token).status_code == 401
    assert answer_of(at_browser.get(rp.address(prompt="none")))["error"] == "consent_required"
    assert Grant.objects.get().ended_reason == "withdrawn"
    assert Event.objects.filter(name="sso:consent:withdrawn").count() == 1
    at_browser.post(f"{PAGE}{grant.id}/withdraw/")
    assert "已经撤回" in at_browser.get(PAGE).content.decode()
    assert Event.objects.filter(name="sso:consent:withdrawn").count() == 1


def test_nobody_takes_back_what_another_agreed_to(at_browser: Client, at_unit_browser: Client, rp: Rp) -> None:
    code_for(at_browser, rp)
    at_unit_browser.post(f"{PAGE}{Grant.objects.get().id}/withdraw/")
    assert Grant.objects.get().ended_at is None
    assert "高企认定" not in words(parse(at_unit_browser.get(PAGE).content).find(".//main"))


def test_only_by_post_and_only_signed_in(at_browser: Client) -> None:
    assert at_browser.get(f"{PAGE}{uuid4()}/withdraw/").status_code == 405
    assert Client().post(f"{PAGE}{uuid4()}/withdraw/").status_code == 302
    assert Client().get(PAGE).status_code == 302
