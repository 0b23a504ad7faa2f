"""The service hall as a visitor meets it."""

import json
from pathlib import Path

import pytest

from tests.journeys.visitor import Visitor
from tongban.catalogue.file_format import parse_catalogue
from tongban.catalogue.flows.load_catalogue import load_catalogue
from tongban.site.flows.load_notices import load_notices
from tongban.site.rules import parse_notices

DATA = Path(__file__).parents[2] / "src/tongban/demo/data"


@pytest.fixture(autouse=True)
def _hall() -> None:
    load_catalogue(entries=parse_catalogue(json.loads((DATA / "catalogue.json").read_text(encoding="utf-8"))))
    load_notices(entries=parse_notices(json.loads((DATA / "notices.json").read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    "path",
    [
        "/", "/services/", "/services/for/natural/", "/services/for/legal/", "/services/high-tech-enterprise/",
        "/services/foreigner-work-permit/", "/guides/", "/notices/", "/notices/platform-opens/", "/help/", "/search/",
        "/search/?q=认定", "/search/?q=不存在的", "/terms/", "/privacy/", "/accessibility/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["normal", "senior"])
def test_every_public_page_is_sound(browser: Visitor, path: str, mode: str) -> None:
    browser.client.cookies["tongban_display"] = mode
    assert browser.get(path).status == 200
    assert browser.page.get("data-mode") == mode


def test_the_way_of_the_guide_to_a_service(browser: Visitor) -> None:
    browser.get("/").click("服务事项")
    assert "按用户" in browser.text
    browser.click("法人单位").click("高企认定")
    assert browser.heading == "高企认定"
    for part in ("办理条件", "申请材料", "办理流程", "办理时限", "设定依据", "咨询电话"):
        assert part in browser.text


def test_a_guide_without_entry_says_where_to_go(browser: Visitor) -> None:
    browser.get("/services/").click("外国人来华工作许可指南")
    assert "暂无在线入口" in browser.text
    assert "办理入口" not in browser.links()


def test_search_finds_services_help_and_notices(browser: Visitor) -> None:
    browser.get("/").fill({"站内搜索": "实名认证"}).submit("搜索")
    assert browser.heading == "搜索结果"
    assert browser.value("站内搜索") == "实名认证"
    for kind in ("服务事项与指南", "帮助中心", "通知公告"):
        assert kind in browser.text
    browser.click("法人用户如何进行实名认证？")
    assert browser.heading == "帮助中心"


def test_senior_mode_is_kept_and_left(browser: Visitor) -> None:
    browser.get("/help/").submit("长者模式")
    assert browser.path == "/help/"
    assert browser.page.get("data-mode") == "senior"
    assert browser.get("/").page.get("data-mode") == "senior"
    browser.submit("退出长者模式")
    assert browser.page.get("data-mode") == "normal"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "evil", "", "javascript:alert(1)"])
def test_the_mode_switch_leads_nowhere_else(browser: Visitor, elsewhere: str) -> None:
    browser.get("/help/").post("/display/", {"mode": "senior", "next": elsewhere}, follow=False)
    assert browser.response.headers["Location"] == "/"


def test_an_old_form_is_refused_with_help(browser: Visitor) -> None:
    browser.post("/display/", {"mode": "senior"})
    assert browser.status == 403
    assert browser.heading == "页面已过期"
    assert "没有保存任何内容" in browser.text


def test_a_missing_page_helps_to_go_on(browser: Visitor) -> None:
    assert browser.get("/services/nothing-here/").status == 404
    browser.click("服务事项")
    assert browser.get("/notices/nothing-here/").status == 404
    assert browser.get("/nowhere").status == 404


def test_a_page_that_only_takes_posts_says_so(browser: Visitor) -> None:
    assert browser.get("/display/").status == 405
    assert browser.response.headers["Allow"] == "POST"
    assert browser.heading == "不能这样打开这个页面"


def test_probes_answer(browser: Visitor) -> None:
    assert browser.get("/livez").status == 200
    assert browser.get("/readyz").status == 200


def test_reading_costs_no_session(browser: Visitor) -> None:
    browser.get("/").click("服务事项").get("/help/")
    assert set(browser.client.cookies) == {"csrftoken"}
    assert browser.response.headers["Cache-Control"] == "private, no-cache"
