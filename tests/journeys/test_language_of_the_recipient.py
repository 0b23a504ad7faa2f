"""What one person does is told to another in the language of the other."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.journeys.html import words
from tests.journeys.people import PASSWORD, log_in, picture, sms, somebody, texts
from tests.journeys.visitor import Visitor
from tests.moved_clock import MovedClock, moved_clock
from tests.unit.mandates.people import (
    HNTE,
    PHONE,
    USCC,
    some_person,
    some_services,
    some_unit,
    verify_unit,
)
from tests.unit.mandates.people import (
    offered as offer_mandate,
)
from tests.unit.proofing.people import person, unit
from tests.unit.proofing.test_manual_review import sent
from tests.unit.recovery.people import decide_twice, pictures, verified_person
from tests.unit.review.desk import reviewer
from tongban.accounts.backend import PATH
from tongban.accounts.flows.change_password import change_password
from tongban.accounts.flows.choose_language import choose_language
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.design import display
from tongban.kernel import jobs
from tongban.kernel.uscc import Uscc
from tongban.mandates import parties, queries
from tongban.mandates.flows.accept import accept
from tongban.mandates.flows.remind import remind
from tongban.mandates.flows.tell_offers import tell_offers
from tongban.notify.models import Sms
from tongban.notify.queries import messages_for
from tongban.proofing.flows.cancel_review import cancel_review
from tongban.recovery.flows.ask_contact import ask_contact
from tongban.review.flows import deadlines
from tongban.review.flows.claim_case import claim_case
from tongban.review.flows.decide import decide
from tongban.review.models import Case

HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
CONFIRMED = "We reviewed the evidence you submitted. Your identity is verified."


@pytest.fixture(autouse=True)
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.EVIDENCE_WAIT_SECONDS = 0


def english(account: Account) -> Account:
    choose_language(account=account, language="en")
    return account


def as_read(account: Account) -> str:
    """Return the newest message under My messages, as an English page shows it."""
    with translation.override("en"):
        message = messages_for(account.id)[0]
        return f"{message.title}\n{message.body}"


def entered(browser: Visitor, account: Account) -> Visitor:
    browser.client.force_login(account, backend=PATH)
    return browser


def work(*names: str) -> None:
    for job in jobs.registered():
        if job.name.startswith(names):
            job.run()


# What an account remembers, and how


def test_who_registers_in_english_is_spoken_to_in_english(new_browser: Callable[[], Visitor]) -> None:
    browser = new_browser()
    browser.get("/").submit("English").get("/register/natural/")
    browser.fill({"Mobile number": PHONE, "Verification characters": picture(browser)}).submit("Send code")
    assert not HAN.search(texts(PHONE)[0])
    browser.fill({"SMS code": sms(PHONE), "Username": "jane.doe"})
    browser.fill({"Password": PASSWORD, "Confirm password": PASSWORD})
    browser.fill(dict.fromkeys(labels(browser, "checkbox"), True)).submit("Create account")
    assert browser.errors == []
    assert Account.objects.get().language == "en"
    fresh = log_in(new_browser(), Realm.NATURAL, "jane.doe")
    assert fresh.page.get("lang") == "en", "the browser keeps the language of the account"
    assert fresh.client.cookies[display.LANGUAGE_COOKIE].value == "en"
    assert fresh.get("/help/").heading == "Help centre"


def labels(browser: Visitor, kind: str) -> list[str]:
    boxes = browser.page.xpath(f".//main//input[@type='{kind}']/@id")
    return [words(browser.page.find(f".//label[@for='{box}']")) for box in boxes]


def test_a_chinese_account_leaves_no_cookie_behind(browser: Visitor) -> None:
    somebody()
    log_in(browser, Realm.NATURAL, "zhang.san")
    assert display.LANGUAGE_COOKIE not in browser.client.cookies


def test_the_switch_is_the_accounts_while_somebody_is_signed_in(new_browser: Callable[[], Visitor]) -> None:
    account, browser = somebody(), new_browser()
    log_in(browser, Realm.NATURAL, "zhang.san").submit("English")
    account.refresh_from_db()
    assert account.language == "en"
    browser.submit("中文")
    account.refresh_from_db()
    assert account.language == "zh-hans"
    browser.post("/display/", {"language": "de"})
    account.refresh_from_db()
    assert account.language == "zh-hans"
    browser.post("/display/", {"mode": "senior"})
    account.refresh_from_db()
    assert account.language == "zh-hans"


def test_the_switch_asks_the_database_nothing_of_who_is_not_signed_in(
    browser: Visitor, django_assert_num_queries: Any
) -> None:
    account = somebody()
    browser.get("/help/")
    with django_assert_num_queries(0):
        browser.post("/display/", {"language": "en"}, follow=False)
    account.refresh_from_db()
    assert account.language == "zh-hans"


def test_what_was_chosen_before_the_log_in_is_meant_too(new_browser: Callable[[], Visitor]) -> None:
    account = somebody()
    log_in(new_browser(), Realm.NATURAL, "zhang.san")
    browser = new_browser()
    browser.get("/").submit("English").get("/log-in/natural/")
    browser.fill({"Username": "zhang.san", "Password": PASSWORD}).submit("Sign in", near="main")
    account.refresh_from_db()
    assert account.language == "en"
    assert Sms.objects.get(template="new_device").language == "zh-hans", "a thief chooses no language for the warning"


def test_a_log_in_that_changes_no_language_writes_none(browser: Visitor, django_assert_num_queries: Any) -> None:
    account = english(somebody())
    log_in(browser, Realm.NATURAL, "zhang.san")
    with django_assert_num_queries(0):
        choose_language(account=account, language="en")


def test_a_code_follows_the_page_not_the_account(browser: Visitor) -> None:
    english(somebody(phone=PHONE))
    browser.get("/recover/natural/login-name/")
    browser.fill({"登录名": "zhang.san", "验证码": picture(browser)}).submit("检索登录名")
    browser.fill({"预留手机号": PHONE, "新密码": "Korb-voll-reifer-Quitten"}).submit("获取验证码")
    assert texts(PHONE)[0].startswith("验证码")
    browser.fill({"手机验证码": sms(PHONE)}).submit("确定")
    assert browser.heading == "密码已重置"
    assert Sms.objects.get(template="password_reset").language == "en", "whoever reset it may be another"


def test_the_link_of_a_warning_is_read_in_the_language_of_the_warning(new_browser: Callable[[], Visitor]) -> None:
    account = english(somebody())
    change_password(actor=Actor.system(), account=account, current=PASSWORD, new="Korb-voll-reifer-Quitten")
    link = re.search(r"https?://[^/]+(/\S+/)", texts("13800000001")[0])
    assert link
    opened = new_browser()
    opened.client.head(link[1])
    assert opened.get(link[1]).heading == "This was not me"
    assert new_browser().get(f"{link[1][:-5]}xxxx/").status == 410


# The review desk


def test_a_chinese_reviewer_decides_about_who_reads_english(
    browser: Visitor, new_browser: Callable[[], Visitor]
) -> None:
    account = english(somebody())
    with translation.override("en"):
        case = sent(account)
    desk = entered(browser, reviewer()).get(f"/desk/cases/{case.id}/").submit("领取本件")
    assert "办事人的语言English" in desk.text
    assert "居民身份证" in desk.text, "what was chosen from an English form is read in Chinese"
    assert "Resident" not in desk.text
    desk.fill({"审核意见": "通过：材料齐全，与填写内容一致"}).submit("核对决定")
    assert desk.value("给办事人的说明") == CONFIRMED
    assert "对照：您提交的材料已经人工审核，实名认证通过。" in desk.text
    assert desk.page.xpath(".//textarea/@lang") == ["en"]
    desk.submit("确认决定")
    assert desk.text.count("对照：您提交的材料已经人工审核，实名认证通过。") == 1, "in the history of the case"
    assert texts("13800000001")[0] == f"Your case {case.number} is approved."
    read = as_read(account)
    assert CONFIRMED in read
    assert not HAN.search(read)
    person_view = entered(new_browser(), account)
    person_view.get("/").submit("English").get(f"/account/cases/{case.number}/")
    assert CONFIRMED in person_view.text
    assert not HAN.search(words(person_view.page.find(".//main")))


def test_an_english_reviewer_decides_about_who_reads_chinese(browser: Visitor) -> None:
    case = sent(somebody())
    desk = entered(browser, english(reviewer()))
    desk.get("/").submit("English").get(f"/desk/cases/{case.id}/").submit("Claim this case")
    assert "Applicant's language中文" in desk.text
    assert "Resident identity card" in desk.text
    approval = next(label for label in labels(desk, "radio") if label.startswith("Approved"))
    desk.fill({"Decision and reason": approval}).submit("Check decision")
    assert desk.value("Message to the applicant") == "您提交的材料已经人工审核，实名认证通过。"
    assert CONFIRMED in desk.text


def test_nothing_more_is_shown_when_both_read_the_same(browser: Visitor) -> None:
    case = sent(somebody())
    desk = entered(browser, reviewer()).get(f"/desk/cases/{case.id}/").submit("领取本件")
    assert "办事人的语言" not in desk.text
    desk.fill({"审核意见": "通过：材料齐全，与填写内容一致"}).submit("核对决定")
    assert "对照" not in desk.text
    assert desk.page.xpath(".//textarea/@lang") == []


def test_the_second_reviewer_reads_what_the_english_says(browser: Visitor, new_browser: Callable[[], Visitor]) -> None:
    with translation.override("en"):
        case = appealed(browser)
    assert case.language == "en"
    first, second = reviewer(), reviewer()
    desk = entered(new_browser(), first).get(f"/desk/cases/{case.id}/").submit("领取本件")
    assert "居民身份证" in desk.text
    desk.fill({"审核意见": "通过：本人或本单位，交还账号"}).submit("核对决定").submit("确认决定")
    other = entered(new_browser(), second).get(f"/desk/cases/{case.id}/").submit("领取本件")
    assert "Your appeal is approved." in other.text
    assert "对照：申诉已通过。" in other.text
    other.submit("同意")
    assert not HAN.search(texts("13900000009")[0])


# Appeals without an account


def appealed(browser: Visitor) -> Case:
    """Appeal as 张三 in English, from a phone that is nobody's."""
    verified_person()
    browser.get("/").submit("English").get("/recover/natural/appeal/")
    new = "13900000009"
    browser.fill({"Mobile number": new, "Verification characters": picture(browser)}).submit("Send code")
    assert not HAN.search(texts(new)[0])
    browser.fill({"SMS code": sms(new), "Name": "张三", "Document type": "Resident identity card"})
    browser.fill({"Document number": person().document.number, "Reason for appeal": "My phone was stolen"})
    browser.fill(pictures(*labels(browser, "file"))).submit("Continue")
    assert browser.errors == []
    browser.submit("Submit appeal")
    work("recovery.", "vault.evidence")
    return Case.objects.get()


