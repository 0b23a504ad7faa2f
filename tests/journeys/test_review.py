"""A day at the review desk, and the person who waits for its answer."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.visitor import Lost, Visitor
from tests.unit.review.desk import NUMBER, SINGLE, TWICE, FakeStore, a_case, citizen, reviewer, senior, staff
from tongban.accounts.backend import PATH
from tongban.accounts.models import Account
from tongban.accounts.rules import Role
from tongban.audit.models import Event
from tongban.kernel.ids import new_id
from tongban.review import case_queue, evidence, kinds, queries
from tongban.review.models import Case, Decision
from tongban.review.rules import CaseState

NASTY = "<script>alert(1)</script>\u202etxt.exe\u200b" + "长" * 1000


@pytest.fixture(autouse=True)
def store() -> Iterator[FakeStore]:
    """Two kinds of case and an evidence store in memory."""
    before, known, fake = evidence.store(), dict(kinds._kinds), FakeStore()
    evidence.use(fake)
    for one in (SINGLE, TWICE):
        one.reset()
        kinds.register(one.kind)
    yield fake
    evidence.use(before)
    kinds._kinds.clear()
    kinds._kinds.update(known)


@pytest.fixture
def enter(new_browser: Callable[[], Visitor]) -> Callable[[Account], Visitor]:
    """A browser in which somebody is signed in already."""

    def signed_in(account: Account) -> Visitor:
        visitor = new_browser()
        visitor.client.force_login(account, backend=PATH)
        return visitor

    return signed_in


Enter = Callable[[Account], Visitor]


def test_twenty_cases_one_after_the_other(enter: Enter) -> None:
    for _ in range(20):
        a_case(evidence=[new_id()])
    desk = enter(reviewer()).get("/desk/")
    assert desk.heading == "办件队列"
    choices = ["通过：材料齐全且一致", "退回补正：照片不清晰", "驳回：材料不真实"]
    for number in range(20):
        desk.submit("领取下一件")
        assert "张三" in desk.text
        assert "登记库查无记录" in desk.text
        desk.fill({"审核意见": choices[number % 3]}).submit("核对决定")
        assert desk.heading == "核对决定"
        assert desk.value("给办事人的说明") in {"审核通过。", "照片不清晰，请重新上传。", "材料无法证明您的身份。"}
        desk.submit("确认决定")
        assert "已提交。" in desk.text
    desk.submit("领取下一件")
    assert "现在没有可以领取的办件。" in desk.text
    assert (Decision.objects.count(), len(SINGLE.applied)) == (20, 20)
    assert set(Case.objects.values_list("state", flat=True)) == {"approved", "returned", "rejected"}


def test_the_text_for_the_person_can_be_edited_but_not_left_out(enter: Enter) -> None:
    case = a_case()
    desk = enter(reviewer()).get("/desk/").click(case.number).submit("领取本件")
    desk.submit("核对决定")
    assert desk.errors == ["请先选择审核意见。"]
    desk.fill({"审核意见": "驳回：材料不真实"}).submit("核对决定")
    desk.fill({"给办事人的说明": "  "}).submit("确认决定")
    assert desk.errors == ["请写明给办事人的说明。"]
    desk.fill({"给办事人的说明": "营业执照\r\n\u202e与登记不符。"}).submit("确认决定")
    assert queries.timeline(case)[0].text == "营业执照\n与登记不符。"


def test_two_tabs_decide_once(enter: Enter) -> None:
    case, who = a_case(), reviewer()
    desk = enter(who).get(f"/desk/cases/{case.id}/").submit("领取本件")
    desk.fill({"审核意见": "通过：材料齐全且一致"}).submit("核对决定")
    other = enter(who).get(desk.path).submit("确认决定")
    assert "已提交。" in other.text
    desk.submit("确认决定")
    assert "刚刚有了新的进展" in desk.text
    assert Decision.objects.count() == 1


def test_what_cannot_be_carried_out_is_explained(enter: Enter) -> None:
    case = a_case()
    SINGLE.refuse = True
    desk = enter(reviewer()).get(f"/desk/cases/{case.id}/").submit("领取本件")
    desk.fill({"审核意见": "通过：材料齐全且一致"}).submit("核对决定").submit("确认决定")
    assert "该证件已由另一个账号认证。" in desk.text
    assert queries.case(case.id).state == CaseState.IN_REVIEW


def test_four_eyes(enter: Enter) -> None:
    case, first, second = a_case(TWICE), enter(reviewer()), enter(reviewer())
    first.get(f"/desk/cases/{case.id}/").submit("领取本件")
    first.fill({"审核意见": "通过：材料齐全且一致"}).submit("核对决定")
    assert "须由另一名审核员复核" in first.text
    first.submit("确认决定")
    assert "待复核" in first.text
    with pytest.raises(Lost):
        first.submit("领取本件")
    second.get(f"/desk/cases/{case.id}/").submit("领取本件")
    assert "给办事人的说明审核通过。" in second.text
    second.submit("同意")
    assert "已确认，决定生效。" in second.text
    assert "复核员" in second.text


def test_disagreeing(enter: Enter) -> None:
    case, first, second = a_case(TWICE), enter(reviewer()), enter(reviewer())
    first.get(f"/desk/cases/{case.id}/").submit("领取本件")
    first.fill({"审核意见": "驳回：材料不真实"}).submit("核对决定").submit("确认决定")
    second.get(f"/desk/cases/{case.id}/").submit("领取本件").click("不同意")
    second.submit("提交不同意见")
    assert second.errors == ["请写明原因。"]
    second.fill({"说明": "看得清楚"}).submit("提交不同意见")
    assert "须由高级审核员办理" in second.text
    second.submit("领取本件")
    assert "须由高级审核员办理" in second.text
    boss = enter(senior()).get(f"/desk/cases/{case.id}/").submit("领取本件")
    assert "张三" in boss.text


def test_letting_go_of_a_case_in_every_way(enter: Enter) -> None:
    case, desk = a_case(), enter(reviewer())
    desk.get(f"/desk/cases/{case.id}/").submit("领取本件").click("退还待办").fill({"说明": "换班"}).submit("退还")
    assert "换班" in desk.text
    desk.submit("领取本件").click("转交高级审核员").fill({"说明": "疑难"}).submit("转交")
    assert queries.case(case.id).senior_only
    boss = enter(senior()).get(f"/desk/cases/{case.id}/").submit("领取本件").click("申请回避")
    assert "登记不能撤销" in boss.text
    boss.submit("确认回避")
    assert "您不再办理这个办件" in boss.text
    assert "张三" not in boss.text
    boss.click("添加备注").fill({"说明": "x"}).submit("保存备注")
    assert "应当回避" in boss.text


def test_reopening(enter: Enter) -> None:
    case, desk = a_case(), enter(reviewer())
    desk.get(f"/desk/cases/{case.id}/").submit("领取本件")
    desk.fill({"审核意见": "驳回：材料不真实"}).submit("核对决定").submit("确认决定")
    assert "重新审核" not in desk.text
    boss = enter(senior()).get(f"/desk/cases/{case.id}/").click("重新审核")
    boss.fill({"说明": "收到新材料"}).submit("重新审核")
    assert "第 2 轮" in boss.text
    boss.click("添加备注").fill({"说明": "已电话核实"}).submit("保存备注")
    assert "已电话核实" in boss.text


def test_only_who_holds_the_case_sees_the_person(enter: Enter, store: FakeStore) -> None:
    file = new_id()
    case = a_case(evidence=[file])
    picture = f"/desk/cases/{case.id}/files/{file}/"
    holder, colleague, auditor = enter(reviewer()), enter(reviewer()), enter(staff(Role.AUDITOR))
    for visitor in (holder, colleague, auditor):
        visitor.get(f"/desk/cases/{case.id}/")
        assert "张三" not in visitor.text
        assert visitor.client.get(picture).status_code == (403 if visitor is auditor else 404)
    holder.submit("领取本件")
    assert NUMBER in holder.text
    answer = holder.client.get(picture)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store, private"
    colleague.get(f"/desk/cases/{case.id}/")
    assert "其他审核员正在办理" in colleague.text
    assert NUMBER not in colleague.text
    assert colleague.client.get(picture).status_code == 404
    assert Event.objects.filter(name="review:case:revealed").count() == 1
    assert Event.objects.filter(name="review:file:viewed", subject=file).count() == 1


def test_the_desk_shows_pictures_with_controls(enter: Enter, store: FakeStore) -> None:
    ready, waiting = new_id(), new_id()
    case = a_case(evidence=[ready, waiting])
    store.not_ready.add(waiting)
    desk = enter(reviewer()).get(f"/desk/cases/{case.id}/").submit("领取本件")
    assert "证件正面 正放 右转 倒置 左转 放大" in desk.text
    assert "证件反面 图片正在处理" in desk.text


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.REVIEWER, {"/desk/", "/desk/statistics/"}),
        (Role.SENIOR_REVIEWER, {"/desk/", "/desk/statistics/"}),
        (Role.AUDITOR, {"/desk/", "/desk/statistics/", "/desk/export/", "/desk/transfers/"}),
        (Role.OPERATOR, {"/desk/statistics/", "/desk/staff/", "/desk/accounts/", "/desk/transfers/"}),
    ],
)
def test_every_role_has_its_own_pages(enter: Enter, role: Role, allowed: set[str]) -> None:
    visitor = enter(staff(role))
    for path in ("/desk/", "/desk/statistics/", "/desk/export/"):
        assert visitor.client.get(path).status_code == (200 if path in allowed else 403), path
    visitor.get("/desk/statistics/")
    assert {link for link in visitor.links().values() if link.startswith("/desk/")} == allowed
    acts = f"/desk/cases/{a_case().id}/"
    expected = 302 if role in {Role.REVIEWER, Role.SENIOR_REVIEWER} else 403
    visitor.post(f"{acts}claim/", follow=False)
    assert visitor.status == expected


def test_citizens_and_strangers_stay_outside(enter: Enter, browser: Visitor) -> None:
    case = a_case()
    person = enter(citizen())
    for path in ("/desk/", f"/desk/cases/{case.id}/", "/desk/export/"):
        assert person.client.get(path).status_code == 403
        assert browser.client.get(path).headers["Location"].startswith("/staff/log-in/")
    assert enter(staff()).client.get("/desk/").status_code == 403
    assert enter(reviewer()).client.get(f"/desk/cases/{new_id()}/").status_code == 404


def test_the_queue_is_filtered_and_walked_through(enter: Enter, settings: Any) -> None:
    settings.REVIEW_CASES_PER_PAGE = 3
    numbers = {a_case().number for _ in range(7)}
    other = a_case(TWICE)
    late = a_case(TWICE)
    Case.objects.filter(id=late.id).update(due_on="2020-01-01")
    who = reviewer()
    desk = enter(who).get("/desk/")
    assert desk.text.index(late.number) < min(desk.text.index(number) for number in numbers if number in desk.text)
    seen: list[str] = []
    while True:
        seen += [link for link in desk.links() if link.startswith("TB-")]
        if "下一页" not in desk.links():
            break
        desk.click("下一页")
    assert sorted(seen) == sorted({*numbers, other.number, late.number})
    desk.click("回到第一页")
    desk.fill({"类型": "申诉审核", "期限": "已超期"}).submit("筛选")
    assert [link for link in desk.links() if link.startswith("TB-")] == [late.number]
    desk.click(late.number).submit("领取本件").click("回到队列")
    desk.fill({"只看我领取的": True}).submit("筛选")
    assert [link for link in desk.links() if link.startswith("TB-")] == [late.number]
    for due in ("今天到期", "七天内到期"):
        desk.get("/desk/").fill({"期限": due, "状态": "已通过"}).submit("筛选")
        assert "没有符合条件的办件" in desk.text
    desk.get("/desk/?state=nonsense&due=x&kind=nobody&after=2026-99-99_zz")
    assert desk.status == 200


def test_a_case_is_found_by_its_number(enter: Enter) -> None:
    case = a_case()
    desk = enter(reviewer()).get("/desk/").fill({"办件编号": case.number.lower()}).submit("按编号查找")
    assert desk.heading == case.number
    desk.get("/desk/").fill({"办件编号": "TB-2026"}).submit("按编号查找")
    assert desk.errors == ["这不是办件编号。编号的样子是 TB-2026-8F3K-7Q2M，请核对每一个字符。"]


def test_earlier_cases_and_duplicates_are_pointed_out(enter: Enter) -> None:
    earlier, unrelated = a_case(), a_case(subjects={"document": "resident_id:other"})
    case = a_case()
    desk = enter(reviewer()).get(f"/desk/cases/{case.id}/").submit("领取本件")
    assert "请注意是否重复" in desk.text
    assert earlier.number in desk.links()
    assert unrelated.number not in desk.links()


def test_names_can_harm_nobody(enter: Enter) -> None:
    account = citizen()
    case = a_case(account_id=account.id, data={"name": NASTY, "extra": "=1+1"})
    desk = enter(reviewer()).get(f"/desk/cases/{case.id}/").submit("领取本件")
    assert "<script>alert(1)</script>⟨U+202E⟩txt.exe⟨U+200B⟩长" in desk.text
    assert "extra=1+1" in desk.text
    desk.fill({"审核意见": "退回补正：照片不清晰"}).submit("核对决定")
    desk.fill({"给办事人的说明": NASTY[:500]}).submit("确认决定")
    person = enter(account).get(f"/account/cases/{case.number}/")
    assert "<script>alert(1)</script>txt.exe" in person.text


def test_the_person_reads_answers_and_withdraws(enter: Enter) -> None:
    account = citizen()
    case = a_case(account_id=account.id)
    person, desk = enter(account), enter(reviewer())
    person.get(f"/account/cases/{case.number}/")
    assert person.heading == "实名认证审核"
    assert "预计办结" in person.text
    assert person.get(f"/account/cases/{case.number}/answer/").heading == "实名认证审核", "nothing to answer yet"
    desk.get(f"/desk/cases/{case.id}/").submit("领取本件")
    desk.fill({"审核意见": "退回补正：照片不清晰"}).submit("核对决定").submit("确认决定")
    person.get(f"/account/cases/{case.number}/")
    assert "照片不清晰，请重新上传。" in person.text
    person.click("补正并重新提交").submit("重新提交")
    assert person.errors == ["请填写补正说明。"]
    person.fill({"补正说明": "已重新拍照。"}).submit("重新提交")
    assert "已重新提交" in person.text
    desk.get(f"/desk/cases/{case.id}/").submit("领取本件")
    assert "补正说明已重新拍照。" in desk.text
    person.click("撤回办件").submit("确认撤回")
    assert "已撤回" in person.text
    desk.get(f"/desk/cases/{case.id}/")
    assert "张三" not in desk.text
    person.post(f"/account/cases/{case.number}/withdraw/")
    assert "刚刚有了新的进展" in person.text


def test_a_stale_answer_is_not_taken(enter: Enter) -> None:
    account = citizen()
    case = a_case(account_id=account.id)
    Case.objects.filter(id=case.id).update(state=CaseState.RETURNED)
    person = enter(account).get(f"/account/cases/{case.number}/").click("补正并重新提交")
    other = enter(account).get(person.path).fill({"补正说明": "甲"}).submit("重新提交")
    assert "已重新提交" in other.text
    person.fill({"补正说明": "乙"}).submit("重新提交")
    assert queries.case(case.id).round == 2


def test_a_kind_can_have_its_own_page_for_corrections(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    account = citizen()
    case = a_case(account_id=account.id)
    Case.objects.filter(id=case.id).update(state=CaseState.RETURNED)
    monkeypatch.setitem(kinds._kinds, SINGLE.kind.name, replace(SINGLE.kind, answer_url=lambda case: "/account/"))
    assert enter(account).get(f"/account/cases/{case.number}/").links()["补正并重新提交"] == "/account/"


def test_nobody_reads_another_persons_case(enter: Enter) -> None:
    case = a_case(account_id=citizen().id)
    stranger = enter(citizen())
    for path in ("", "answer/", "withdraw/"):
        assert stranger.client.get(f"/account/cases/{case.number}/{path}").status_code == 404
    assert stranger.client.get("/account/cases/TB-2026-2222-2222/").status_code == 404
    assert stranger.client.get(f"/account/cases/{a_case().number}/").status_code == 404


def test_statistics(enter: Enter) -> None:
    a_case()
    for _ in range(2):
        late = a_case(TWICE)
        Case.objects.filter(id=late.id).update(due_on="2020-01-01", submitted_at="2020-01-01T00:00:00Z")
    desk = enter(reviewer()).get("/desk/").submit("领取下一件")
    desk.fill({"审核意见": "退回补正：照片不清晰"}).submit("核对决定").submit("确认决定").click("统计")
    assert "实名认证审核100100" in desk.text
    assert "申诉审核101001" in desk.text
    assert "0101" in desk.text
    empty = enter(staff(Role.OPERATOR))
    Case.objects.update(state=CaseState.RETURNED)
    assert "没有待办的办件" in empty.get("/desk/statistics/").text


def test_the_export_is_safe_to_open(enter: Enter, settings: Any) -> None:
    boss = senior()
    Account.objects.filter(id=boss.id).update(login_name="=cmd|' /C calc'!A0")
    case = a_case()
    enter(Account.objects.get(id=boss.id)).get("/desk/").submit("领取下一件").fill(
        {"审核意见": "通过：材料齐全且一致"}
    ).submit("核对决定").submit("确认决定")
    auditor = enter(staff(Role.AUDITOR)).get("/desk/").click("导出")
    auditor.fill({"开始日期": "2020-02-01", "结束日期": "2020-01-01"}).submit("下载 CSV 文件")
    assert auditor.errors == ["结束日期不能早于开始日期。"]
    auditor.fill({"开始日期": "2020-01-01", "结束日期": "2099-01-01"}).submit("下载 CSV 文件")
    disposition = auditor.response.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="cases-20200101-20990101.csv"', "chosen here, from two dates"
    content = b"".join(auditor.response.streaming_content).decode()
    header, row = csv.reader(io.StringIO(content.removeprefix("\ufeff")))
    named = dict(zip(header, row, strict=True))
    assert named["编号"] == case.number
    assert named["状态"] == "已通过"
    assert named["审核员"].startswith("'=")
    assert "张三" not in content
    assert Event.objects.filter(name="review:cases:exported").count() == 1


def test_a_kind_whose_room_is_gone_keeps_its_name(enter: Enter) -> None:
    case = a_case()
    kinds._kinds.pop(SINGLE.kind.name)
    assert str(case_queue.kind_title(case.kind)) == "person_check"
    assert "person_check" in enter(reviewer()).get("/desk/").text
