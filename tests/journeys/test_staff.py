"""工作人员登录: as members of staff meet it, and as attackers do."""

import re
from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from tests.journeys.people import PASSWORD, picture, somebody, texts
from tests.journeys.people import log_in as log_in_citizen
from tests.journeys.staff import STAFF_PASSWORD, STAFF_WINDOW, app_code, give_password, log_in_staff, member
from tests.journeys.visitor import Visitor
from tests.moved_clock import MovedClock, moved_clock
from tests.unit.review.desk import SINGLE, a_case
from tongban.accounts import queries
from tongban.accounts.backend import PATH
from tongban.accounts.flows.create_staff import create_staff
from tongban.accounts.flows.grant_role import end_role
from tongban.accounts.models import Account, ResetRequest, Session, StaffRole, Suspension, Totp, TotpUse
from tongban.accounts.rules import Realm, Role, totp
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.review import kinds
from tongban.review.models import Case

SPENT = "动态验证码不正确，或者已经用过。请等应用显示下一个验证码后再输入。"
REFUSED = "登录名或密码错误。请核对后重新输入；多次失败后请稍候再试。"
NEW_PASSWORD = "Sieben Igel auf dem Dach"


@pytest.fixture(autouse=True)
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/desk/").path == "/desk/" and visitor.status == 200


