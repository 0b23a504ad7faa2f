"""实名认证 over HTTP: what people read and press."""

from collections.abc import Callable

import pytest

from tests.journeys.html import words
from tests.journeys.visitor import Value, Visitor
from tests.parallel import in_parallel
from tests.unit.proofing.conftest import make_account, on_record, unit_on_record
from tests.unit.proofing.people import USCC, person, resident_id, unit
from tongban.accounts.models import Account, IdentityBinding, LegalProfile
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.kernel import jobs
from tongban.notify.models import Sms
from tongban.proofing.flows.switch_authority import switch_authority
from tongban.proofing.forms import CONSENT_VERSION
from tongban.proofing.models import Verification
from tongban.proofing.rules import Answer

ZHANG_SAN: dict[str, Value] = {
    "姓名": "张三",
    "证件类型": "居民身份证",
    "证件号码": resident_id(1).number,
}
UNIT: dict[str, Value] = {
    "单位名称": "北京示例科技有限公司",
    "统一社会信用代码": USCC,
    "单位类型": "企业",
    "经办人姓名": "李四",
    "经办人证件号码": resident_id(11).number,
    "经办人手机号码": "13800001234",
    "法定代表人姓名": "王五",
    "法定代表人证件类型": "居民身份证",
    "法定代表人证件号码": resident_id(12).number,
}


def badge(browser: Visitor) -> str:
    """Return the status at the page's top right."""
    (tag,) = browser.page.xpath(".//main//*[contains(@class, 'titled')]//*[contains(@class, 'tag')]")
    return str(tag.text)


def entries_to_check(browser: Visitor) -> list[str]:
    """Return the labels a person is asked to check."""
    (listed,) = browser.page.xpath(".//main//*[contains(@class, 'notice')]//ul")
    return [words(item) for item in listed]


def work() -> None:
    """Do what the worker does for verifications that wait."""
    for job in jobs.registered():
        if job.name.startswith("proofing."):
            job.run()


@pytest.fixture
def natural(browser: Visitor) -> Visitor:
    """A natural person who is signed in, before 我的信息."""
    browser.client.force_login(make_account())
    return browser.get("/account/profile/")


@pytest.fixture
def legal(browser: Visitor) -> Visitor:
    """A unit that is signed in, before 我的信息."""
    account = make_account(Realm.LEGAL, login_name="unit")
    LegalProfile.objects.create(
        account=account,
        unit_name="北京示例科技有限公司",
        unit_name_key="北京示例科技有限公司",
        uscc=USCC,
        unit_type="enterprise",
        contact_name="李四",
    )
    browser.client.force_login(account)
    return browser.get("/account/profile/")


def test_a_person_is_verified_in_one_go(natural: Visitor) -> None:
    on_record(person())
    assert (natural.heading, badge(natural)) == ("我的信息", "未实名认证")
    natural.click("修改个人信息").fill(ZHANG_SAN).submit("保存")
    assert natural.path == "/account/profile/"
    assert badge(natural) == "已实名认证"
    assert "张*" in natural.text
    assert "张三" not in natural.text
    assert resident_id(1).number not in natural.text


def test_a_unit_is_verified_in_three_blocks(legal: Visitor) -> None:
    unit_on_record(unit())
    assert "注册时填写的单位信息" in legal.text
    legal.click("修改法人信息")
    assert legal.value("单位名称") == "北京示例科技有限公司"
    assert legal.value("统一社会信用代码") == USCC
    assert legal.value("单位类型") == "企业"
    assert legal.value("行政区划") == "北京市"
    assert legal.value("经办人姓名") == "李四"
    assert {"法人单位基本信息", "法人授权信息", "法定代表人信息"} <= set(legal.text.split())
    legal.fill(UNIT).fill({"注册地址": "海淀区中关村大街1号"}).submit("保存")
    assert badge(legal) == "已实名认证"
    assert "138****1234" in legal.text
    assert "王*" in legal.text
    assert "海淀区中关村大街1号" in legal.text
    assert "注册时填写的单位信息" not in legal.text
    assert legal.click("去服务事项办理").heading == "服务事项"