def test_who_appeals_in_english_gets_the_link_in_english(
    browser: Visitor, new_browser: Callable[[], Visitor], clock: MovedClock, settings: Any
) -> None:
    settings.RECOVERY_COOLING_HOURS = 24
    case = appealed(browser)
    decide_twice()
    assert "有人申诉找回您的账号" in texts("13800000001")[0], "the account itself reads Chinese"
    clock.forward(hours=24)
    work("recovery.")
    said = texts("13900000009")
    assert "/recover/link/" in said[0]
    assert not [text for text in said if HAN.search(text)]
    assert any(case.number in text for text in said)
    link = re.search(r"https?://[^/]+(/recover/link/\S+/)", said[0])
    assert link
    opened = new_browser().get(link[1])
    assert (opened.heading, opened.page.get("lang")) == ("Set a new password", "en")
    assert opened.get("/help/").page.get("lang") == "en"
    chinese = new_browser()
    chinese.get("/").submit("English").submit("中文").get(link[1])
    assert chinese.heading == "设置新密码", "what was chosen in a browser stands"
    warning = re.search(r"https?://[^/]+(/recover/stop/\S+/)", texts("13800000001")[0])
    assert warning
    assert new_browser().get(warning[1]).heading == "阻止申诉生效"


# What the worker does


