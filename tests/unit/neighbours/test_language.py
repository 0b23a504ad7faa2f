"""The business systems in English: chosen in the header, remembered, passed on to the platform and taken from it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from neighbours.relying import language
from neighbours.relying.options import Options
from neighbours.torch.app import create as create_torch
from neighbours.torch.outcomes import WORDS
from tests.unit.neighbours.conftest import Browser
from tests.unit.neighbours.fake_platform import PERSON, FakePlatform
from tests.unit.neighbours.fake_search import FOUND, FakeSearch, problem, running

Browse = Callable[[Flask], FlaskClient]
_HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_UNIT_NAME = "北京示例科技有限公司"
_PATHS = (
    "/",
    "/logged-out/",
    "/callback/?error=access_denied",
    "/callback/?error=x",
    "/initiate-login/?iss=x",
    "/nowhere/",
    "/log-out/",
)


@pytest.fixture
def search() -> Iterator[FakeSearch]:
    with running(FakeSearch()) as found:
        yield found


@pytest.fixture
def torch(tmp_path: Path, search: FakeSearch) -> FlaskClient:
    file = tmp_path / "clients.json"
    file.write_text('{"torch": {"client_id": "torch", "client_secret": "s3cret"}}')
    app = create_torch(Options.make(port=8002, platform=search.address, home=tmp_path / "home", client_file=file))
    return Browser(app, app.response_class)


def chinese_in(page: str, *given: str) -> list[str]:
    """Return what of a page is Chinese, but for the name of the language to change to and what somebody is called."""
    for known in ("中文", *given):
        page = page.replace(known, "")
    return [line.strip() for line in page.splitlines() if _HAN.search(line)]


def choose(visitor: FlaskClient, tag: str, back: str = "/") -> str:
    answer = visitor.post("/language/", data={"language": tag, "next": back})
    assert answer.status_code == 303
    return answer.location


def enter(visitor: FlaskClient, platform: FakePlatform, desk: str = "") -> str:
    location = visitor.get(f"{desk}/log-in/").location
    visitor.get(f"{desk}/callback/", query_string=platform.authorize(location))
    return location


def post(visitor: FlaskClient, path: str, **typed: str) -> str:
    found = re.search('name="form_token" value="([^"]+)"', visitor.get(path).text)
    assert found
    return visitor.post(path, data={"form_token": found[1], **typed}, follow_redirects=True).text


def captcha(visitor: FlaskClient) -> str:
    return str((visitor.get("/demo/captcha.json").json or {})["answer"])


def test_chinese_until_somebody_chooses(hnte: Flask, browser: Browse) -> None:
    visitor = browser(hnte)
    answer = visitor.get("/", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN"' in answer.text
    assert answer.headers["Content-Language"] == "zh-CN"
    assert "Set-Cookie" not in answer.headers
    assert re.search(r'<button name="language" value="en" lang="en">English</button>', answer.text)


def test_english_is_chosen_once_and_left_again(hnte: Flask, browser: Browse) -> None:
    visitor = browser(hnte)
    assert choose(visitor, "en", "/logged-out/") == "/logged-out/"
    answer = visitor.get("/")
    assert '<html lang="en"' in answer.text
    assert answer.headers["Content-Language"] == "en"
    assert "<h1>High-tech enterprise accreditation</h1>" in answer.text
    assert '<button name="language" value="zh-CN" lang="zh-CN">中文</button>' in answer.text
    choose(visitor, "zh-CN")
    assert "<h1>高企认定</h1>" in visitor.get("/").text


@pytest.mark.parametrize("tag", ["", "de", "EN", "../en"])
def test_a_language_there_is_not_is_chinese(hnte: Flask, browser: Browse, tag: str) -> None:
    visitor = browser(hnte)
    choose(visitor, "en")
    choose(visitor, tag)
    assert '<html lang="zh-CN"' in visitor.get("/").text
    visitor.set_cookie("hnte_language", tag, domain="127.0.0.1")
    assert '<html lang="zh-CN"' in visitor.get("/").text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "evil", ""])
def test_the_choice_leads_to_no_other_site(hnte: Flask, browser: Browse, back: str) -> None:
    assert choose(browser(hnte), "en", back) == "/"


def test_systems_on_one_host_remember_apart(hnte: Flask, tsme: Flask, browser: Browse) -> None:
    cookie = browser(hnte).post("/language/", data={"language": "en"}).headers["Set-Cookie"]
    assert cookie.startswith("hnte_language=en;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser(tsme).post("/language/", data={"language": "en"}).headers["Set-Cookie"].startswith("tsme_language=")


@pytest.mark.parametrize(
    ("asked", "lang"), [("en-GB zh", "en"), ("fr en", "en"), ("zh-Hans-CN en", "zh-CN"), ("fr", "zh-CN"), ("", "zh-CN")]
)
def test_what_the_platform_passes_on_is_remembered(hnte: Flask, browser: Browse, asked: str, lang: str) -> None:
    visitor = browser(hnte)
    assert f'<html lang="{lang}"' in visitor.get("/", query_string={"ui_locales": asked}).text
    assert f'<html lang="{lang}"' in visitor.get("/").text


def test_the_platform_may_change_its_mind(hnte: Flask, browser: Browse) -> None:
    visitor = browser(hnte)
    visitor.get("/?ui_locales=en")
    visitor.get("/?ui_locales=zh-CN")
    assert '<html lang="zh-CN"' in visitor.get("/").text


def test_an_english_visitor_stays_in_english_on_the_way_through(
    hnte: Flask, browser: Browse, platform: FakePlatform
) -> None:
    visitor = browser(hnte)
    parameters = {"iss": platform.address, "target_link_uri": "http://127.0.0.1:8002/", "ui_locales": "en"}
    location = visitor.get("/initiate-login/", query_string=parameters).location
    assert parse_qs(urlsplit(location).query)["ui_locales"] == ["en"]
    visitor.get("/callback/", query_string=platform.authorize(location))
    page = visitor.get("/").text
    assert "You are acting for <strong>北京示例科技有限公司</strong>" in page
    assert chinese_in(page, _UNIT_NAME, "张三") == []
    assert f'href="{platform.address}/?ui_locales=en"' in page


def test_nobody_is_told_a_language_that_nobody_chose(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    visitor = browser(hnte)
    assert "ui_locales" not in enter(visitor, platform)
    assert f'href="{platform.address}/"' in visitor.get("/").text


def test_every_page_of_the_desks_is_in_english(
    hnte: Flask, tsme: Flask, browser: Browse, platform: FakePlatform
) -> None:
    for app, prefixes in ((hnte, [""]), (tsme, ["", "/talent"])):
        visitor = browser(app)
        choose(visitor, "en")
        for path in (prefix + path for prefix in prefixes for path in _PATHS):
            assert chinese_in(visitor.get(path).text) == [], path
        for prefix in prefixes:
            platform.claims = {"realm": "natural"}
            refused = visitor.get(
                f"{prefix}/callback/", query_string=platform.authorize(visitor.get(f"{prefix}/log-in/").location)
            )
            assert refused.status_code == 403
            assert chinese_in(refused.text) == []
            platform.claims = {**PERSON, "unit_name": _UNIT_NAME, "uscc": "91110108MA01ET88XL"}
            platform.change_token = lambda claims: {**claims, "acting_for": {"until": 1795536000}}
            enter(visitor, platform, prefix)
            page = visitor.get(f"{prefix}/").text
            assert "Sign out" in page
            assert chinese_in(page, _UNIT_NAME, "李四") == []
        assert chinese_in(visitor.post("/log-out/", data={"form_token": "x"}).text) == []
        platform.token_status, platform.userinfo_status = 500, 200
        bad = visitor.get("/callback/", query_string=platform.authorize(visitor.get("/log-in/").location))
        platform.token_status = 200
        assert chinese_in(bad.text) == []


def test_the_torch_site_is_in_english(torch: FlaskClient, search: FakeSearch) -> None:
    choose(torch, "en")
    for path in ("/", "/search/", "/search/person/", "/nowhere/"):
        assert chinese_in(torch.get(path).text) == [], path
    phone = "13800000000"
    pages = [
        post(torch, "/search/"),
        post(torch, "/search/", uscc="1"),
        post(torch, "/search/", uscc="91110108MA01ET88XL"),
        post(torch, "/search/", uscc="91110108MA01ET88XL", captcha="x"),
        post(torch, "/search/person/"),
        post(torch, "/search/person/", phone="1"),
        post(torch, "/search/person/", act="send-code", phone=phone, captcha=captcha(torch)),
    ]
    search.answers["person-codes"] = (202, {"resend_in": 0})
    pages.append(post(torch, "/search/person/", act="send-code", phone=phone, captcha=captcha(torch)))
    search.answers["unit-searches"] = (500, {})
    pages.append(post(torch, "/search/", uscc="91110108MA01ET88XL", captcha=captcha(torch)))
    for number, page in enumerate(pages):
        assert chinese_in(page) == [], number
    assert "Code sent to 138****0000" in pages[-3]


@pytest.mark.parametrize("outcome", WORDS)
def test_every_outcome_is_told_in_english_and_leads_on_in_english(
    torch: FlaskClient, search: FakeSearch, outcome: str
) -> None:
    choose(torch, "en")
    search.answers["unit-searches"] = (200, {**FOUND, "outcome": outcome})
    page = post(torch, "/search/", uscc="91110108MA01ET88XL", captcha=captcha(torch))
    assert chinese_in(page) == []
    assert 'href="http://platform.example/log-in/legal/?as=x&amp;ui_locales=en"' in page


def test_the_platform_is_asked_to_answer_in_the_language_of_the_page(torch: FlaskClient, search: FakeSearch) -> None:
    search.answers["unit-searches"] = problem(422, "…", "/uscc")
    for tag in ("zh-CN", "en"):
        choose(torch, tag)
        post(torch, "/search/", uscc="91110108MA01ET88XL", captcha=captcha(torch))
        assert search.languages[-1] == tag


def test_texts_outside_a_request_are_as_they_were_written(hnte: Flask) -> None:
    assert language.gettext("高企认定") == "高企认定"
    with hnte.test_request_context():
        assert language.ngettext("一", "多", 1) == "多"
        assert language.passed_on("http://platform.example/?a=1") == "http://platform.example/?a=1"
