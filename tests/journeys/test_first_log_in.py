"""The first log-in of a brought-over account: what came, what did not, what is next; and E4's mandates."""

from collections.abc import Iterator

import pytest

from tests.journeys.people import log_in, sms, somebody, texts
from tests.journeys.test_accounts import is_signed_in
from tests.journeys.transferred import LEGACY_PHONE, STRONG, WEAK, transferred
from tests.journeys.visitor import Visitor
from tests.moved_clock import MovedClock, moved_clock
from tests.unit.mandates import people
from tests.unit.proofing.conftest import on_record, unit_on_record
from tests.unit.proofing.people import USCC, person, resident_id, unit
from tongban.accounts.flows import prove_phone as proving
from tongban.accounts.flows.replace_phone import replace_phone
from tongban.accounts.models import Account, Consent
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.kernel.mobile import Mobile
from tongban.mandates import queries as mandates
from tongban.mandates.flows.approve import approve
from tongban.mandates.flows.end import end
from tongban.mandates.models import Mandate
from tongban.notify.queries import messages_for
from tongban.transfer.rules import Outcome

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
CONSENT = "我已阅读并同意用户服务协议和个人信息保护告知书，且已年满 14 周岁"
SERVICES = [people.HNTE, people.TSME]
ENTRIES = {"姓名": "张三", "证件类型": "居民身份证", "证件号码": resident_id(1).number}
NEW = "Korb-voll-reifer-Quitten"


@pytest.fixture(autouse=True)
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        people.some_services()
        yield moved


def accept(browser: Visitor) -> Visitor:
    return browser.fill({CONSENT: True}).submit("同意并继续")


def prove_phone(browser: Visitor, phone: str = LEGACY_PHONE) -> Visitor:
    browser.get("/account/transfer/phone/").submit("获取验证码")
    assert browser.errors == []
    return browser.fill({"短信验证码": sms(phone)}).submit("确定")


def verify(browser: Visitor) -> Visitor:
    on_record(person())
    return browser.get("/account/profile/").click("修改个人信息").fill(ENTRIES).submit("保存")


@pytest.fixture
def unit_account() -> Account:
    """The unit's own verified account, under another login name: that is what makes E4."""
    return people.verify_unit(somebody("unit.one", "13800000002", Realm.LEGAL), uscc=USCC)


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("outcome", "realm", "said"),
        [
            (Outcome.E1, Realm.LEGAL, "登录名仍是统一社会信用代码"),
            (Outcome.E3, Realm.LEGAL, "所以转来的法人账号在前面加了“HJ_”"),
            (Outcome.E4, Realm.NATURAL, "成为您个人的自然人账号"),
            (Outcome.P1, Realm.NATURAL, "登录名仍是手机号码"),
            (Outcome.P3, Realm.NATURAL, "所以转来的账号在前面加了“HJ_”"),
        ],
    )
    def test_each_outcome_has_its_words(self, browser: Visitor, outcome: Outcome, realm: Realm, said: str) -> None:
        account = transferred(outcome)
        log_in(browser, realm, account.login_name, STRONG)
        assert browser.heading == "从火炬中心转来的账号"
        for text in (said, account.login_name, "火炬中心业务办理平台", "137****7000", "没有转来的", "接下来"):
            assert text in browser.text, text

    def test_terms_come_first_and_the_rest_may_wait(self, browser: Visitor) -> None:
        account = transferred()
        log_in(browser, Realm.NATURAL, LEGACY_PHONE, STRONG)
        assert browser.submit("同意并继续").errors == ["请阅读并勾选同意后继续。"]
        assert not Consent.objects.exists()
        for path in ("/account/profile/", "/account/security/", "/account/", "/account/transfer/phone/"):
            assert browser.get(path).heading == "从火炬中心转来的账号", path
        assert browser.get("/services/").heading == "服务事项", "what is public stays so"
        browser.get("/services/talent/enter/")
        assert browser.heading == "从火炬中心转来的账号"
        browser.get("/account/security/")
        accept(browser)
        assert browser.heading == "账号安全", "back to where one wanted to go"
        given = Consent.objects.filter(account=account)
        assert {(one.text, one.version) for one in given} == {("terms", "2026-11-01"), ("privacy", "2026-11-01")}
        assert Event.objects.filter(name="transfer:terms:accepted", subject=account.id).count() == 1
        assert browser.get("/account/messages/").heading == "我的消息"

    def test_one_leaves_and_comes_back(self, browser: Visitor) -> None:
        transferred()
        log_in(browser, Realm.NATURAL, LEGACY_PHONE, STRONG)
        browser.submit("退出登录", near="暂时不同意")
        assert not is_signed_in(browser)
        log_in(browser, Realm.NATURAL, LEGACY_PHONE, STRONG)
        accept(browser).click("先到在线办事")
        assert "还要确认手机号码。还要完成实名认证。" in browser.text
        browser.submit("退出登录")
        log_in(browser, Realm.NATURAL, LEGACY_PHONE, STRONG)
        browser.get("/account/")
        assert browser.heading == "在线办事", "terms are accepted once"
        browser.click("看看转来了什么、接下来做什么")
        assert browser.heading == "从火炬中心转来的账号"

    def test_other_sessions_learn_of_the_consent(self, browser: Visitor) -> None:
        transferred()
        other = Visitor()
        for visitor in (browser, other):
            log_in(visitor, Realm.NATURAL, LEGACY_PHONE, STRONG)
        accept(browser)
        assert other.get("/account/security/").heading == "账号安全"

    def test_a_weak_password_comes_before_all_that(self, browser: Visitor) -> None:
        transferred(password=WEAK)
        log_in(browser, Realm.NATURAL, LEGACY_PHONE, WEAK)
        browser.fill({"新密码": NEW, "确认密码": NEW}).submit("保存并登录")
        assert browser.heading == "从火炬中心转来的账号"

    def test_others_do_not_see_the_page(self, browser: Visitor) -> None:
        account = somebody()
        browser.client.force_login(account)
        for path in ("/account/transfer/", "/account/transfer/phone/"):
            assert browser.get(path).status == 404
        assert browser.post("/account/transfer/unit/").status == 404
        assert "转来" not in browser.get("/account/").text

    def test_a_system_that_asks_silently_gets_its_answer(self, browser: Visitor) -> None:
        transferred()
        log_in(browser, Realm.NATURAL, LEGACY_PHONE, STRONG)
        assert browser.get("/oidc/authorize?prompt=none&client_id=nobody").status == 400