def test_a_wrong_name_leads_to_the_entries_to_check(natural: Visitor) -> None:
    on_record(person())
    natural.click("修改个人信息").fill(ZHANG_SAN | {"姓名": "张四"}).submit("保存")
    assert badge(natural) == "信息不一致"
    assert entries_to_check(natural) == ["姓名", "证件类型", "证件号码"]
    natural.click("修改个人信息")
    assert natural.value("姓名") == "张四"
    assert natural.value("证件号码") == resident_id(1).number
    natural.fill({"姓名": "张三"}).submit("保存")
    assert badge(natural) == "已实名认证"


def test_a_wrong_representative_names_the_entries_of_the_unit_only(legal: Visitor) -> None:
    unit_on_record(unit())
    legal.click("修改法人信息").fill(UNIT | {"法定代表人姓名": "王六"}).submit("保存")
    assert entries_to_check(legal) == [
        "单位名称",
        "统一社会信用代码",
        "法定代表人姓名",
        "法定代表人证件类型",
        "法定代表人证件号码",
    ]


def test_no_record_says_what_is_possible_now(natural: Visitor) -> None:
    on_record(person(2))
    natural.click("修改个人信息").fill(ZHANG_SAN).submit("保存")
    assert badge(natural) == "暂未能核验"
    assert "核验机构没有查到这条记录" in natural.text
    assert natural.links()["上传自然人信息"] == "/account/profile/evidence/"


def test_a_kind_nobody_can_check_is_said_honestly(natural: Visitor) -> None:
    on_record(person())
    passport: dict[str, Value] = {"姓名": "JOHN SMITH", "证件类型": "护照", "证件号码": "X1234567"}
    natural.click("修改个人信息").fill(passport).submit("保存")
    assert natural.errors == ["请选择护照上的国籍。"]
    natural.fill({"国籍": "英国"}).submit("保存")
    assert "这类证件或单位目前不能自动核验" in natural.text
    assert "英国" in natural.text


def test_nothing_is_lost_while_the_authority_is_away(natural: Visitor) -> None:
    on_record(person())
    switch_authority(actor=Actor.system(), available=False)
    natural.click("修改个人信息").fill(ZHANG_SAN).submit("保存")
    assert badge(natural) == "核验中"
    assert "张*" in natural.text
    natural.click("修改个人信息")
    assert natural.value("证件号码") == resident_id(1).number
    switch_authority(actor=Actor.system(), available=True)
    work()
    natural.get("/account/profile/")
    assert badge(natural) == "已实名认证"
    assert "已通过实名认证" in natural.get("/account/messages/").text
    assert Sms.objects.get().template == "verified"


def test_an_unavailable_unit_becomes_verified_by_itself(legal: Visitor) -> None:
    unit_on_record(unit(), answer=Answer.UNAVAILABLE)
    legal.click("修改法人信息").fill(UNIT).submit("保存")
    assert badge(legal) == "核验中"
    switch_authority(actor=Actor.system(), available=True)
    work()
    assert badge(legal.reload()) == "已实名认证"


def test_what_waits_can_be_withdrawn(natural: Visitor) -> None:
    on_record(person(), answer=Answer.UNAVAILABLE)
    natural.click("修改个人信息").fill(ZHANG_SAN).submit("保存").click("撤回")
    assert natural.heading == "撤回正在核验的信息"
    natural.submit("确认撤回")
    assert badge(natural) == "未实名认证"
    assert natural.click("修改个人信息").value("证件号码") == ""


def test_withdrawing_nothing_leads_back(natural: Visitor) -> None:
    assert natural.get("/account/profile/withdraw/").path == "/account/profile/"
    assert "没有可以撤回的内容" in natural.post("/account/profile/withdraw/").text


def test_a_document_of_another_account_is_told_so(natural: Visitor, new_browser: Callable[[], Visitor]) -> None:
    on_record(person())
    natural.click("修改个人信息").fill(ZHANG_SAN).submit("保存")
    other = new_browser()
    other.client.force_login(make_account(login_name="other"))
    other.get("/account/profile/edit/").fill(ZHANG_SAN).submit("保存")
    assert badge(other) == "已被其他账号认证"
    assert "证件号码已被注册" in other.text
    assert other.click("自然人申诉找回密码").heading == "自然人申诉找回密码"


