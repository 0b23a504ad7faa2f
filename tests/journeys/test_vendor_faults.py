"""Vendors in every mood, as people meet them: no page fails, nothing typed is lost, nothing is sent twice, all heals.

The vendors are servers of the test (`tests/vendors`); people, pages, worker and database are as always.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from tests.journeys.people import PASSWORD, log_in, picture
from tests.journeys.test_accounts import CONSENT
from tests.journeys.test_proofing import UNIT, ZHANG_SAN, badge
from tests.journeys.visitor import Visitor
from tests.moved_clock import MovedClock, moved_clock
from tests.unit.proofing.conftest import make_account
from tests.unit.proofing.people import USCC, person, resident_id, unit
from tests.vendors.counters import AUTHORITIES, PROVIDERS, open_counters
from tests.vendors.offices import Office
from tests.vendors.server import Mood, Vendor, lost_answer, lost_question, says, slow
from tests.vendors.shop import Shop
from tongban.accounts.models import Account, LegalProfile
from tongban.accounts.rules import Realm
from tongban.audit.models import Event
from tongban.kernel import jobs
from tongban.kernel.vendors import channel
from tongban.notify.models import Sms
from tongban.proofing.models import AuthorityAnswer, Proof, Verification

PHONE = "13800138000"
Counters = dict[str, Vendor]

GARBAGE = says(b"<html>502 Bad Gateway</html>", status=502)
LIES: dict[str, Mood] = {
    "alibaba": says({"Code": "OK", "Message": "OK"}),
    "tencent": says({"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": ""}]}}),
}


@pytest.fixture
def shop() -> Shop:
    """What the phones got."""
    return Shop()


@pytest.fixture
def office() -> Office:
    """Who knows 张三, 李四 and one company."""
    company = unit()
    representative = (company.unit_name.value, company.representative_name.value, resident_id(12).number)
    people = {person().document.number: "张三", resident_id(11).number: "李四"}
    return Office(people=people, units={USCC: representative})


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


@pytest.fixture
def counters(shop: Shop, office: Office, settings: Settings) -> Iterator[Counters]:
    """Both vendors, for SMS and for identities, Alibaba first."""
    settings.SMS_PROVIDER = list(PROVIDERS.values())
    settings.AUTHORITY = list(AUTHORITIES.values())
    settings.AUTHORITY_TIMEOUT = 2.0
    with open_counters(settings, {**shop.answers(), **office.answers()}) as running:
        yield running


def work(clock: MovedClock, *, seconds: float = 0) -> None:
    """Let time pass in steps of ten seconds, and the worker do what is due."""
    for _ in range(max(1, round(seconds / 10))):
        for job in jobs.registered():
            if job.name.startswith(("notify.", "proofing.ask")):
                job.run()
        clock.forward(seconds=10 if seconds else 0)


def down(vendor: Vendor, mood: Mood) -> None:
    """Let `vendor` be in `mood` until further notice."""
    vendor.lasting = mood


def up(*vendors: Vendor) -> None:
    """Let all be well again, and the circuits closed as after their rest."""
    for vendor in vendors:
        vendor.lasting = None
    channel.forget_breakers()


def code(shop: Shop) -> str:
    """Return the code of the newest SMS a phone got."""
    newest = shop.to(PHONE)[-1].values
    return str(newest[0] if isinstance(newest, list) else json.loads(newest)["code"])


def ask_for_a_code(browser: Visitor) -> Visitor:
    browser.get("/register/natural/").fill({"手机号码": PHONE, "验证码": picture(browser)}).submit("获取验证码")
    assert (browser.status, browser.errors) == (200, [])
    return browser


def register(browser: Visitor, shop: Shop) -> None:
    """Finish the registration with the newest code, and log in."""
    browser.fill({"短信验证码": code(shop)})
    browser.fill({"登录名": "zhang.san", "密码": PASSWORD, "确认密码": PASSWORD, CONSENT: True}).submit("注册账号")
    assert (browser.errors, browser.path) == ([], "/log-in/natural/")
    assert log_in(browser, Realm.NATURAL, "zhang.san").path == "/account/"


def codes_sent(shop: Shop) -> int:
    return sum(message.template.endswith("register") for message in shop.sent)


class TestSms:
    @pytest.mark.parametrize(
        "mood", [says({"Code": "isv.BUSINESS_LIMIT_CONTROL"}), says({"Code": "Throttling.User"}, status=400)]
    )
    def test_the_second_vendor_steps_in(
        self, mood: Mood, browser: Visitor, counters: Counters, shop: Shop, clock: MovedClock
    ) -> None:
        down(counters["alibaba"], mood)
        ask_for_a_code(browser)
        work(clock)
        assert [message.vendor for message in shop.sent] == ["tencent"]
        register(browser, shop)

    def test_a_wrong_key_at_the_first_vendor_is_not_noticed_by_anybody_but_the_operator(
        self, browser: Visitor, counters: Counters, shop: Shop, clock: MovedClock, settings: Settings
    ) -> None:
        settings.ALIBABA_KEY_SECRET = "wrong"
        ask_for_a_code(browser)
        work(clock)
        register(browser, shop)
        assert {message.vendor for message in shop.sent} == {"tencent"}

    @pytest.mark.parametrize("mood", [slow(3), lost_answer(), Mood(status=200, twice=True)])
    def test_what_was_sent_is_not_sent_again_though_the_answer_was_lost(
        self, mood: Mood, browser: Visitor, counters: Counters, shop: Shop, clock: MovedClock
    ) -> None:
        counters["alibaba"].moods[:] = [mood]
        ask_for_a_code(browser)
        work(clock)
        register(browser, shop)
        shop.report("DELIVERED")
        shop.repeats = True
        work(clock, seconds=600)
        row = Sms.objects.get(template="register")
        assert (row.state, row.receipt, row.provider) == ("sent", "delivered", "alibaba")
        assert codes_sent(shop) == 1

    @pytest.mark.parametrize("mood", [lost_question(), GARBAGE, LIES["alibaba"]])
    def test_what_was_lost_is_sent_once_while_its_code_lives(
        self, mood: Mood, browser: Visitor, counters: Counters, shop: Shop, clock: MovedClock
    ) -> None:
        counters["alibaba"].moods[:] = [mood]
        ask_for_a_code(browser)
        work(clock)
        assert (shop.sent, Sms.objects.get().state) == ([], "asking")
        work(clock, seconds=280)
        assert codes_sent(shop) == 1
        register(browser, shop)
        work(clock, seconds=600)
        assert codes_sent(shop) == 1

    def test_where_nobody_can_say_it_is_never_sent_again(
        self, browser: Visitor, counters: Counters, shop: Shop, clock: MovedClock, settings: Settings
    ) -> None:
        settings.SMS_PROVIDER = [PROVIDERS["tencent"], PROVIDERS["alibaba"]]
        counters["tencent"].moods[:] = [lost_question()]
        ask_for_a_code(browser)
        work(clock, seconds=4000)
        assert (Sms.objects.get().state, shop.sent) == ("unknown", [])
        assert Event.objects.filter(name="notify:sms:outcome_unknown").count() == 1
        # The person asks once more, and that is a message of its own.
        ask_for_a_code(browser)
        work(clock)
        assert codes_sent(shop) == 1
        register(browser, shop)

    def test_both_away_and_back_again(
        self, browser: Visitor, counters: Counters, shop: Shop, clock: MovedClock, settings: Settings
    ) -> None:
        addresses = settings.ALIBABA_SMS_ADDRESS, settings.TENCENT_SMS_ADDRESS
        settings.ALIBABA_SMS_ADDRESS = settings.TENCENT_SMS_ADDRESS = "http://127.0.0.1:9"
        ask_for_a_code(browser)
        work(clock, seconds=70)
        ask_for_a_code(browser)
        work(clock, seconds=30)
        assert shop.sent == []
        settings.ALIBABA_SMS_ADDRESS, settings.TENCENT_SMS_ADDRESS = addresses
        up(*counters.values())
        work(clock, seconds=120)
        # Of the two codes only the living one arrives.
        assert codes_sent(shop) == 1
        register(browser, shop)
        states = Sms.objects.filter(template="register").order_by("created_at").values_list("state", flat=True)
        assert list(states) == ["worthless", "sent"]

    def test_a_vendor_that_lies_about_delivery_is_put_behind_the_other(
        self, browser: Visitor, counters: Counters, shop: Shop, clock: MovedClock
    ) -> None:
        for _ in range(3):
            ask_for_a_code(browser)
            work(clock)
            shop.report("MK:0001", vendor="alibaba")
            work(clock, seconds=70)
        assert {message.vendor for message in shop.sent} == {"alibaba"}
        ask_for_a_code(browser)
        work(clock)
        assert shop.sent[-1].vendor == "tencent"
        register(browser, shop)
        assert Event.objects.filter(name="notify:sms:undelivered").count() == 3
        assert codes_sent(shop) == 4

    def test_a_number_that_is_refused_gets_nothing_and_the_page_says_what_to_check(
        self, browser: Visitor, counters: Counters, shop: Shop, clock: MovedClock
    ) -> None:
        shop.refusing = {"alibaba": "isv.MOBILE_NUMBER_ILLEGAL"}
        ask_for_a_code(browser)
        work(clock, seconds=300)
        assert (Sms.objects.get().state, shop.sent) == ("failed", [])


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


MOODS: dict[str, Mood] = {
    "slow": slow(4),
    "silent": lost_answer(),
    "deaf": lost_question(),
    "garbled": GARBAGE,
    "dripping": Mood(drips=True),
    "throttling": says(
        {"Code": "Throttling.User", "Response": {"Error": {"Code": "RequestLimitExceeded"}}}, status=400
    ),
    "in arrears": says({"Code": "412", "Response": {"Error": {"Code": "UnauthorizedOperation.Arrears"}}}),
    "lying": says({"Code": "200", "Response": {"Result": None, "StatusCode": 0}}),
}
moods = pytest.mark.parametrize("mood", MOODS.values(), ids=MOODS)


class TestAuthorities:
    @moods
    def test_the_second_authority_steps_in(
        self, mood: Mood, natural: Visitor, counters: Counters, clock: MovedClock
    ) -> None:
        down(counters["alibaba"], mood)
        natural.click("修改个人信息").fill(ZHANG_SAN).submit("保存")
        assert badge(natural) == "已实名认证"
        assert Proof.objects.get().authority == "tencent"

    @moods
    def test_a_person_waits_loses_nothing_and_is_verified_when_somebody_answers(
        self, mood: Mood, natural: Visitor, counters: Counters, clock: MovedClock
    ) -> None:
        for vendor in counters.values():
            down(vendor, mood)
        natural.click("修改个人信息").fill(ZHANG_SAN).submit("保存")
        assert (natural.status, badge(natural)) == (200, "核验中")
        assert natural.click("修改个人信息").value("姓名") == "张三"
        assert natural.value("证件号码") == resident_id(1).number
        work(clock, seconds=60)
        assert badge(natural.get("/account/profile/")) == "核验中"
        up(*counters.values())
        work(clock, seconds=600)
        assert badge(natural.reload()) == "已实名认证"
        assert (Proof.objects.count(), AuthorityAnswer.objects.count()) == (1, 1)

    def test_a_unit_is_verified_by_whoever_answers_which_question(
        self, legal: Visitor, counters: Counters, clock: MovedClock
    ) -> None:
        counters["alibaba"].moods[:] = [says({"Code": "InternalError"}, status=500)] * 3
        legal.click("修改法人信息").fill(UNIT).submit("保存")
        work(clock, seconds=60)
        assert badge(legal.reload()) == "已实名认证"
        asked = dict(AuthorityAnswer.objects.values_list("block", "authority"))
        assert asked == {"unit": "tencent", "agent": "alibaba"}
        assert Proof.objects.get().authority == "tencent"

    def test_an_institution_is_not_asked_about_and_led_to_uploading(
        self, legal: Visitor, counters: Counters, clock: MovedClock
    ) -> None:
        legal.click("修改法人信息")
        institution: dict[str, Any] = {**UNIT, "统一社会信用代码": "12100000400000624D", "单位类型": "事业单位"}
        legal.fill(institution).submit("保存")
        assert badge(legal) == "暂未能核验"
        assert Verification.objects.get().result == "no_authority"
        asked = [action for vendor in counters.values() for action, _params in vendor.asked]
        assert asked == ["Id2MetaVerify"]

    def test_answers_that_differ_later_change_nothing(
        self, natural: Visitor, counters: Counters, office: Office, clock: MovedClock
    ) -> None:
        """The first answer was lost and asked for again; what was answered twice counts once."""
        counters["alibaba"].moods[:] = [lost_answer()]
        natural.click("修改个人信息").fill(ZHANG_SAN).submit("保存")
        assert badge(natural) == "已实名认证"
        assert counters["alibaba"].times("Id2MetaVerify") == 2
        office.people.clear()
        work(clock, seconds=120)
        assert badge(natural.reload()) == "已实名认证"
        assert Account.objects.get().verifications.count() == 1