class TestLoggingIn:
    def test_password_and_code_open_the_desk(self, browser: Visitor) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        browser.get("/").click("工作人员登录")
        assert browser.heading == "工作人员登录"
        browser.fill({"登录名": "reviewer.li", "密码": STAFF_PASSWORD}).submit("登录")
        assert browser.heading == "动态验证码"
        code = app_code(account)
        browser.fill({"动态验证码": f"{code[:3]} {code[3:]}"}).submit("登录")
        assert (browser.path, browser.heading) == ("/desk/", "办件队列")
        assert "工作台" in browser.links()
        assert browser.client.session["amr"] == ["pwd", "otp", "mfa"]
        names = list(Event.objects.filter(name__startswith="accounts:staff").values_list("name", flat=True))
        assert names == ["accounts:staff:password_accepted", "accounts:staff:logged_in"]

    def test_it_leads_back_to_where_one_wanted_to_go(self, browser: Visitor) -> None:
        account = member("auditor.wang", Role.AUDITOR)
        browser.get("/desk/export/")
        assert browser.path == "/staff/log-in/?next=/desk/export/"
        browser.fill({"登录名": "auditor.wang", "密码": STAFF_PASSWORD}).submit("登录")
        browser.fill({"动态验证码": app_code(account)}).submit("登录")
        assert browser.path == "/desk/export/"
        assert browser.get(STAFF_WINDOW).path == "/desk/"

    def test_a_password_that_is_too_old_is_replaced_after_both_factors(
        self, browser: Visitor, clock: MovedClock, settings: Settings
    ) -> None:
        settings.PASSWORD_DAYS = 90
        account = member("reviewer.li", Role.REVIEWER)
        log_in_staff(browser, account)
        assert browser.path == "/desk/"
        clock.forward(days=90)
        log_in_staff(browser, account)
        assert browser.heading == "请先设置新密码"
        assert "已经用了超过 90 天" in browser.text
        assert "至少 15 个字符" in browser.text
        assert browser.get("/desk/").path != "/desk/", "nobody is signed in yet"
        browser.get("/log-in/new-password/").fill({"新密码": STAFF_PASSWORD, "确认密码": STAFF_PASSWORD})
        assert browser.submit("保存并登录").errors == ["新密码不能与原来的密码相同。请换一个。"]
        browser.fill({"新密码": NEW_PASSWORD, "确认密码": NEW_PASSWORD}).submit("保存并登录")
        assert browser.path == "/desk/"
        assert browser.client.session["amr"] == ["pwd", "otp", "mfa"]
        names = Event.objects.order_by("id").filter(name="accounts:staff:logged_in")
        assert names.count() == 2
        assert not Event.objects.filter(name="accounts:session:weak_password_accepted").exists()

    def test_a_password_alone_never_reaches_the_page_for_a_new_one(
        self, browser: Visitor, clock: MovedClock, settings: Settings
    ) -> None:
        settings.PASSWORD_DAYS = 1
        member("reviewer.li", Role.REVIEWER)
        clock.forward(days=2)
        assert give_password(browser, "reviewer.li").heading == "动态验证码"
        assert browser.get("/log-in/new-password/").heading == "用户登录"

    def test_who_has_no_role_has_an_account_and_nothing_else(self, browser: Visitor) -> None:
        log_in_staff(browser, member("nobody.yet"))
        assert browser.path == "/account/security/"
        assert "工作台" not in browser.links()
        assert browser.get("/desk/").status == 403

    def test_staff_sessions_are_shorter(self, browser: Visitor, clock: MovedClock) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        log_in_staff(browser, account)
        clock.forward(minutes=14)
        assert is_in(browser)
        clock.forward(minutes=15)
        assert not is_in(browser)
        log_in_staff(browser, account)
        for _ in range(8 * 60 // 14):
            clock.forward(minutes=14)
            assert is_in(browser)
        clock.forward(minutes=10)
        assert not is_in(browser), "eight hours are over"

    def test_logging_out_ends_it(self, browser: Visitor) -> None:
        log_in_staff(browser, member("reviewer.li", Role.REVIEWER)).submit("退出登录")
        assert not is_in(browser)


class TestFirstSignIn:
    def invited(self, *roles: Role) -> tuple[Account, str]:
        account, token = create_staff(actor=Actor.operator("root"), login_name="reviewer.li", roles=roles)
        return account, f"/staff/invitations/{token}/"

    def choose(self, browser: Visitor, link: str, password: str = NEW_PASSWORD) -> Visitor:
        return browser.get(link).fill({"新密码": password, "确认密码": password}).submit("下一步")

    def test_a_link_a_password_an_app(self, browser: Visitor) -> None:
        account, link = self.invited(Role.REVIEWER)
        self.choose(browser, link)
        assert browser.heading == "绑定动态验证码"
        secret = re.search(r"[A-Z2-7]{32}", browser.text)
        assert secret
        assert f"secret={secret[0]}" in browser.text
        assert browser.page.xpath(".//main//*[local-name()='svg']//*[local-name()='path']")
        browser.fill({"动态验证码": app_code(account)}).submit("确认并登录")
        assert browser.heading == "办件队列"
        assert browser.get(link).status == 410
        assert browser.heading == "链接已失效"

    def test_the_secret_stays_the_same_until_it_is_confirmed_and_is_sealed(self, browser: Visitor) -> None:
        account, link = self.invited()
        self.choose(browser, link)
        shown = re.findall(r"[A-Z2-7]{32}", browser.text)
        browser.fill({"动态验证码": "000000"}).submit("确认并登录")
        assert browser.errors == [SPENT]
        assert re.findall(r"[A-Z2-7]{32}", browser.text) == shown
        kept = Totp.objects.filter(account=account).values_list("secret", flat=True)
        assert shown[0] not in str(list(kept))
        assert queries.confirmed_totp(account) is None

    def test_the_password_is_long_and_typed_twice(self, browser: Visitor) -> None:
        _account, link = self.invited()
        self.choose(browser, link, "Zwei-Birnen-14")
        assert browser.errors == ["密码至少 15 个字符。可以用一句只有您知道的话。"]
        browser.get(link).fill({"新密码": NEW_PASSWORD, "确认密码": "something else"}).submit("下一步")
        assert browser.errors == ["两次输入的密码不一致。请重新输入。"]

    def test_who_was_interrupted_opens_the_link_again(
        self, browser: Visitor, new_browser: Callable[[], Visitor], clock: MovedClock
    ) -> None:
        account, link = self.invited(Role.REVIEWER)
        self.choose(new_browser(), link)
        self.choose(browser, link, "Neun Krokodile am Fluss")
        clock.forward(minutes=5)
        browser.fill({"动态验证码": app_code(account)}).submit("确认并登录")
        assert browser.heading == "办件队列"

    def test_a_link_is_of_no_use_after_its_time(self, browser: Visitor, clock: MovedClock) -> None:
        _account, link = self.invited()
        clock.forward(hours=72)
        assert browser.get(link).status == 410
        assert browser.get("/staff/invitations/guessed/").status == 410

    def test_a_link_used_up_in_another_window_does_nothing_in_this_one(
        self, browser: Visitor, new_browser: Callable[[], Visitor]
    ) -> None:
        account, link = self.invited()
        self.choose(browser, link)
        other = self.choose(new_browser(), link)
        other.fill({"动态验证码": app_code(account)}).submit("确认并登录")
        browser.fill({"动态验证码": app_code(account)}).submit("确认并登录")
        assert browser.heading == "工作人员登录"
        assert Totp.objects.get(account=account).confirmed_at

    def test_a_password_alone_never_ties_an_app(self, browser: Visitor) -> None:
        member("reviewer.li", Role.REVIEWER, enrolled=False)
        give_password(browser, "reviewer.li")
        assert browser.heading == "动态验证码"
        assert browser.get("/staff/log-in/app/").heading == "工作人员登录"
        assert not Totp.objects.exists()


class TestAttacks:
    def test_half_signed_in_is_not_signed_in(self, browser: Visitor) -> None:
        member("reviewer.li", Role.REVIEWER)
        give_password(browser, "reviewer.li")
        for page in ("/desk/", "/account/security/", "/desk/statistics/"):
            assert browser.get(page).heading in {"工作人员登录", "用户登录"}
        assert browser.post("/desk/next/").heading == "工作人员登录"
        assert not Session.objects.filter(account__isnull=False).exists()

    def test_a_code_is_spent_by_its_first_use(self, browser: Visitor, new_browser: Callable[[], Visitor]) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        log_in_staff(browser, account)
        thief = new_browser()
        give_password(thief, "reviewer.li").fill({"动态验证码": app_code(account)}).submit("登录")
        assert thief.errors == [SPENT]
        assert not is_in(thief)

    def test_a_code_of_long_ago_or_of_the_future_opens_nothing(self, browser: Visitor, clock: MovedClock) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        clock.forward(days=3)
        give_password(browser, "reviewer.li")
        steps = totp.step_at(clock.now)
        for distance in (-3, 3):
            at = clock.now.fromtimestamp((steps + distance) * 30, tz=clock.now.tzinfo)
            browser.fill({"动态验证码": app_code(account, at)}).submit("登录")
            assert browser.errors == [SPENT]

    def test_codes_cannot_be_guessed(self, browser: Visitor, clock: MovedClock) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        give_password(browser, "reviewer.li")
        for _ in range(5):
            browser.fill({"动态验证码": "000000"}).submit("登录")
            assert browser.errors == [SPENT]
        browser.fill({"动态验证码": app_code(account)}).submit("登录")
        assert "操作过于频繁" in browser.errors[0]
        clock.forward(minutes=5)
        browser.fill({"动态验证码": app_code(account)}).submit("登录")
        assert is_in(browser)

    @pytest.mark.parametrize("typed", ["12345", "１２３ ４５６７", "abcdef", "", "٠١٢٣٤٥"])
    def test_what_is_no_code_costs_no_try(self, browser: Visitor, typed: str) -> None:
        member("reviewer.li", Role.REVIEWER)
        give_password(browser, "reviewer.li").fill({"动态验证码": typed}).submit("登录")
        assert len(browser.errors) == 1
        assert SPENT not in browser.errors

    def test_the_password_stands_for_ten_minutes(self, browser: Visitor, clock: MovedClock) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        give_password(browser, "reviewer.li")
        clock.forward(minutes=10)
        browser.fill({"动态验证码": app_code(account)}).submit("登录")
        assert browser.heading == "工作人员登录"

    def test_a_password_changed_meanwhile_stands_no_more(self, browser: Visitor, clock: MovedClock) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        give_password(browser, "reviewer.li")
        Account.objects.filter(id=account.id).update(password_changed_at=clock.forward(seconds=1))
        browser.fill({"动态验证码": app_code(account)}).submit("登录")
        assert browser.heading == "工作人员登录"

    def test_a_session_that_was_planted_is_worth_nothing(
        self, browser: Visitor, new_browser: Callable[[], Visitor]
    ) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        attacker = new_browser().get(STAFF_WINDOW)
        attacker.post(STAFF_WINDOW, {"login_name": "x", "password": "y"})  # gives the attacker a session
        attacker.get("/challenge/picture/")
        planted = dict(attacker.client.cookies)
        browser.client.cookies.load({name: morsel.value for name, morsel in planted.items()})
        log_in_staff(browser, account)
        assert is_in(browser)
        assert not is_in(attacker)
        assert attacker.get("/staff/log-in/code/").heading == "工作人员登录"

    def test_known_and_unknown_names_cannot_be_told_apart(self, new_browser: Callable[[], Visitor]) -> None:
        member("reviewer.li", Role.REVIEWER)
        member("not.enrolled", enrolled=False)
        create_staff(actor=Actor.operator("root"), login_name="no.password")
        pages = []
        for name in ("reviewer.li", "not.enrolled", "no.password", "who.is.this"):
            answered = give_password(new_browser(), name, "wrong")
            assert answered.errors == [REFUSED]
            body = answered.response.content.decode().replace(name, "NAME")
            pages.append((answered.status, re.sub(r'csrfmiddlewaretoken" value="\w+"', "", body)))
        assert len(set(pages)) == 1

    def test_with_the_right_password_nothing_tells_whether_an_app_is_set_up(
        self, new_browser: Callable[[], Visitor]
    ) -> None:
        member("reviewer.li")
        member("not.enrolled", enrolled=False)
        for name in ("reviewer.li", "not.enrolled"):
            browser = give_password(new_browser(), name).fill({"动态验证码": "000000"}).submit("登录")
            assert (browser.status, browser.errors) == (200, [SPENT])

    def test_each_window_is_for_its_own_realm(self, new_browser: Callable[[], Visitor]) -> None:
        somebody("zhang.san")
        member("reviewer.li", Role.REVIEWER)
        assert give_password(new_browser(), "zhang.san", PASSWORD).errors == [REFUSED]
        for realm in (Realm.NATURAL, Realm.LEGAL):
            refused = log_in_citizen(new_browser(), realm, "reviewer.li", STAFF_PASSWORD)
            assert refused.errors[0].startswith("登录名或密码错误。")

    def test_a_citizen_who_is_signed_in_meets_the_desk_as_a_stranger(self, browser: Visitor) -> None:
        account = somebody("zhang.san")
        log_in_citizen(browser, Realm.NATURAL, "zhang.san")
        assert browser.get("/desk/").status == 403
        assert browser.get(STAFF_WINDOW).heading == "工作人员登录"
        assert browser.get("/staff/log-in/code/").heading == "工作人员登录"
        log_in_staff(browser, member("reviewer.li", Role.REVIEWER))
        assert is_in(browser)
        assert not Session.objects.filter(account=account).exists(), "one browser, one person"

    def test_failures_ask_for_a_picture_as_in_the_other_windows(self, browser: Visitor) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        for _ in range(5):
            give_password(browser, "reviewer.li", "wrong")
        browser.fill({"登录名": "reviewer.li", "密码": STAFF_PASSWORD, "验证码": picture(browser)}).submit("登录")
        browser.fill({"动态验证码": app_code(account)}).submit("登录")
        assert is_in(browser)


@pytest.fixture
def operators(new_browser: Callable[[], Visitor]) -> list[Visitor]:
    """Three operators who are signed in."""
    return [log_in_staff(new_browser(), member(f"operator.{name}", Role.OPERATOR)) for name in ("one", "two", "three")]


def ask_for_reset(
    operator: Visitor, login_name: str, what: str = "第二重验证：动态验证码和通行密钥（手机或密钥丢失）"
) -> Visitor:
    operator.get("/desk/staff/").click("申请重置", near=login_name)
    return operator.fill({"重置什么": what, "理由": "手机丢失，当面核实过本人"}).submit("提交申请")


def approve(operator: Visitor) -> str:
    """Approve the one request that waits and return the path of the link."""
    operator.get("/desk/staff/").click("同意重置")
    person = Account.objects.get(id=operator.client.session["_auth_user_id"])
    # What was used to log in is used up: the app shows another code half a minute later.
    TotpUse.objects.filter(totp__account=person).delete()
    operator.fill({"动态验证码": app_code(person)}).submit("同意重置")
    link = re.search(r"http\S+(/staff/invitations/\S+/)", operator.text)
    assert link
    return link[1]


class TestResets:
    def test_a_lost_app_is_replaced_by_two_others(self, operators: list[Visitor], browser: Visitor) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        colleague = log_in_staff(Visitor(), account)
        old = Totp.objects.get(account=account)
        assert ask_for_reset(operators[0], "reviewer.li").heading == "工作人员"
        assert "申请已提交" in operators[0].text
        link = approve(operators[1])
        assert not is_in(colleague), "sessions are over"
        assert Totp.objects.get(id=old.id).ended_at
        browser.get(link).fill({"登录名": "reviewer.li", "密码": STAFF_PASSWORD}).submit("下一步")
        assert browser.heading == "绑定动态验证码"
        browser.fill({"动态验证码": app_code(account)}).submit("确认并登录")
        assert is_in(browser)
        names = set(Event.objects.filter(subject=account.id).values_list("name", flat=True))
        assert {"accounts:staff:reset_requested", "accounts:staff:reset_approved"} <= names

    def test_the_link_is_shown_to_who_reads_english_too(self, operators: list[Visitor]) -> None:
        member("reviewer.li", Role.REVIEWER)
        ask_for_reset(operators[0], "reviewer.li")
        own = Account.objects.get(login_name="operator.two")
        TotpUse.objects.filter(totp__account=own).delete()  # the app shows another code half a minute later
        operators[1].speak("en").get("/desk/staff/").click("Approve reset")
        operators[1].fill({"Authenticator code": app_code(own)}).submit("Approve reset")
        assert operators[1].heading == "One-time link"
        assert operators[1].get("/staff/invitations/spent/").heading == "This link no longer works"

    def test_the_link_is_worth_nothing_without_the_password(
        self, operators: list[Visitor], browser: Visitor, new_browser: Callable[[], Visitor]
    ) -> None:
        member("reviewer.li", Role.REVIEWER)
        ask_for_reset(operators[0], "reviewer.li")
        link = approve(operators[1])
        browser.get(link).fill({"登录名": "reviewer.li", "密码": "I do not know it"}).submit("下一步")
        assert browser.errors == [REFUSED]
        other = new_browser().get(link).fill({"登录名": "operator.two", "密码": STAFF_PASSWORD}).submit("下一步")
        assert other.errors == ["这个链接是给另一个账号的。请用收到链接的账号登录。"]
        assert other.get("/staff/log-in/app/").heading == "工作人员登录"

    def test_a_forgotten_password_is_replaced_and_the_app_still_asked_for(
        self, operators: list[Visitor], browser: Visitor
    ) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        ask_for_reset(operators[0], "reviewer.li", "密码（忘记）")
        link = approve(operators[1])
        assert give_password(browser, "reviewer.li").errors == [REFUSED], "the old one opens nothing"
        browser.get(link).fill({"新密码": NEW_PASSWORD, "确认密码": NEW_PASSWORD}).submit("下一步")
        assert browser.heading == "工作人员登录"
        browser.fill({"登录名": "reviewer.li", "密码": NEW_PASSWORD}).submit("登录")
        browser.fill({"动态验证码": app_code(account)}).submit("登录")
        assert is_in(browser)
        assert browser.get(link).status == 410

    def test_approving_asks_for_a_fresh_code_whoever_is_signed_in(self, operators: list[Visitor]) -> None:
        colleague = log_in_staff(Visitor(), member("reviewer.li", Role.REVIEWER))
        ask_for_reset(operators[0], "reviewer.li")
        request = ResetRequest.objects.get()
        own = Account.objects.get(login_name="operator.two")
        operators[1].get("/desk/staff/").click("同意重置")
        assert "手机丢失，当面核实过本人" in operators[1].text
        for code in ("", "000000", app_code(own)):  # none, a wrong one, the one that let in
            operators[1].fill({"动态验证码": code}).submit("同意重置")
            assert len(operators[1].errors) == 1, code
        operators[1].post(
            f"/desk/staff/resets/{request.id}/approve/",
            {"code": app_code(Account.objects.get(login_name="operator.three"))},
        )
        request.refresh_from_db()
        assert request.settled_at is None
        assert is_in(colleague)

    def test_codes_of_an_approval_are_counted_as_those_of_a_log_in(self, operators: list[Visitor]) -> None:
        member("reviewer.li", Role.REVIEWER)
        ask_for_reset(operators[0], "reviewer.li")
        operators[1].get("/desk/staff/").click("同意重置")
        for _try in range(6):
            operators[1].fill({"动态验证码": "000000"}).submit("同意重置")
        assert "操作过于频繁" in "".join(operators[1].errors)

    def test_nobody_approves_what_they_asked_for(self, operators: list[Visitor]) -> None:
        member("reviewer.li", Role.REVIEWER)
        ask_for_reset(operators[0], "reviewer.li")
        assert "同意重置" not in operators[0].get("/desk/staff/").text
        request = ResetRequest.objects.get()
        own = app_code(Account.objects.get(login_name="operator.one"))
        operators[0].get(f"/desk/staff/resets/{request.id}/approve/")
        assert operators[0].path == "/desk/staff/"
        operators[0].post(f"/desk/staff/resets/{request.id}/approve/", {"code": own})
        assert "提出申请的人不能自己同意" in operators[0].text
        request.refresh_from_db()
        assert request.settled_at is None

    def test_nobody_has_a_hand_in_their_own_reset(self, operators: list[Visitor]) -> None:
        own = Account.objects.get(login_name="operator.one")
        operators[0].get(f"/desk/staff/{own.id}/reset/")
        operators[0].fill({"重置什么": "密码（忘记）", "理由": "x"}).submit("提交申请")
        assert operators[0].errors == ["不能对自己的账号这样做。请由另一位运维人员办理。"]
        ask_for_reset(operators[1], "operator.one")
        request = ResetRequest.objects.get()
        for act in ("approve", "decline"):
            operators[0].post(f"/desk/staff/resets/{request.id}/{act}/")
            assert "不能对自己的账号这样做" in operators[0].text

    def test_a_request_can_be_declined_and_is_settled_once(self, operators: list[Visitor]) -> None:
        member("reviewer.li", Role.REVIEWER)
        ask_for_reset(operators[0], "reviewer.li")
        assert ask_for_reset(operators[1], "reviewer.li").errors == ["这个账号已有一项待同意的重置申请。"]
        request = ResetRequest.objects.get()
        operators[2].get("/desk/staff/").submit("不重置")
        operators[1].post(f"/desk/staff/resets/{request.id}/approve/")
        assert "已经处理过了" in operators[1].text
        operators[1].post(f"/desk/staff/resets/{request.id}/decline/")
        assert "已经处理过了" in operators[1].text
        assert Totp.objects.filter(ended_at__isnull=False).count() == 0

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.SENIOR_REVIEWER, Role.AUDITOR])
    def test_no_other_role_operates(self, browser: Visitor, role: Role) -> None:
        victim = member("reviewer.li", Role.REVIEWER)
        log_in_staff(browser, member("climber", role))
        pages = ["/desk/staff/", f"/desk/staff/{victim.id}/reset/", "/desk/accounts/"]
        pages += [f"/desk/accounts/{victim.id}/{act}" for act in ("", "suspend/", "lift/")]
        for page in pages:
            assert browser.get(page).status == 403
        for act in ("suspend/", "lift/"):
            assert browser.post(f"/desk/accounts/{victim.id}/{act}", {"reason": "x"}).status == 403
        assert browser.post(f"/desk/staff/{victim.id}/reset/", {"what": "factor", "reason": "x"}).status == 403
        assert browser.post(f"/desk/staff/resets/{victim.id}/approve/").status == 403
        assert not ResetRequest.objects.exists()
        assert not Suspension.objects.exists()

    def test_a_role_that_was_ended_opens_nothing_at_once(self, operators: list[Visitor]) -> None:
        account = Account.objects.get(login_name="operator.one")
        end_role(actor=Actor.operator("root"), account=account, role=Role.OPERATOR)
        assert operators[0].get("/desk/staff/").heading == "工作人员登录"