class TestAPerson:
    @pytest.mark.parametrize("outcome", [Outcome.P1, Outcome.P3])
    def test_from_the_first_log_in_to_verified(self, browser: Visitor, outcome: Outcome) -> None:
        account = transferred(outcome)
        accept(log_in(browser, Realm.NATURAL, account.login_name, STRONG))
        prove_phone(browser)
        assert (browser.heading, browser.errors) == ("从火炬中心转来的账号", [])
        assert "手机号码已确认。" in browser.text
        account.refresh_from_db()
        assert account.phone_proved_at
        browser.click("去实名认证")
        verify(browser)
        assert "已实名认证" in browser.text
        assert "都办完了" in browser.get("/account/transfer/").text
        assert "转来" not in browser.get("/account/").text
        assert browser.get("/account/transfer/phone/").path == "/account/transfer/"

    def test_a_wrong_code_proves_nothing(self, browser: Visitor) -> None:
        account = transferred()
        accept(log_in(browser, Realm.NATURAL, LEGACY_PHONE, STRONG))
        browser.get("/account/transfer/phone/").fill({"短信验证码": "000000"}).submit("确定")
        assert browser.errors == ["短信验证码不正确。请核对短信后重新输入。"]
        account.refresh_from_db()
        assert account.phone_proved_at is None

    def test_the_phone_is_somebody_elses_now(self, browser: Visitor) -> None:
        transferred()
        accept(log_in(browser, Realm.NATURAL, LEGACY_PHONE, STRONG))
        browser.click("去确认手机号码")
        assert "这个号码已经不归您使用？" in browser.text
        assert {"去实名认证", "自然人申诉找回密码"} <= set(browser.links())
        verify(browser)
        browser.get("/account/transfer/phone/").click("自然人申诉找回密码")
        assert browser.heading == "自然人申诉找回密码"


