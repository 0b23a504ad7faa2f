"""The service hall as a visitor meets it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from tests.journeys.people import PASSWORD, log_in, some_unit, somebody
from tests.journeys.visitor import Visitor
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.catalogue.file_format import parse_catalogue
from tongban.catalogue.flows.load_catalogue import load_catalogue
from tongban.kernel import clock
from tongban.notify.flows.post_message import post_message
from tongban.proofing.models import Verification
from tongban.review import case_numbers
from tongban.review.models import Case
from tongban.review.rules import CaseState
from tongban.site.flows.load_notices import load_notices
from tongban.site.rules import parse_notices

DATA = Path(__file__).parents[2] / "src/tongban/demo/data"


@pytest.fixture(autouse=True)
def _hall() -> None:
    load_catalogue(
        actor=Actor.system(), entries=parse_catalogue(json.loads((DATA / "catalogue.json").read_text(encoding="utf-8")))
    )
    load_notices(
        actor=Actor.system(), entries=parse_notices(json.loads((DATA / "notices.json").read_text(encoding="utf-8")))
    )


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


def test_home_shows_newcomers_the_way_and_the_signed_in_their_own_pages(browser: Visitor) -> None:
    browser.get("/")
    assert "三步就能办事" in browser.text
    assert {"注册账号", "忘记密码"} <= browser.links().keys()
    somebody("zhang.san", "13800138000")
    log_in(browser, Realm.NATURAL, "zhang.san", PASSWORD)
    browser.get("/")
    assert "三步就能办事" not in browser.text
    assert {"我的信息", "账号安全"} <= browser.links().keys()
    assert browser.links().keys().isdisjoint({"注册账号", "忘记密码"})


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


def test_the_desk_of_a_person_says_what_to_do_first(browser: Visitor) -> None:
    somebody("zhang.san")
    log_in(browser, Realm.NATURAL, "zhang.san")
    browser.get("/").click("在线办事")
    assert browser.heading == "在线办事"
    assert "还差一步：实名认证" in browser.text
    assert "科技人才信息登记" in browser.text
    assert "科小企评价" not in browser.text
    assert {"我的信息", "我的办件", "我的授权", "账号安全", "我的消息"} <= set(browser.links())
    assert "授权管理" not in browser.links()
    browser.click("去完善个人信息")
    assert browser.heading == "我的信息"


def test_the_desk_of_a_unit_offers_what_is_for_units(browser: Visitor) -> None:
    some_unit("unit.one")
    log_in(browser, Realm.LEGAL, "unit.one")
    browser.get("/account/")
    assert "高企认定" in browser.text
    assert "科技人才信息登记" not in browser.text
    browser.click("去完善法人信息")


def test_a_desk_is_nobody_elses(browser: Visitor) -> None:
    browser.get("/account/")
    assert browser.heading == "用户登录"
    for path in ("/account/cases/", "/account/messages/"):
        assert browser.get(path).heading == "用户登录"


def test_cases_tell_what_became_of_each_verification(browser: Visitor, new_browser: Callable[[], Visitor]) -> None:
    account = somebody("zhang.san")
    log_in(browser, Realm.NATURAL, "zhang.san")
    assert "还没有办件" in browser.get("/account/cases/").text
    submitted = clock.now()
    done = Verification.objects.create(
        account=account, block="person", digest="a", submitted_at=submitted, result="mismatch", decided_at=submitted
    )
    waiting = Verification.objects.create(
        account=account, block="person", digest="b", submitted_at=submitted, next_ask_at=submitted, asks=2, entries="{}"
    )
    browser.reload()
    assert "信息不一致" in browser.text
    assert "核验中" in browser.text
    browser.get(f"/account/cases/{done.id}/")
    assert "办结时间" in browser.text
    browser.get(f"/account/cases/{waiting.id}/")
    assert "系统会自动重试" in browser.text
    Verification.objects.filter(id=waiting.id).update(asks=1)
    assert "等待核验" not in browser.reload().text
    assert "实名认证" in browser.get("/account/").text
    other = new_browser()
    somebody("li.si", "13800000003")
    log_in(other, Realm.NATURAL, "li.si")
    assert other.get(f"/account/cases/{done.id}/").status == 404


def test_manual_reviews_stand_among_the_cases(browser: Visitor) -> None:
    number = case_numbers.new(clock.now())
    Case.objects.create(
        number=number, key="one", kind="upload", account=somebody("zhang.san"), state=CaseState.SUBMITTED,
        due_on=clock.now().date(),
    )  # fmt: skip
    log_in(browser, Realm.NATURAL, "zhang.san").get("/account/cases/")
    assert number in browser.text
    assert "待审核" in browser.text
    assert f"/account/cases/{number}/" in browser.links().values()


def test_staff_find_no_services_on_their_desk(browser: Visitor) -> None:
    browser.client.force_login(somebody("reviewer.one", realm=Realm.STAFF))
    assert browser.get("/account/").status == 200
    assert "可以办理的事项" not in browser.text


def test_messages_are_read_one_by_one_or_all_at_once(browser: Visitor, new_browser: Callable[[], Visitor]) -> None:
    account = somebody("zhang.san")
    with transaction.atomic():
        ids = [post_message(account_id=account.id, template="password_changed", params={}) for _ in range(3)]
    log_in(browser, Realm.NATURAL, "zhang.san")
    assert browser.get("/account/messages/").text.count("未读") == 4
    assert "我的消息3" in browser.links()
    browser.get(f"/account/messages/{ids[0]}/")
    assert browser.click("返回我的消息").text.count("未读") == 3
    browser.submit("全部标为已读")
    assert "未读" not in browser.text
    other = new_browser()
    somebody("li.si", "13800000003")
    log_in(other, Realm.NATURAL, "li.si")
    assert other.get(f"/account/messages/{ids[0]}/").status == 404
    assert "还没有消息" in other.get("/account/messages/").text


def test_long_lists_have_pages(browser: Visitor) -> None:
    entry = parse_notices(json.loads((DATA / "notices.json").read_text(encoding="utf-8")))[0]
    load_notices(
        actor=Actor.system(),
        entries=[replace(entry, slug=f"n-{number}", title=f"第 {number} 号公告") for number in range(20)],
    )
    browser.get("/notices/")
    assert browser.text.count("号公告") == 15
    assert browser.click("下一页").text.count("号公告") == 5
    assert browser.get("/notices/?page=nonsense").status == 200


def test_pages_of_the_signed_in_are_kept_nowhere_and_know_their_end(browser: Visitor) -> None:
    somebody("zhang.san")
    log_in(browser, Realm.NATURAL, "zhang.san")
    for path in ("/", "/account/"):
        browser.get(path)
        assert browser.response.headers["Cache-Control"] == "no-store"
        assert 1700 < int(browser.page.get("data-session-seconds")) <= 1800


def test_a_session_that_ended_leads_to_the_window_and_back(browser: Visitor) -> None:
    somebody("zhang.san")
    log_in(browser, Realm.NATURAL, "zhang.san")
    later = clock.now() + timedelta(minutes=31)
    clock.set_source(lambda: later)
    try:
        browser.get("/account/messages/")
        assert browser.heading == "用户登录"
        browser.click("自然人登录").fill({"登录名": "zhang.san", "密码": PASSWORD}).submit("登录")
        assert browser.heading == "我的消息"
    finally:
        clock.set_source(None)