class TestSuspensions:
    def find(self, operator: Visitor, way: str, value: str) -> Visitor:
        return operator.get("/desk/accounts/").fill({"按什么查找": way, "内容": value}).submit("查找")

    def suspend(self, operator: Visitor, login_name: str = "zhang.san", way: str = "自然人的登录名") -> None:
        self.find(operator, way, login_name).click("暂停使用账号")
        operator.fill({"理由": "该账号被用于冒名申报。"}).submit("暂停使用账号")
        assert "账号已暂停使用。" in operator.text

    def test_an_account_is_suspended_and_restored(
        self, operators: list[Visitor], browser: Visitor, new_browser: Callable[[], Visitor]
    ) -> None:
        account = somebody("zhang.san", "13800000001")
        log_in_citizen(browser, Realm.NATURAL, "zhang.san")
        self.suspend(operators[0])
        assert browser.get("/account/security/").heading == "用户登录", "sessions are over"
        wrong = log_in_citizen(new_browser(), Realm.NATURAL, "zhang.san", "wrong")
        unknown = log_in_citizen(new_browser(), Realm.NATURAL, "nobody.here", "wrong")
        assert wrong.errors == unknown.errors
        right = log_in_citizen(new_browser(), Realm.NATURAL, "zhang.san")
        assert right.heading == "账号已暂停使用"
        assert "该账号被用于冒名申报。" in right.text
        assert "有异议怎么办" in right.text
        assert not Session.objects.filter(account=account).exists()
        assert "暂停使用" in texts("13800000001")[0]
        operators[1].get(operators[0].path).click("恢复使用账号")
        operators[1].fill({"理由": "查明系误报。"}).submit("恢复使用账号")
        assert "查明系误报。" in operators[1].text
        assert log_in_citizen(new_browser(), Realm.NATURAL, "zhang.san").path == "/account/"
        assert right.get("/log-in/suspended/").heading == "用户登录", "there is nothing to explain any more"
        row = Suspension.objects.get()
        assert (row.by and row.by.login_name, row.ended_by and row.ended_by.login_name) == (
            "operator.one",
            "operator.two",
        )

    def test_a_session_made_at_the_same_moment_opens_nothing(self, operators: list[Visitor], browser: Visitor) -> None:
        account = somebody("zhang.san")
        self.suspend(operators[0])
        browser.client.force_login(account, backend=PATH)
        assert browser.get("/account/security/").heading == "用户登录"

    def test_a_suspended_colleague_is_out_also_half_way(self, operators: list[Visitor], browser: Visitor) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        give_password(browser, "reviewer.li")
        self.suspend(operators[0], "reviewer.li", "工作人员的登录名")
        browser.fill({"动态验证码": app_code(account)}).submit("登录")
        assert browser.heading == "工作人员登录"
        browser.fill({"登录名": "reviewer.li", "密码": STAFF_PASSWORD}).submit("登录")
        assert browser.heading == "账号已暂停使用"

    def test_the_explanation_is_for_who_knows_the_password(self, operators: list[Visitor], browser: Visitor) -> None:
        somebody("zhang.san")
        self.suspend(operators[0])
        assert browser.get("/log-in/suspended/").heading == "用户登录"

    def test_a_reason_is_needed_and_nobody_suspends_themselves_or_twice(self, operators: list[Visitor]) -> None:
        account = somebody("zhang.san")
        operators[0].get(f"/desk/accounts/{account.id}/suspend/").submit("暂停使用账号")
        assert operators[0].errors == ["请填写理由。"]
        self.suspend(operators[0])
        operators[1].get(f"/desk/accounts/{account.id}/suspend/").fill({"理由": "又一次"}).submit("暂停使用账号")
        assert operators[1].errors == ["这个账号已经暂停使用。"]
        own = Account.objects.get(login_name="operator.one")
        assert "暂停使用账号" not in self.find(operators[0], "工作人员的登录名", "operator.one").text
        for act in ("suspend", "lift"):
            operators[0].post(f"/desk/accounts/{own.id}/{act}/", {"reason": "x"})
            assert operators[0].errors == ["不能对自己的账号这样做。请由另一位运维人员办理。"]
        operators[1].post(f"/desk/accounts/{own.id}/lift/", {"reason": "x"})
        assert operators[1].errors == ["这个账号没有暂停使用。"]

    def test_every_search_is_audited_and_shows_nobody(self, operators: list[Visitor]) -> None:
        account = somebody("zhang.san", "13812341234")
        self.find(operators[0], "自然人的登录名", "ＺＨＡＮＧ.san")
        assert "138****1234" in operators[0].text
        assert "13812341234" not in operators[0].text
        assert self.find(operators[0], "法人的登录名", "zhang.san").errors == ["没有这样的账号。请核对后重新输入。"]
        looks = Event.objects.filter(name="accounts:account:looked_up").values_list("subject", "facts")
        assert [(subject, facts["by"]) for subject, facts in looks] == [
            (account.id, "natural"),
            (account.id, "page"),
            (None, "legal"),
        ]
        assert "zhang" not in str(list(looks))

    def test_an_account_is_found_by_its_case(self, operators: list[Visitor]) -> None:
        known = dict(kinds._kinds)
        kinds.register(SINGLE.kind)
        case = a_case(account_id=somebody("zhang.san").id)
        kinds._kinds.clear()
        kinds._kinds.update(known)
        assert "zhang.san" in self.find(operators[0], "办件编号", case.number).text
        assert self.find(operators[0], "办件编号", "TB-2026-0000-0000").errors

    def test_an_objection_is_looked_at_by_two_reviewers(
        self, operators: list[Visitor], browser: Visitor, new_browser: Callable[[], Visitor]
    ) -> None:
        somebody("zhang.san", "13800000001")
        assert browser.get("/recover/objection/").heading == "用户登录"
        self.suspend(operators[0])
        log_in_citizen(browser, Realm.NATURAL, "zhang.san").click("提出异议")
        browser.submit("提交异议")
        assert browser.errors == ["请写明为什么应当恢复使用。"]
        browser.fill({"异议理由": "当时是本人办理。"}).submit("提交异议")
        assert browser.heading == "异议已提交"
        number = Case.objects.get().number
        assert number in browser.text
        assert number in browser.get("/recover/objection/").text, "one objection for one suspension"
        assert browser.speak("en").get("/recover/objection/").heading == "Objection submitted"
        assert "Current status: " in browser.text
        browser.speak("zh-hans")
        assert Case.objects.count() == 1
        reviewers = [log_in_staff(new_browser(), member(f"reviewer.{name}", Role.REVIEWER)) for name in "ab"]
        first, second = reviewers
        first.get("/desk/").submit("领取下一件")
        assert "当时是本人办理。" in first.text
        first.fill({"审核意见": "通过：异议成立，恢复使用"}).submit("核对决定").submit("确认决定")
        assert Suspension.objects.get().ended_at is None
        second.get("/desk/").submit("领取下一件").submit("同意")
        assert Suspension.objects.get().ended_at
        assert log_in_citizen(browser, Realm.NATURAL, "zhang.san").path == "/account/"


