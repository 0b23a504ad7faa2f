"""申诉找回密码: from the form to the new password, with everything that can come between."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.journeys.html import words
from tests.journeys.people import PASSWORD, log_in, picture, prove_phone, sms, some_unit, somebody, texts
from tests.journeys.visitor import Value, Visitor
from tests.moved_clock import MovedClock, moved_clock
from tests.unit.proofing.people import person, unit
from tests.unit.recovery.people import UNIT_PHONE, decide_twice, pictures, verified_person, verified_unit
from tests.unit.review.desk import reviewer, senior
from tongban.accounts import queries as accounts
from tongban.accounts.backend import PATH
from tongban.accounts.models import Account, IdentityBinding
from tongban.accounts.rules import Realm
from tongban.kernel import clock as time
from tongban.kernel import jobs
from tongban.kernel.mobile import Mobile
from tongban.notify.queries import messages_for
from tongban.recovery.models import Appeal, Handover
from tongban.review import case_numbers
from tongban.review.flows.claim_case import claim_case
from tongban.review.flows.decide import decide
from tongban.review.flows.reopen_case import reopen_case
from tongban.review.models import Case
from tongban.vault.models import EvidenceFile
from tongban.vault.purposes import Purpose

OLD_PHONE, NEW_PHONE = "13800000001", "13900000009"
NEW = "Korb-voll-reifer-Quitten"
PERSON: dict[str, Value] = {
    "姓名": "张三",
    "证件类型": "居民身份证",
    "证件号码": person().document.number,
    "申诉理由": "手机号码停用了",
}
UNIT: dict[str, Value] = {
    "单位类型": "企业",
    "统一社会信用代码": unit().uscc.value,
    "法定代表人姓名": "王五",
    "法定代表人证件类型": "居民身份证",
    "法定代表人证件号码": unit().representative_document.number,
    "经办人姓名": "赵六",
    "申诉理由": "经办人离职了",
}
THREE = ("证件正面", "证件反面", "手持证件照")
FOUR = ("证件正面", "证件反面", "营业执照", "授权书")


@pytest.fixture(autouse=True)
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.EVIDENCE_WAIT_SECONDS = 0


def work() -> None:
    """Do what the worker does for this room, and let it draw the pictures."""
    for job in jobs.registered():
        if job.name.startswith(("recovery.", "vault.evidence")):
            job.run()


def fill_in(visitor: Visitor, phone: str = NEW_PHONE, **other: Value) -> Visitor:
    visitor.get("/recover/").click("自然人申诉找回密码")
    prove_phone(visitor, phone)
    return visitor.fill({**PERSON, **pictures(*THREE), **other}).submit("下一步")


def appeal(visitor: Visitor, phone: str = NEW_PHONE) -> str:
    """Appeal as 张三 and return the number of the case."""
    fill_in(visitor, phone).submit("提交申诉")
    assert visitor.heading == "申诉已提交"
    return number(visitor)


def appeal_as_unit(visitor: Visitor) -> str:
    visitor.get("/recover/").click("单位法人用户申诉找回密码")
    visitor.fill({"单位名称": unit().unit_name.value, "验证码": picture(visitor)}).submit("检索单位名称")
    assert visitor.errors == []
    visitor.fill({"经办人手机号码": NEW_PHONE, "验证码": picture(visitor)}).submit("获取验证码")
    visitor.fill({**UNIT, **pictures(*FOUR), "短信验证码": sms(NEW_PHONE)}).submit("下一步")
    assert visitor.errors == []
    visitor.submit("提交申诉")
    return number(visitor)


def number(visitor: Visitor) -> str:
    found = re.search(r"TB-\d{4}-\w{4}-\w{4}", visitor.text)
    assert found, visitor.text
    return found.group()


def link_in(text: str) -> str:
    found = re.search(r"https?://[^/]+(/recover/\S+/)", text)
    assert found, text
    return found[1]


def link_to(phone: str, what: str) -> str:
    """Return the path of the latest link of a kind ("stop" or "link") that the phone was sent."""
    return next(link_in(text) for text in texts(phone) if f"/recover/{what}/" in text)


def see_status(visitor: Visitor, case: str, phone: str = NEW_PHONE) -> Visitor:
    visitor.get("/recover/").click("申诉进度查询")
    visitor.fill({"办件编号": case.lower(), "手机号码": phone, "验证码": picture(visitor)}).submit("获取验证码")
    assert visitor.errors == []
    return visitor.fill({"短信验证码": sms(phone)}).submit("查询")


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/account/security/").path == "/account/security/"


class TestOfAPerson:
    def test_from_the_form_to_the_new_password(
        self, browser: Visitor, new_browser: Callable[[], Visitor], clock: MovedClock, settings: Settings
    ) -> None:
        settings.RECOVERY_COOLING_HOURS = settings.RECOVERY_QUIET_HOURS = 24
        account = verified_person()
        elsewhere = log_in(new_browser(), Realm.NATURAL, "zhang.san")
        fill_in(browser)
        assert (browser.errors, browser.heading) == ([], "核对并提交")
        assert "张三" in browser.text
        browser.submit("提交申诉")
        case = number(browser)
        assert f"您的办件{case}已提交" in texts(NEW_PHONE)[0]
        work()
        decide_twice()
        assert any("有人申诉找回您的账号" in text for text in texts(OLD_PHONE))
        assert "有人申诉找回您的账号" in [message.title for message in messages_for(account.id)]
        work()
        assert not any("/recover/link/" in text for text in texts(NEW_PHONE)), "the cooling time is not over"
        assert is_signed_in(elsewhere)
        clock.forward(hours=24)
        work()
        work()
        assert sum("/recover/link/" in text for text in texts(NEW_PHONE)) == 1
        browser.get(link_to(NEW_PHONE, "link"))
        assert browser.heading == "设置新密码"
        assert "zhang.san" in browser.text
        browser.fill({"新密码": NEW}).submit("确定")
        assert browser.heading == "密码已重置"
        assert not is_signed_in(elsewhere)
        log_in(browser, Realm.NATURAL, "zhang.san", NEW)
        assert is_signed_in(browser)
        account.refresh_from_db()
        assert accounts.phone_of(account, Purpose.MATCH) == Mobile.parse(NEW_PHONE)
        assert any("手机号码已更换为139****0009" in text for text in texts(OLD_PHONE))
        assert any("密码已于" in text for text in texts(NEW_PHONE))
        browser.get("/account/security/phone/").submit("获取验证码")
        browser.fill({"密码": NEW, "短信验证码": sms(NEW_PHONE)}).submit("下一步")
        assert "之后才能更换手机号码" in browser.errors[0]
        spent = new_browser().get(link_to(NEW_PHONE, "link"))
        assert (spent.status, spent.heading) == (410, "链接已经用过")

    def test_what_was_accepted_stays_when_something_else_is_wrong(self, browser: Visitor) -> None:
        browser.get("/recover/natural/appeal/")
        browser.fill({**PERSON, "证件号码": "一二三四", **pictures(*THREE)}).submit("下一步")
        assert len(browser.errors) == 3
        assert EvidenceFile.objects.count() == 3
        prove_phone(browser, NEW_PHONE)
        browser.fill({"证件号码": str(PERSON["证件号码"])}).submit("下一步")
        assert (browser.errors, browser.heading) == ([], "核对并提交")

    def test_answers_can_be_changed_and_the_phone_stays_proved(self, browser: Visitor) -> None:
        fill_in(browser)
        browser.click("返回修改")
        assert browser.value("姓名") == "张三"
        browser.fill({"姓名": "张叁"}).submit("下一步")
        assert browser.errors == []
        assert "张叁" in browser.text
        browser.click("返回修改").fill({"手机号码": "13900000008"}).submit("下一步")
        assert browser.errors == ["请输入短信验证码。"]
        browser.fill({"短信验证码": "739182"}).submit("下一步")
        assert browser.errors == ["短信验证码不正确。请核对短信后重新输入。"]

    def test_handing_in_twice_opens_one_case(self, browser: Visitor) -> None:
        fill_in(browser)
        token = dict(browser.client.cookies)
        browser.submit("提交申诉")
        first = number(browser)
        assert token
        browser.post("/recover/appeals/check/")
        assert number(browser) == first
        assert Case.objects.count() == 1
        assert browser.get("/recover/natural/appeal/").value("姓名") == "", "nothing is left behind"

    def test_an_empty_form_names_everything_in_the_order_of_the_page(self, browser: Visitor) -> None:
        browser.get("/recover/natural/appeal/").submit("下一步")
        assert [error.split("：")[0] for error in browser.errors] == [
            "请输入姓名。",
            "请输入证件号码。",
            "请输入手机号码。",
            "请输入短信验证码。",
            "请上传证件正面",
            "请上传证件反面",
            "请上传手持证件照",
            "请输入申诉理由。",
        ]

    def test_pictures_are_needed(self, browser: Visitor) -> None:
        browser.get("/recover/natural/appeal/")
        prove_phone(browser, NEW_PHONE)
        browser.fill(PERSON).submit("下一步")
        assert [error.split("：")[0] for error in browser.errors] == [
            "请上传证件正面",
            "请上传证件反面",
            "请上传手持证件照",
        ]
        browser.fill(pictures(*THREE)).submit("下一步")
        EvidenceFile.objects.filter(slot="back").delete()
        browser.submit("提交申诉")
        assert "材料还不齐全" in browser.text
        assert not Case.objects.exists()

    def test_five_appeals_a_day_for_one_phone(self, browser: Visitor, settings: Settings) -> None:
        settings.RECOVERY_APPEALS_PER_PHONE = "1/d"
        appeal(browser)
        browser.get("/recover/natural/appeal/")
        Appeal.objects.update()
        fill = {**PERSON, **pictures(*THREE)}
        with moved_clock() as later:
            later.forward(minutes=5)
            prove_phone(browser, NEW_PHONE)
            browser.fill(fill).submit("下一步").submit("提交申诉")
        assert "操作过于频繁" in browser.text
        assert Case.objects.count() == 1

    def test_steps_cannot_be_left_out(self, browser: Visitor, clock: MovedClock) -> None:
        assert browser.get("/recover/appeals/check/").path == "/recover/"
        assert browser.get("/recover/appeals/submitted/").path == "/recover/"
        assert browser.get("/recover/legal/appeal/details/").path == "/recover/legal/appeal/"
        assert browser.get("/recover/legal/appeal/letter/").path == "/recover/legal/appeal/"
        assert browser.get("/recover/appeals/progress/").path == "/recover/appeals/status/"
        assert browser.post("/recover/appeals/correct/").path == "/recover/appeals/status/"
        fill_in(browser)
        clock.forward(days=1)
        work()
        assert not Appeal.objects.exists(), "what is not handed in is forgotten"

    def test_a_draft_that_is_gone_is_begun_again(self, browser: Visitor) -> None:
        fill_in(browser)
        browser.click("返回修改")
        Appeal.objects.update(submitted_at=None)
        stale = browser.page
        assert stale is not None
        Appeal.objects.all().delete()
        browser.submit("下一步")
        assert browser.errors == ["请输入短信验证码。"]


class TestOfAUnit:
    def test_from_the_form_to_the_new_password(self, browser: Visitor) -> None:
        account = verified_unit()
        case = appeal_as_unit(browser)
        work()
        decide_twice()
        work()
        assert any("有人申诉找回您的账号" in text for text in texts(UNIT_PHONE))
        browser.get(link_to(NEW_PHONE, "link")).fill({"新密码": NEW}).submit("确定")
        log_in(browser, Realm.LEGAL, "unit.two", NEW)
        assert is_signed_in(browser)
        account.legal_profile.refresh_from_db()
        assert account.legal_profile.contact_name is not None
        assert account.legal_profile.contact_name.reveal(Purpose.SHOW_OWNER) == "赵六"
        assert case

    def test_the_letter_is_made_for_the_unit(self, browser: Visitor) -> None:
        browser.get("/recover/legal/appeal/")
        browser.fill({"单位名称": "北京示例科技有限公司", "验证码": picture(browser)}).submit("检索单位名称")
        browser.click("打开本单位的授权书模板")
        assert "北京示例科技有限公司" in browser.text
        download = browser.client.get("/recover/legal/appeal/letter/?download=1")
        assert download.headers["Content-Disposition"].startswith("attachment;")
        assert "北京示例科技有限公司" in download.content.decode()

    def test_the_letter_stays_chinese_and_is_translated_beneath_for_who_reads_english(self, browser: Visitor) -> None:
        browser.get("/recover/legal/appeal/")
        browser.fill({"单位名称": "北京示例科技有限公司", "验证码": picture(browser)}).submit("检索单位名称")
        browser.get("/recover/legal/appeal/letter/")
        said = words(browser.page.xpath(".//p[contains(., '兹授权')]")[0])
        file = browser.client.get("/recover/legal/appeal/letter/?download=1").content
        browser.submit("English")
        assert browser.heading == "Letter of authorisation"
        letter, aid = browser.page.xpath(".//main//*[contains(@class, 'letter')]")
        assert letter.get("lang") == "zh-CN"
        assert said in words(letter)
        assert "Print and sign the Chinese text below." in browser.text
        assert "unprinted" in aid.get("class", "")
        assert "北京示例科技有限公司" in words(aid)
        assert "authorise" in words(aid)
        assert browser.client.get("/recover/legal/appeal/letter/?download=1").content == file

    def test_the_only_account_that_claims_the_unit_is_meant(self, browser: Visitor) -> None:
        account = some_unit(uscc=unit().uscc.value)
        appeal_as_unit(browser)
        decide_twice()
        assert Handover.objects.get().account == account

    def test_among_several_claims_nobody_is_chosen(self, browser: Visitor) -> None:
        some_unit(uscc=unit().uscc.value)
        some_unit("unit.three", "13800000003", uscc=unit().uscc.value)
        appeal_as_unit(browser)
        with pytest.raises(Exception, match="apply_refused"):
            decide_twice()
        assert not Handover.objects.exists()


class TestStopping:
    def approved(self, browser: Visitor, settings: Settings) -> Case:
        settings.RECOVERY_COOLING_HOURS = 24
        verified_person()
        appeal(browser)
        return decide_twice()

    def test_looking_does_nothing_and_stopping_brings_a_senior(
        self, browser: Visitor, new_browser: Callable[[], Visitor], clock: MovedClock, settings: Settings
    ) -> None:
        case = self.approved(browser, settings)
        path = link_to(OLD_PHONE, "stop")
        owner = new_browser().get(path)
        assert owner.heading == "阻止申诉生效"
        assert Handover.objects.get().stopped_at is None
        owner.submit("不是我办理的，阻止")
        assert owner.heading == "已阻止，申诉重新审核"
        case.refresh_from_db()
        assert (case.state, case.senior_only, case.round) == ("submitted", True, 2)
        clock.forward(hours=24)
        work()
        assert not any("/recover/link/" in text for text in texts(NEW_PHONE))
        assert owner.get(path).heading == "已经阻止"
        decide_twice()
        again = link_to(OLD_PHONE, "stop")
        assert again != path
        owner.get(again).submit("不是我办理的，阻止")
        assert owner.heading == "高级审核员已经复核"
        assert Handover.objects.get(round=2).stopped_at is None, "the old phone may be a thief's"
        clock.forward(hours=24)
        work()
        browser.get(link_to(NEW_PHONE, "link")).fill({"新密码": NEW}).submit("确定")
        assert browser.heading == "密码已重置"
        assert owner.get(again).heading == "申诉已经结束"

    def test_a_link_that_was_sent_can_still_be_stopped(
        self, browser: Visitor, clock: MovedClock, settings: Settings
    ) -> None:
        self.approved(browser, settings)
        clock.forward(hours=24)
        work()
        browser.get(link_to(OLD_PHONE, "stop")).submit("不是我办理的，阻止")
        dead = browser.get(link_to(NEW_PHONE, "link"))
        assert (dead.status, dead.heading) == (410, "链接已经停用")

    def test_who_reads_english_can_stop_it_too(
        self, browser: Visitor, new_browser: Callable[[], Visitor], clock: MovedClock, settings: Settings
    ) -> None:
        self.approved(browser, settings)
        clock.forward(hours=24)
        work()
        path = link_to(OLD_PHONE, "stop")
        owner = new_browser().speak("en").get(path)
        owner.submit("This was not me, stop it")
        assert owner.heading == "Stopped, the appeal will be reviewed again"
        assert owner.get(path).heading == "Already stopped"
        assert owner.get(link_to(NEW_PHONE, "link")).heading == "Link turned off"
        assert owner.get("/recover/link/abcdefgh/").heading == "Link not valid"

    def test_the_message_of_the_account_has_the_link_too(self, browser: Visitor, settings: Settings) -> None:
        self.approved(browser, settings)
        (message,) = [
            one for one in messages_for(Account.objects.get(login_name="zhang.san").id) if "申诉" in one.title
        ]
        browser.get(link_in(message.body))
        assert browser.heading == "阻止申诉生效"

    def test_a_case_reopened_at_the_desk_hands_nothing_over(
        self, browser: Visitor, clock: MovedClock, settings: Settings
    ) -> None:
        case = self.approved(browser, settings)
        reopen_case(reviewer=senior(), case_id=case.id, why="")
        clock.forward(hours=24)
        work()
        assert not any("/recover/link/" in text for text in texts(NEW_PHONE))
        assert Handover.objects.get().stopped_at

    def test_unused_links_expire_and_say_so(self, browser: Visitor, clock: MovedClock, settings: Settings) -> None:
        self.approved(browser, settings)
        clock.forward(hours=24)
        work()
        path = link_to(NEW_PHONE, "link")
        clock.forward(hours=72)
        assert browser.get(path).heading == "链接已经过期"
        work()
        assert Handover.objects.get().expired_at
        assert browser.get(path).heading == "链接已经过期"
        assert browser.get(link_to(OLD_PHONE, "stop")).heading == "申诉已经结束"
        case = Case.objects.get()
        assert "设置新密码的链接已经过期" in see_status(browser, case.number).text

    def test_invented_links_lead_nowhere(self, browser: Visitor) -> None:
        for what in ("stop", "link"):
            assert browser.get(f"/recover/{what}/abcdefgh/").heading == "链接无效"
            assert browser.status == 404

    def test_two_appeals_for_one_account_follow_each_other(self, browser: Visitor, settings: Settings) -> None:
        self.approved(browser, settings)
        Case.objects.update(kind="natural_appeal")
        second = Visitor()
        first = Case.objects.get()
        fill_in(second, "13900000007").submit("提交申诉")
        case = Case.objects.exclude(id=first.id).get()
        one, two = reviewer(), reviewer()
        claim_case(reviewer=one, case_id=case.id)
        decide(reviewer=one, case_id=case.id, round=1, reason="hand_over", text="好")
        desk = Visitor()
        desk.client.force_login(two, backend=PATH)
        desk.get(f"/desk/cases/{case.id}/").submit("领取本件").submit("同意")
        assert "这个账号已有一件申诉正在生效" in desk.text

    def test_a_weak_password_does_not_cost_the_link(self, browser: Visitor, settings: Settings) -> None:
        self.approved(browser, settings)
        Handover.objects.update(due_at=Case.objects.get().opened_at)
        work()
        browser.get(link_to(NEW_PHONE, "link")).fill({"新密码": "zhang.san-zhang.san"}).submit("确定")
        assert browser.errors[0].startswith("密码里不能有")
        browser.fill({"新密码": NEW}).submit("确定")
        assert browser.heading == "密码已重置"


class TestReviewing:
    def test_the_desk_sees_what_the_platform_knows(self, browser: Visitor) -> None:
        verified_person()
        appeal(browser)
        work()
        case = Case.objects.get()
        desk = Visitor()
        desk.client.force_login(reviewer(), backend=PATH)
        desk.get(f"/desk/cases/{case.id}/").submit("领取本件")
        for known in ("核验机构的答复", "一致", "zhang.san", "138****0001", "手机号码停用了", "居民身份证"):
            assert known in desk.text
        assert '{"' not in desk.text, "what programs read is not shown"

    def test_the_desk_sees_what_does_not_fit(self, browser: Visitor) -> None:
        account = verified_person()
        somebody("li.si", NEW_PHONE)
        fill_in(browser, 姓名="张叁").submit("提交申诉")
        work()
        desk = Visitor()
        desk.client.force_login(reviewer(), backend=PATH)
        desk.get(f"/desk/cases/{Case.objects.get().id}/").submit("领取本件")
        assert "与申诉填写的不一致" in desk.text
        assert "另有 1 个账号使用这个号码" in desk.text
        IdentityBinding.objects.filter(account=account).update(
            released_at=account.created_at, released_reason="impostor"
        )
        desk.reload()
        assert "没有账号绑定这个证件" in desk.text
        assert "1 次" in desk.text

    def test_the_desk_sees_units(self, browser: Visitor) -> None:
        verified_unit()
        appeal_as_unit(browser)
        work()
        desk = Visitor()
        desk.client.force_login(reviewer(), backend=PATH)
        desk.get(f"/desk/cases/{Case.objects.get().id}/").submit("领取本件")
        assert "unit.two" in desk.text
        assert "营业执照" in desk.text

    def test_the_desk_sees_claims_and_namesakes(self, browser: Visitor) -> None:
        other = verified_unit()
        IdentityBinding.objects.filter(account=other).update(uscc="91110108MADM000001", index="other")
        some_unit(uscc=unit().uscc.value)
        appeal_as_unit(browser)
        desk = Visitor()
        desk.client.force_login(reviewer(), backend=PATH)
        desk.get(f"/desk/cases/{Case.objects.get().id}/").submit("领取本件")
        for known in ("尚未答复", "没有账号认证了这个统一社会信用代码", "unit.one", "以另一个代码认证了这个名称"):
            assert known in desk.text

    def test_nothing_to_hand_over_and_nothing_to_release(self, browser: Visitor) -> None:
        appeal(browser)
        for reason in ("hand_over", "release"):
            case = Case.objects.get()
            first, second = reviewer(), reviewer()
            if case.state != "awaiting_second":
                claim_case(reviewer=first, case_id=case.id)
                decide(reviewer=first, case_id=case.id, round=1, reason=reason, text="好")
            desk = Visitor()
            desk.client.force_login(second, backend=PATH)
            desk.get(f"/desk/cases/{case.id}/").submit("领取本件").submit("同意")
            assert "没有账号" in desk.text
            Case.objects.filter(id=case.id).update(state="submitted")
            case.assignments.all().delete()
            case.proposals.all().delete()

    def test_an_impostor_loses_the_identity_and_the_owner_can_bind_it(self, browser: Visitor) -> None:
        impostor = verified_person("impostor")
        appeal(browser)
        decide_twice("release")
        assert accounts.holder_of_document(person().document) is None
        assert not Handover.objects.exists()
        assert "实名认证已解除" in [message.title for message in messages_for(impostor.id)]
        assert any("实名认证已解除" in text for text in texts(OLD_PHONE))

    def test_a_rejection_changes_nothing(self, browser: Visitor) -> None:
        verified_person()
        appeal(browser)
        decide_twice("not_genuine")
        work()
        assert not Handover.objects.exists()
        assert log_in(browser, Realm.NATURAL, "zhang.san", PASSWORD).errors == []


class TestStatus:
    def test_number_and_phone_show_the_case(self, browser: Visitor, new_browser: Callable[[], Visitor]) -> None:
        verified_person()
        case = appeal(browser)
        with moved_clock() as later:
            later.forward(minutes=5)
            other = see_status(new_browser(), case)
            assert (other.errors, other.path) == ([], "/recover/appeals/progress/")
            assert case in other.text
            assert "已提交" in other.text
            assert "张三" not in other.text
            decide_twice()
            assert "已通知账号原来的手机" in other.reload().text
            work()
            assert "链接已发到" in other.reload().text
            other.get(link_to(NEW_PHONE, "link")).fill({"新密码": NEW}).submit("确定")
            assert "新密码已经设置" in other.get("/recover/appeals/progress/").text

    def test_strangers_are_told_what_owners_are_told(
        self, browser: Visitor, new_browser: Callable[[], Visitor], clock: MovedClock
    ) -> None:
        case = appeal(browser)
        clock.forward(minutes=5)
        told = []
        for name, phone in ((case, NEW_PHONE), (case, "13900000001"), (free_number(), "13900000002")):
            visitor = new_browser().get("/recover/appeals/status/")
            visitor.fill({"办件编号": name, "手机号码": phone, "验证码": picture(visitor)}).submit("获取验证码")
            told.append(re.sub(r"1\d\d\*{4}\d{4}|1\d{10}|TB-[\w-]+", "…", visitor.text))
            visitor.fill({"短信验证码": "739182"}).submit("查询")
            told[-1] += str(visitor.errors)
        assert told[0] == told[1] == told[2]
        assert texts("13900000001") == texts("13900000002") == []

    def test_a_code_for_another_case_shows_nothing(self, browser: Visitor, clock: MovedClock) -> None:
        case = appeal(browser)
        clock.forward(minutes=5)
        see_status(browser, case)
        clock.forward(minutes=5)
        browser.get("/recover/appeals/status/")
        browser.fill({"办件编号": case, "手机号码": NEW_PHONE, "验证码": picture(browser)}).submit("获取验证码")
        browser.fill({"办件编号": free_number(), "短信验证码": sms(NEW_PHONE)}).submit("查询")
        assert browser.errors == ["短信验证码不正确。请核对短信后重新输入。"]

    def test_a_mistyped_number_is_told(self, browser: Visitor) -> None:
        browser.get("/recover/appeals/status/").fill({"办件编号": "TB-2026-AAAA-AAAA"}).submit("查询")
        assert "办件编号有误。请对照短信逐个字符核对。" in browser.errors

    def test_a_returned_case_is_corrected(self, browser: Visitor, clock: MovedClock) -> None:
        case = appeal(browser)
        decide_twice("unclear_picture", text="请重新拍摄证件反面。")
        clock.forward(minutes=5)
        visitor = see_status(Visitor(), case)
        assert "请重新拍摄证件反面。" in visitor.text
        visitor.submit("补正并重新提交")
        assert visitor.value("姓名") == "张三"
        assert visitor.value("证件号码") == "", "who holds the phone need not be shown the document"
        visitor.fill({"姓名": "张叁", "证件号码": person().document.number, **pictures("证件反面")}).submit("下一步")
        assert visitor.errors == []
        visitor.submit("提交申诉")
        assert number(visitor) == case
        found = Case.objects.get()
        assert (found.round, found.state) == (2, "submitted")
        (second,) = found.submissions.filter(round=2)
        assert second.read(Purpose.REVIEW)["name"] == "张叁"
        assert len(second.files) == 3
        assert visitor.post("/recover/appeals/correct/").path == "/recover/appeals/progress/"

    def test_a_case_that_moved_on_cannot_be_corrected(self, browser: Visitor, clock: MovedClock) -> None:
        case = appeal_as_unit(browser)
        decide_twice("letter_incomplete")
        clock.forward(minutes=5)
        visitor = see_status(Visitor(), case).submit("补正并重新提交")
        assert visitor.path == "/recover/legal/appeal/details/"
        visitor.fill({"法定代表人证件号码": unit().representative_document.number}).submit("下一步")
        Case.objects.update(state="cancelled", ended_at=clock.now)
        visitor.submit("提交申诉")
        assert "已经有了新的进展" in visitor.text


def free_number() -> str:
    return case_numbers.new(time.now())