def test_a_unit_of_another_account_is_told_so(legal: Visitor, new_browser: Callable[[], Visitor]) -> None:
    unit_on_record(unit())
    legal.click("修改法人信息").fill(UNIT).submit("保存")
    other = new_browser()
    rival = make_account(Realm.LEGAL, login_name="other")
    claims = LegalProfile.objects.get()
    claims.pk = rival.pk
    claims.contact_name = "赵六"
    claims.save(force_insert=True)
    other.client.force_login(rival)
    other.get("/account/profile/edit/").fill(UNIT).submit("保存")
    assert "单位名称已被注册" in other.text
    assert other.click("单位法人用户申诉找回密码").heading == "单位法人用户申诉找回密码"


def test_slips_stay_on_the_page_with_what_to_do(natural: Visitor) -> None:
    natural.click("修改个人信息").fill({"姓名": "张三", "证件号码": resident_id(1).number[:-1]}).submit("保存")
    assert natural.title.startswith("错误：修改个人信息")
    assert len(natural.errors) == 1
    assert natural.value("证件号码") == resident_id(1).number[:-1]
    assert not Verification.objects.exists()


def test_a_draft_waits_without_the_number_until_one_saves(natural: Visitor) -> None:
    natural.click("修改个人信息").fill({"姓名": "张三", "证件号码": "1101"}).submit("暂存")
    assert "证件号码不会保存" in natural.text
    natural.click("修改个人信息")
    assert (natural.value("姓名"), natural.value("证件号码")) == ("张三", "")


def test_saving_is_the_consent_and_the_page_says_so(natural: Visitor) -> None:
    on_record(person())
    natural.click("修改个人信息")
    assert "点“保存”，表示您单独同意" in natural.text
    natural.fill(ZHANG_SAN).submit("保存")
    assert Verification.objects.get().consent.version == CONSENT_VERSION


def test_the_sixth_check_in_six_hours_waits_and_keeps_what_was_typed(natural: Visitor) -> None:
    on_record(person())
    natural.click("修改个人信息")
    for name in "一二四五六":
        natural.fill(ZHANG_SAN | {"姓名": f"张{name}"}).submit("保存").click("修改个人信息")
    natural.fill(ZHANG_SAN).submit("保存")
    assert "过于频繁" in natural.errors[0]
    natural.get("/account/profile/edit/")
    assert natural.value("姓名") == "张三"
    assert natural.value("证件号码") == resident_id(1).number


def test_saving_what_is_verified_already_says_so(natural: Visitor) -> None:
    on_record(person())
    natural.click("修改个人信息").fill(ZHANG_SAN).submit("保存").click("修改个人信息")
    assert natural.value("证件号码") == ""
    assert "原来的认证继续有效" in natural.text
    natural.fill(ZHANG_SAN).submit("保存")
    assert "无需重新核验" in natural.text


def test_a_failed_change_stands_beside_the_proof(natural: Visitor) -> None:
    on_record(person())
    on_record(person(2, name="别人"))
    natural.click("修改个人信息").fill(ZHANG_SAN).submit("保存").click("修改个人信息")
    natural.fill(ZHANG_SAN | {"证件号码": resident_id(2).number}).submit("保存")
    assert badge(natural) == "已实名认证"
    assert "填写的信息与登记信息不一致" in natural.text
    assert "已认证的信息" in natural.text


def test_strangers_log_in_first_and_staff_have_no_such_page(browser: Visitor) -> None:
    browser.client.force_login(_staff())
    assert browser.get("/account/profile/").status == 403


def _staff() -> Account:
    return make_account(Realm.STAFF, login_name="reviewer")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_thirty_times_save_of_one_document_from_two_accounts_leave_one_binding() -> None:
    on_record(person())
    accounts = [make_account(login_name="one"), make_account(login_name="two")]

    def press(number: int) -> str:
        browser = Visitor()
        browser.client.force_login(accounts[number % 2])
        browser.get("/account/profile/edit/").fill(ZHANG_SAN).submit("保存")
        return browser.text

    pages = in_parallel(30, press)
    assert not [page for page in pages if isinstance(page, Exception)]
    binding = IdentityBinding.objects.get(released_at=None)
    winners, losers = (set(pages[0::2]), set(pages[1::2]))
    if binding.account == accounts[1]:
        winners, losers = losers, winners
    assert any("已实名认证" in str(page) for page in winners)
    assert any("证件号码已被注册" in str(page) for page in losers)
    assert not any("已实名认证" in str(page) for page in losers)
