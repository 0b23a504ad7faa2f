"""Pages in another language: chosen in the strip at the top, remembered, passed on by business systems."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.journeys.people import log_in, somebody
from tests.journeys.visitor import Visitor
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.catalogue.file_format import parse_catalogue
from tongban.catalogue.flows.load_catalogue import load_catalogue
from tongban.design import display
from tongban.site.flows.load_notices import load_notices
from tongban.site.rules import parse_notices

pytestmark = pytest.mark.django_db


def test_english_is_chosen_once_and_left_again(browser: Visitor) -> None:
    browser.get("/help/").submit("English")
    assert (browser.path, browser.heading) == ("/help/", "Help centre")
    assert browser.page.get("lang") == "en"
    assert browser.response.headers["Content-Language"] == "en"
    assert browser.get("/log-in/natural/").heading == "Individual sign-in"
    browser.submit("中文")
    assert (browser.path, browser.heading) == ("/log-in/natural/", "自然人登录")
    assert browser.page.get("lang") == browser.response.headers["Content-Language"] == "zh-CN"


def test_errors_speak_it_too(browser: Visitor) -> None:
    browser.get("/").submit("English").get("/log-in/natural/").submit("Sign in", near="main")
    assert browser.page.findtext(".//title", "").startswith("Error: ")
    assert browser.get("/nowhere").page.get("lang") == "en"


def test_what_a_browser_says_by_itself_decides_nothing(browser: Visitor) -> None:
    browser.client = Client(enforce_csrf_checks=True, headers={"accept": "text/html", "accept-language": "en-US,en"})
    assert browser.get("/help/").heading == "帮助中心"


@pytest.mark.parametrize("kept", ["", "de", "en-us", "zh-hant", "../en", "EN"])
def test_a_language_there_is_not_is_chinese(browser: Visitor, kept: str) -> None:
    browser.client.cookies[display.LANGUAGE_COOKIE] = kept
    assert browser.get("/help/").page.get("lang") == "zh-CN"
    browser.post("/display/", {"language": kept})
    assert browser.client.cookies[display.LANGUAGE_COOKIE].value == "zh-hans"


@pytest.mark.parametrize(
    ("asked", "lang"), [("en-GB zh", "en"), ("fr en", "en"), ("zh-CN en", "zh-CN"), ("fr", "zh-CN"), ("", "zh-CN")]
)
def test_business_systems_pass_on_the_language_of_their_page(
    new_browser: Callable[[], Visitor], asked: str, lang: str
) -> None:
    browser = new_browser()
    assert browser.get("/help/", {"ui_locales": asked}).page.get("lang") == lang
    assert browser.get("/help/").page.get("lang") == lang


def test_a_choice_outweighs_what_is_passed_on(browser: Visitor) -> None:
    browser.get("/help/").submit("English")
    assert browser.get("/help/", {"ui_locales": "zh-CN"}).page.get("lang") == "en"


def test_the_popular_searches_find_something(browser: Visitor) -> None:
    browser.get("/").submit("English")
    popular = [link.get("href") for link in browser.page.xpath(".//p[contains(@class, 'hot')]//a")]
    assert len(popular) == 3
    for search in popular:
        browser.get(search)
        assert browser.heading == "Search results"
        assert "Nothing found" not in browser.text
        assert browser.page.findall(".//main//mark") != []


@pytest.mark.parametrize(
    "address",
    [
        "/", "/help/", "/help/transfer/", "/help/transfer/units/", "/terms/", "/privacy/", "/accessibility/",
        "/register/", "/register/natural/", "/register/legal/", "/log-in/", "/log-in/legal/", "/services/", "/guides/",
        "/recover/",
    ],
)  # fmt: skip
def test_english_pages_keep_the_rules_and_the_budget_of_all_pages(browser: Visitor, address: str) -> None:
    assert browser.speak("en").get(address).page.get("lang") == "en"


def test_the_longest_form_is_light_in_english(browser: Visitor) -> None:
    somebody("zhang.san")
    log_in(browser, Realm.NATURAL, "zhang.san")
    browser.speak("en").get("/account/profile/edit/")
    assert browser.heading == "Edit personal details"
    assert browser.page.xpath("count(.//option)") > 200


@pytest.fixture
def offered() -> None:
    """The services and notices of the demonstration."""
    data = Path(__file__).parents[2] / "src/tongban/demo/data"
    services = json.loads((data / "catalogue.json").read_text(encoding="utf-8"))
    notices = json.loads((data / "notices.json").read_text(encoding="utf-8"))
    load_catalogue(actor=Actor.system(), entries=parse_catalogue(services))
    load_notices(actor=Actor.system(), entries=parse_notices(notices))


@pytest.mark.usefixtures("offered")
def test_from_the_home_page_to_a_guide_and_a_notice_in_english(browser: Visitor) -> None:
    browser.get("/").submit("English")
    assert "高企认定" not in browser.text
    browser.click("High-tech enterprise accreditation", near="Resident enterprises")
    assert (browser.path, browser.heading) == ("/services/high-tech-enterprise/", "High-tech enterprise accreditation")
    browser.click("Start now")
    assert browser.status == 403
    assert "High-tech enterprise accreditation" in browser.heading
    browser.get("/notices/beware-of-fraud/")
    assert "Our staff never ask" in browser.text
    browser.submit("中文")
    assert browser.heading == "谨防冒充工作人员索要短信验证码"


@pytest.mark.usefixtures("offered")
def test_each_language_finds_what_the_other_calls_differently(browser: Visitor) -> None:
    assert "高企认定" in browser.get("/search/", {"q": "high-tech accreditation"}).text
    browser.submit("English")
    assert "High-tech enterprise accreditation" in browser.get("/search/", {"q": "高企认定"}).text


def test_the_site_is_called_in_english_what_the_operator_calls_it(browser: Visitor, settings: Settings) -> None:
    settings.SITE_NAME, settings.HOTLINES = "某部平台", {"某部": "010-1"}
    settings.SITE_IN_ENGLISH = {"某部平台": "Some platform"}
    browser.get("/help/").submit("English")
    assert browser.page.findtext(".//title", "").endswith("Some platform")
    assert [found.text for found in browser.page.xpath("//*[@class='brand-name']")] == ["Some platform"]
    assert browser.page.xpath("//footer//dt[@lang='zh-CN']/text()") == ["某部"]