class TestObjections:
    def test_a_suspended_colleague_objects_and_two_others_decide(
        self, operators: list[Visitor], browser: Visitor, new_browser: Callable[[], Visitor]
    ) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        StaffRole.objects.create(account=Account.objects.get(login_name="operator.one"), role=Role.REVIEWER)
        operators[0].get(f"/desk/accounts/{account.id}/suspend/").fill({"理由": "账号被他人使用。"})
        operators[0].submit("暂停使用账号")
        give_password(browser, "reviewer.li")
        assert browser.heading == "账号已暂停使用"
        browser.click("提出异议").fill({"异议理由": "是我本人。"}).submit("提交异议")
        assert browser.heading == "异议已提交"
        assert "短信" not in browser.text
        case = Case.objects.get()
        assert case.number in browser.text
        operators[0].post(f"/desk/cases/{case.id}/claim/")
        assert "应当回避" in operators[0].text, "who suspended does not decide"
        first, second = (
            log_in_staff(new_browser(), member(f"reviewer.{name}", Role.REVIEWER)) for name in ("wang", "zhao")
        )
        first.get(f"/desk/cases/{case.id}/").submit("领取本件")
        first.get(f"/desk/cases/{case.id}/decide/restored/1/").submit("确认决定")
        second.get(f"/desk/cases/{case.id}/").submit("领取本件").submit("同意")
        assert not Suspension.objects.filter(account=account, ended_at__isnull=True).exists()
        assert is_in(log_in_staff(browser, account))
