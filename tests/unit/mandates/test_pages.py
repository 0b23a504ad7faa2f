"""The pages of both sides, and what attackers try on them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.journeys.people import log_in, somebody
from tests.journeys.visitor import Visitor
from tests.moved_clock import moved_clock
from tests.unit.mandates.people import (
    HNTE,
    PHONE,
    TSME,
    USCC,
    another_person,
    another_unit,
    given,
    offered,
)
from tongban.accounts.models import Account, Suspension
from tongban.accounts.rules import Realm
from tongban.kernel.uscc import Uscc
from tongban.mandates import queries
from tongban.mandates.flows.end import end
from tongban.mandates.flows.request import request
from tongban.mandates.models import Mandate
from tongban.recovery.models import Recovery

pytestmark = pytest.mark.django_db


def account_of(visitor: Visitor) -> Account:
    """Return who is signed in there."""
    return Account.objects.get(sessions__id=visitor.client.session.row.id)


HELD, GIVEN = "/account/mandates/", "/account/representatives/"


@pytest.fixture
def at_unit(unit: Account) -> Visitor:
    return log_in(Visitor(), Realm.LEGAL, "unit.one")


@pytest.fixture
def at_person(person: Account) -> Visitor:
    return log_in(Visitor(), Realm.NATURAL, "zhang.san")


def test_a_unit_gives_and_a_person_accepts(at_unit: Visitor, at_person: Visitor) -> None:
    at_unit.click("在线办事").click("授权管理")
    assert "还没有授权给任何人" in at_unit.text
    at_unit.click("授权他人办理").fill(
        {"姓名": "张三", "手机号码或登录名": PHONE, "高企认定": True, "科小企评价": True}
    )
    at_unit.fill({"授权期限": "三个月"}).submit("提出授权")
    assert at_unit.path == GIVEN
    assert "授权已提出" in at_unit.text
    assert "张三（138****0001）" in at_unit.text
    at_person.click("在线办事").click("我的授权").click("查看并答复：北京示例科技有限公司")
    assert "高企认定、科小企评价" in at_person.text
    assert USCC in at_person.text
    at_person.submit("接受授权")
    assert "已接受授权" in at_person.text
    assert at_person.text.count("有效期") == 2
    assert "办理入口：高企认定，北京示例科技有限公司" in at_person.links()
    assert "张三（138****0001）" in at_unit.reload().text
    assert "高企认定" in at_person.click("在线办事").text


def test_a_person_declines(at_unit: Visitor, at_person: Visitor, unit: Account) -> None:
    offered(unit)
    at_person.get(HELD).click("查看并答复：北京示例科技有限公司").submit("拒绝")
    assert "已拒绝" in at_person.text
    at_unit.get(GIVEN).click("查看已结束的授权")
    assert "本人没有接受" in at_unit.text
    assert "张三" in at_unit.text


def test_a_person_asks_and_a_unit_decides(at_unit: Visitor, at_person: Visitor) -> None:
    at_person.get(HELD).click("申请授权").fill({"统一社会信用代码": USCC, "高企认定": True}).submit("提交申请")
    assert "申请已提交" in at_person.text
    at_unit.get(GIVEN).click("查看并决定：张三")
    assert "张三（138****0001）" in at_unit.text
    at_unit.submit("同意授权")
    assert at_unit.errors == ["请选择授权期限。"]
    at_unit.fill({"授权期限": "一个月"}).submit("同意授权")
    assert "授权已生效" in at_unit.text
    at_person.get(HELD).click("申请授权").fill({"统一社会信用代码": USCC, "高企认定": True}).submit("提交申请")
    assert at_person.errors == ["您已经可以代这个单位办理所选事项，不需要再申请。"]
    at_person.fill({"高企认定": False, "科小企评价": True}).submit("提交申请")
    at_unit.get(GIVEN).click("查看并决定：张三").submit("不同意")
    assert "已拒绝" in at_unit.text
    assert "单位没有同意" in at_person.get(HELD).click("查看已结束的授权").text


def test_a_request_can_begin_with_a_service(at_person: Visitor) -> None:
    at_person.get("/account/mandates/request/", {"service": TSME})
    assert at_person.page.xpath(".//input[@type='checkbox'][@checked]/@value") == [TSME]


def test_what_waits_is_taken_back(at_unit: Visitor, at_person: Visitor, unit: Account, person: Account) -> None:
    offered(unit)
    request(actor=person, uscc=Uscc(USCC), services=[TSME])
    at_unit.get(GIVEN).submit("撤回：高企认定，张三")
    assert "已撤回" in at_unit.text
    at_person.get(HELD).submit(f"撤回：科小企评价，{USCC}")
    assert "已撤回" in at_person.text
    assert not Mandate.objects.filter(ended_at__isnull=True).exists()
    at_person.post(f"/account/mandates/waiting/{uuid4()}/withdraw/")
    assert "已经处理过" in at_person.text


@pytest.mark.parametrize("button", ["收回授权", "结束授权"])
def test_either_side_ends_it(at_unit: Visitor, at_person: Visitor, button: str) -> None:
    mandate = given(account_of(at_unit), account_of(at_person))
    unit_ends = button == "收回授权"
    visitor, path, other = (at_unit, GIVEN, "张三") if unit_ends else (at_person, HELD, "北京示例科技有限公司")
    visitor.get(path).click(f"{button}：高企认定，{other}")
    assert visitor.heading == button
    visitor.submit(button)
    assert "授权已结束" in visitor.text
    assert visitor.get(f"/account/mandates/{mandate.id}/end/").status == 404
    assert "这项授权已经结束" in visitor.post(f"/account/mandates/{mandate.id}/end/").text


def test_strangers_find_nothing_under_other_peoples_ids(unit: Account, person: Account) -> None:
    mandate, bundle = given(unit, person), offered(unit, TSME)
    wish = request(actor=another_person(), uscc=Uscc(USCC), services=[TSME])
    stranger = log_in(Visitor(), Realm.NATURAL, "li.si")
    other_unit = another_unit()
    at_other_unit = log_in(Visitor(), Realm.LEGAL, other_unit.login_name)
    for visitor in (stranger, at_other_unit):
        assert visitor.get(f"/account/mandates/{mandate.id}/end/").status == 404
        assert "这项授权已经结束" in visitor.post(f"/account/mandates/{mandate.id}/end/").text
        assert "已经处理过" in visitor.post(f"/account/mandates/waiting/{bundle}/withdraw/").text
    assert stranger.get(f"/account/mandates/offers/{bundle}/").status == 404
    stranger.get(HELD)
    assert "已经处理过" in stranger.post(f"/account/mandates/offers/{bundle}/", {"act": "accept"}).text
    assert at_other_unit.get(f"/account/representatives/requests/{wish}/").status == 404
    at_other_unit.get(GIVEN)
    for what in ({"act": "refuse"}, {"term": "30"}):
        assert at_other_unit.post(f"/account/representatives/requests/{wish}/", what).status == 404
    assert Mandate.objects.filter(ended_at__isnull=True).count() == 3


def test_each_side_has_its_own_door(at_unit: Visitor, at_person: Visitor) -> None:
    for path in (HELD, "/account/mandates/request/", f"/account/mandates/offers/{uuid4()}/"):
        assert at_unit.get(path).status == 403
    for path in (GIVEN, GIVEN + "offer/", f"{GIVEN}requests/{uuid4()}/"):
        assert at_person.get(path).status == 403


def test_who_is_not_verified_is_told_what_to_do_first() -> None:
    somebody("new", "13800000005")
    somebody("unit.new", "13800000006", Realm.LEGAL)
    person, unit = log_in(Visitor(), Realm.NATURAL, "new"), log_in(Visitor(), Realm.LEGAL, "unit.new")
    assert "请先完成实名认证" in person.get(HELD).text
    assert "请先完成实名认证" in unit.get(GIVEN).text
    assert person.get("/account/mandates/request/").path == HELD
    assert unit.get(GIVEN + "offer/").path == GIVEN


def test_the_form_says_the_same_of_everybody(at_unit: Visitor, person: Account) -> None:
    pages = []
    for name, contact in (("张三", PHONE), ("张四", PHONE), ("张三", "13899990001"), ("张三", "138-9999-0001 ")):
        at_unit.get(GIVEN + "offer/").fill({"姓名": name, "手机号码或登录名": contact, "高企认定": True})
        at_unit.fill({"授权期限": "一年"}).submit("提出授权")
        pages.append((at_unit.path, at_unit.errors, at_unit.text.partition("授权已提出")[2][:60]))
    assert pages[0] == pages[1] == pages[2]
    assert pages[3][1] == ["同样的内容已经提出过，正在等待对方答复。可以先撤回，再重新提出。"], "to its own offer"


def test_after_a_recovery_the_pages_say_when(
    at_unit: Visitor, unit: Account, person: Account, settings: object
) -> None:
    settings.RECOVERY_QUIET_HOURS = 24  # type: ignore[attr-defined]
    bundle = offered(unit)
    Recovery.objects.create(account=unit, way="reset")
    Recovery.objects.create(account=person, way="reset")
    at_unit.get(GIVEN + "offer/").fill({"姓名": "王五", "手机号码或登录名": "wang.wu", "高企认定": True})
    assert "之后才能授权" in at_unit.fill({"授权期限": "一年"}).submit("提出授权").errors[0]
    at_person = log_in(Visitor(), Realm.NATURAL, "zhang.san").get(f"/account/mandates/offers/{bundle}/")
    assert "之后才能授权或接受授权" in at_person.submit("接受授权").text


def test_the_limit_is_said(at_unit: Visitor, at_person: Visitor, settings: object) -> None:
    settings.MANDATE_REQUESTS_PER_PERSON = "1/d"  # type: ignore[attr-defined]
    for what in ("高企认定", "科小企评价"):
        at_person.get("/account/mandates/request/").fill({"统一社会信用代码": USCC, what: True}).submit("提交申请")
    assert "操作过于频繁" in at_person.errors[0]


def test_a_right_that_rests_says_so(at_person: Visitor, unit: Account, person: Account) -> None:
    given(unit, person)
    Suspension.objects.create(account=unit, reason="test")
    at_person.get(HELD)
    assert "暂停" in at_person.text
    assert not [label for label in at_person.links() if label.startswith("办理入口")]


def test_long_lists_have_pages(at_unit: Visitor, unit: Account, person: Account, settings: object) -> None:
    settings.MANDATES_PER_PAGE = 1  # type: ignore[attr-defined]
    for service in (HNTE, TSME, HNTE):
        given(unit, person, service)
    at_unit.get(GIVEN)
    assert "下一页" in at_unit.links()
    at_unit.click("下一页")
    assert "科小企评价" in at_unit.text
    for mandate in queries.held(person, [HNTE, TSME]):
        end(actor=unit, mandate_id=mandate.id)
    at_unit.get("/account/mandates/history/").click("下一页")
    assert "由新的授权代替" in at_unit.click("下一页").text


def test_a_term_that_is_too_long_is_not_on_the_page(at_unit: Visitor, settings: object) -> None:
    settings.MANDATE_LONGEST_DAYS = 90  # type: ignore[attr-defined]
    at_unit.get(GIVEN + "offer/")
    assert at_unit.page.xpath(".//input[@name='term']/@value") == ["30", "90"]


def test_what_is_over_and_not_swept_up_yet_says_so(at_person: Visitor, unit: Account, person: Account) -> None:
    mandate = given(unit, person, days=30)
    assert mandate.until
    Mandate.objects.filter(id=mandate.id).update(
        until=mandate.unit_agreed_at + timedelta(seconds=1),  # type: ignore[operator]
        unit_agreed_at=mandate.unit_agreed_at,
    )
    with moved_clock() as clock:
        clock.forward(minutes=1)
        assert "已到期" in at_person.get(HELD).text


def test_a_login_name_is_shown_as_it_was_typed(at_unit: Visitor, unit: Account) -> None:
    offered(unit, contact="li.si")
    assert "张三（li.si）" in at_unit.get(GIVEN).text