def test_a_case_that_nobody_answered_ends_in_one_sentence(clock: MovedClock) -> None:
    account = english(somebody())
    case = sent(account)
    who = reviewer()
    claim_case(reviewer=who, case_id=case.id)
    decide(reviewer=who, case_id=case.id, round=1, reason="unclear_picture", text="x")
    clock.forward(days=31)
    assert deadlines.end_unanswered() == 1
    closed = f"Your case {case.number} was not corrected in time, so it was closed."
    assert texts("13800000001")[0] == f"{closed} You can submit it again if you need to."
    assert as_read(account).count("submit it again") == 1
    assert not HAN.search(as_read(account))


def test_the_line_of_a_case_that_ended_is_read_in_any_language(new_browser: Callable[[], Visitor]) -> None:
    account = english(somebody())
    with translation.override("en"):
        case = sent(account)
        cancel_review(account=account)
    assert "原来的办件不再审核" in entered(new_browser(), account).get(f"/account/cases/{case.number}/").text
    english_page = entered(new_browser(), account)
    english_page.get("/").submit("English").get(f"/account/cases/{case.number}/")
    assert "You submitted your details again, so this earlier case will not be reviewed." in english_page.text


@pytest.mark.usefixtures("services")
class TestMandates:
    @pytest.fixture
    def services(self, db: None) -> None:
        some_services()

    @pytest.mark.parametrize("worker", ["zh-hans", "en", None])
    def test_a_chinese_unit_and_a_person_who_reads_english(self, worker: str | None, clock: MovedClock) -> None:
        holder, giver = english(some_person()), some_unit()
        bundle = offer_mandate(giver, HNTE)
        with translation.override(worker):
            tell_offers()
        assert "asks you to act" in texts(PHONE)[0] or not HAN.search(
            texts(PHONE)[0].replace("北京示例科技有限公司", "")
        )
        assert Sms.objects.get(template="mandate_offered").language == "en"
        with translation.override("en"):
            accept(actor=holder, bundle=bundle)
        assert "接受了授权" in messages_for(giver.id)[0].body
        clock.forward(days=80)
        with translation.override(worker):
            assert remind() == 1
        assert Sms.objects.get(template="mandate_ending").language == "en"
        assert "授权将于" in messages_for(giver.id)[0].body

    def test_services_are_named_to_each_in_their_language(self, monkeypatch: pytest.MonkeyPatch) -> None:
        names = {"zh-hans": {HNTE: "高企认定"}, "en": {HNTE: "Accreditation"}}
        monkeypatch.setattr(queries, "service_names", lambda _slugs: names[display.spoken_language()])
        holder = english(some_person())
        offer_mandate(some_unit(), HNTE)
        tell_offers()
        assert "Accreditation" in as_read(holder)
        assert "高企认定" in messages_for(holder.id)[0].body
        assert parties.services_as_said([]) == []


@pytest.mark.parametrize("asking", ["zh-hans", "en"])
def test_who_looks_for_a_contact_writes_to_them_in_their_language(asking: str) -> None:
    english(verify_unit(somebody("unit.nine", "13800000009", Realm.LEGAL), uscc=unit().uscc.value))
    with translation.override(asking):
        ask_contact(actor=Actor.anonymous(), uscc=unit().uscc)
        ask_contact(actor=Actor.anonymous(), uscc=Uscc(USCC))
    told, nobody = Sms.objects.filter(template="contact_asked").order_by("state")
    assert (told.state, told.language) == ("pending", "en")
    assert (nobody.state, nobody.language) == ("withheld", asking)