class TestAUnit:
    @pytest.mark.parametrize("outcome", [Outcome.E1, Outcome.E3])
    def test_from_the_first_log_in_to_verified(self, browser: Visitor, outcome: Outcome) -> None:
        account = transferred(outcome, uscc=USCC)
        unit_on_record(unit())
        accept(log_in(browser, Realm.LEGAL, account.login_name, STRONG))
        prove_phone(browser)
        browser.click("去实名认证").click("修改法人信息")
        assert browser.value("统一社会信用代码") == USCC
        browser.fill(
            {
                "单位名称": "北京示例科技有限公司",
                "单位类型": "企业",
                "经办人姓名": "李四",
                "经办人证件号码": resident_id(11).number,
                "经办人手机号码": "13800001234",
                "法定代表人姓名": "王五",
                "法定代表人证件类型": "居民身份证",
                "法定代表人证件号码": resident_id(12).number,
            }
        ).submit("保存")
        assert "已实名认证" in browser.text
        assert "都办完了" in browser.get("/account/transfer/").text

    def test_the_way_without_the_phone(self, browser: Visitor) -> None:
        account = transferred(Outcome.E1)
        accept(log_in(browser, Realm.LEGAL, account.login_name, STRONG))
        browser.get("/account/transfer/phone/")
        assert "单位法人用户申诉找回密码" in browser.links()


class TestE4:
    @pytest.mark.parametrize("phone_first", [True, False])
    def test_verified_and_with_the_phone_the_mandates_are_there(
        self, browser: Visitor, unit_account: Account, phone_first: bool
    ) -> None:
        account = transferred(Outcome.E4, uscc=USCC)
        accept(log_in(browser, Realm.NATURAL, USCC, STRONG))
        assert "每个单位只自动授予一次" in browser.text
        for step in (prove_phone, verify) if phone_first else (verify, prove_phone):
            assert mandates.held(account, SERVICES) == []
            step(browser)
        rows = mandates.held(account, SERVICES)
        assert {(row.service, row.unit_id, row.origin) for row in rows} == {
            (service, unit_account.id, "transfer") for service in SERVICES
        }
        browser.get("/account/transfer/")
        assert "您已经可以代单位办理高企认定和科小企评价" in browser.text
        browser.click("我的授权")
        assert "高企认定" in browser.text
        assert any("因账号转移获得授权" in message.title for message in messages_for(unit_account.id))
        assert len(texts("13800000002")) == 1

    def test_the_unit_revokes_and_they_do_not_come_back(self, browser: Visitor, unit_account: Account) -> None:
        account = transferred(Outcome.E4, uscc=USCC)
        accept(log_in(browser, Realm.NATURAL, USCC, STRONG))
        prove_phone(browser)
        verify(browser)
        for row in mandates.held(account, SERVICES):
            end(actor=unit_account, mandate_id=row.id)
        people.verify_person(account, name="张三", number=resident_id(1).number)
        assert mandates.held(account, SERVICES) == []
        assert "请单位批准" in browser.get("/account/transfer/").text

    def test_without_the_phone_the_unit_decides(self, browser: Visitor, unit_account: Account) -> None:
        account = transferred(Outcome.E4, uscc=USCC)
        accept(log_in(browser, Realm.NATURAL, USCC, STRONG))
        browser.get("/account/transfer/phone/")
        assert "请单位批准" in browser.text
        verify(browser)
        assert mandates.held(account, SERVICES) == []
        browser.get("/account/transfer/").submit("请单位批准")
        assert "申请已提交" in browser.text
        assert "正在等待单位同意" in browser.text
        browser.post("/account/transfer/unit/")
        assert "正在等待对方答复" in browser.text
        bundle = Mandate.objects.get(holder=account, service=people.HNTE).bundle
        approve(actor=unit_account, bundle=bundle, days=30)
        assert "您已经可以代单位办理" in browser.get("/account/transfer/").text

    def test_another_phone_than_the_legacy_one_grants_nothing(self, browser: Visitor, unit_account: Account) -> None:
        account = transferred(Outcome.E4, uscc=USCC)
        accept(log_in(browser, Realm.NATURAL, USCC, STRONG))
        verify(browser)
        account.refresh_from_db()
        replace_phone(actor=Actor.system(), account=account, phone=Mobile.parse("13900000009"))
        people.verify_person(account, name="张三", number=resident_id(1).number)
        assert mandates.held(account, SERVICES) == []
        assert "请单位批准" in browser.get("/account/transfer/").text

    def test_a_reset_by_sms_proves_the_phone_too(self, browser: Visitor, unit_account: Account) -> None:
        account = transferred(Outcome.E4, uscc=USCC)
        people.verify_person(account)
        proving.prove_phone(actor=Actor.system(), account=account)
        assert len(mandates.held(account, SERVICES)) == 2
