"""通行密钥 of staff: made, used, confirmed with, removed; and what attackers try with them."""

import json
from collections.abc import Iterator

import pytest
from django.test import Client
from webauthn.helpers import bytes_to_base64url

from tests.authenticator import ATTESTED, PRESENT, VERIFIED, Authenticator
from tests.journeys.staff import STAFF_PASSWORD, app_code, give_password, log_in_staff, member
from tests.journeys.visitor import Lost, Visitor
from tests.moved_clock import MovedClock, moved_clock
from tongban.accounts import queries
from tongban.accounts.flows.create_staff import create_staff
from tongban.accounts.models import Account, Passkey, PasskeyChallenge, ResetRequest, Totp
from tongban.accounts.rules import Role, totp
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.notify.models import InSiteMessage

REFUSED = "没有认出这个通行密钥，或者页面打开得太久。请再点一次按钮，或者改用动态验证码。"
NEW_PASSWORD = "Sieben Igel auf dem Dach"
ADDING = "/account/security/passkeys/new/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


def visitor(host: str = "localhost") -> Visitor:
    """A person at an address where browsers make passkeys."""
    return Visitor(Client(enforce_csrf_checks=True, headers={"accept": "text/html", "host": host}))


@pytest.fixture
def browser() -> Visitor:
    return visitor()


def options(browser: Visitor) -> str:
    """Return what the page tells the browser to ask the authenticator."""
    return str(browser.page.xpath("string(.//*[@data-passkey]/@data-options)"))


def answer(browser: Visitor, text: str, **others: str) -> Visitor:
    """Send what the page's own script would send."""
    browser.post(browser.path, {"passkey": text, **others})
    return browser


def add(browser: Visitor, device: Authenticator, name: str = "办公室电脑") -> Visitor:
    browser.get(ADDING)
    return answer(browser, device.make(options(browser)), name=name)


def tied(account: Account, browser: Visitor) -> Authenticator:
    """Return a passkey of the account, which is signed in with its app and out again."""
    device = Authenticator()
    add(log_in_staff(browser, account), device)
    assert "已添加通行密钥" in browser.text
    browser.submit("退出登录")
    return device


def is_in(browser: Visitor) -> bool:
    return browser.get("/desk/").path == "/desk/" and browser.status == 200


class TestEnrolling:
    def invited(self, browser: Visitor) -> tuple[Account, str]:
        account, token = create_staff(actor=Actor.operator("root"), login_name="reviewer.li", roles=[Role.REVIEWER])
        link = f"/staff/invitations/{token}/"
        browser.get(link).fill({"新密码": NEW_PASSWORD, "确认密码": NEW_PASSWORD}).submit("下一步")
        return account, link

    def test_the_first_sign_in_may_tie_a_passkey_in_place_of_an_app(self, browser: Visitor) -> None:
        account, link = self.invited(browser)
        browser.click("改用通行密钥")
        assert browser.heading == "绑定通行密钥"
        assert json.loads(options(browser))["authenticatorSelection"]["userVerification"] == "required"
        answer(browser, Authenticator().make(options(browser)), name="")
        assert browser.heading == "办件队列"
        assert browser.get(link).status == 410
        kept = Passkey.objects.get()
        assert (kept.account, kept.name, kept.host, kept.transports) == (account, "", "localhost", "internal")
        assert queries.confirmed_totp(account) is None
        assert not Totp.objects.filter(ended_at__isnull=True).exists(), "the app that was begun is none"
        assert browser.client.session["amr"] == ["pwd", "pop", "user", "mfa"]

    def test_a_link_ties_one_thing(self, browser: Visitor) -> None:
        account, _link = self.invited(browser)
        browser.click("改用通行密钥")
        text = Authenticator().make(options(browser))
        Totp.objects.filter(account=account).update(confirmed_at=None)
        answer(browser, text, name="one")
        other = visitor()
        answer(other.get("/staff/log-in/passkey/"), text, name="two")
        assert other.heading == "工作人员登录"
        assert Passkey.objects.count() == 1

    def test_nobody_ties_one_with_a_password_alone(self, browser: Visitor) -> None:
        member("reviewer.li", Role.REVIEWER, enrolled=False)
        give_password(browser, "reviewer.li")
        assert browser.get("/staff/log-in/passkey/").heading == "工作人员登录"
        assert browser.post("/staff/log-in/passkey/", {"passkey": "{}", "name": "x"}).heading == "工作人员登录"

    def test_the_page_says_what_to_do_where_browsers_make_none(self) -> None:
        for host in ("127.0.0.1", "testserver"):  # a number, and a name without encryption
            browser = log_in_staff(visitor(host), member(f"reviewer.{host[:4]}", Role.REVIEWER))
            browser.get(ADDING)
            assert "请改用网站的域名，或者使用验证器应用" in browser.text
            assert not options(browser)

    def test_without_javascript_the_page_says_what_to_do(self, browser: Visitor) -> None:
        log_in_staff(browser, member("reviewer.li", Role.REVIEWER)).get(ADDING)
        assert "需要 JavaScript 和较新的浏览器" in browser.text
        assert browser.page.xpath(".//form[.//input[@name='passkey']]/@hidden"), "no button that does nothing"

    def test_an_account_has_ten_at_most(self, browser: Visitor) -> None:
        log_in_staff(browser, member("reviewer.li", Role.REVIEWER))
        for _ in range(10):
            add(browser, Authenticator())
        assert add(browser, Authenticator()).errors == ["通行密钥最多 10 个。请先移除不再使用的。"]
        assert Passkey.objects.count() == 10

    def test_the_same_passkey_is_tied_once_whoever_tries(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        thief = log_in_staff(visitor(), member("reviewer.wang", Role.REVIEWER))
        assert add(thief, device).errors == [REFUSED]

    @pytest.mark.parametrize("what", ["nothing", "no json", "a list", "no response", "half", "endless", "unverified"])
    def test_what_no_authenticator_answers_is_refused(self, browser: Visitor, what: str) -> None:
        log_in_staff(browser, member("reviewer.li", Role.REVIEWER)).get(ADDING)
        good = Authenticator().make(options(browser))
        made_up = {
            "nothing": "",
            "no json": "{",
            "a list": "[1]",
            "no response": "{}",
            "half": json.dumps({**json.loads(good), "response": {"clientDataJSON": "eyJ9", "attestationObject": 7}}),
            "endless": "x" * 100_000,
            "unverified": Authenticator().make(options(browser), flags=PRESENT),
        }[what]
        answer(browser, made_up, name="x")
        assert browser.status == 200
        assert len(browser.errors) == 1
        assert not Passkey.objects.exists()


class TestSigningIn:
    def test_password_and_passkey_open_the_desk(self, browser: Visitor) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        device = tied(account, browser)
        give_password(browser, "reviewer.li")
        assert browser.heading == "第二重验证"
        answer(browser, device.use(options(browser)))
        assert is_in(browser)
        assert browser.client.session["amr"] == ["pwd", "pop", "user", "mfa"]
        assert Passkey.objects.get().last_used_at
        names = list(Event.objects.filter(name__startswith="accounts:staff").values_list("name", flat=True))
        assert names[-2:] == ["accounts:staff:password_accepted", "accounts:staff:logged_in"]

    def test_it_leads_back_to_where_one_wanted_to_go(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        browser.get("/desk/statistics/").fill({"登录名": "reviewer.li", "密码": STAFF_PASSWORD}).submit("登录")
        answer(browser, device.use(options(browser)), next="/desk/statistics/")
        assert browser.path == "/desk/statistics/"

    def test_the_app_still_opens_the_desk(self, browser: Visitor) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        tied(account, browser)
        Totp.objects.get().uses.all().delete()
        give_password(browser, "reviewer.li").fill({"动态验证码": app_code(account)}).submit("登录")
        assert is_in(browser)

    def test_who_has_no_app_is_not_asked_for_a_code(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        Totp.objects.all().delete()
        give_password(browser, "reviewer.li")
        with pytest.raises(Lost):
            browser.fill({"动态验证码": "000000"})
        assert "联系两位运维人员重置" in browser.text
        browser.post(browser.path, {"code": "000000"})
        assert not is_in(browser)
        give_password(browser, "reviewer.li")
        answer(browser, device.use(options(browser)))
        assert is_in(browser)

    def test_elsewhere_the_page_says_where_it_was_made(self, browser: Visitor) -> None:
        tied(member("reviewer.li", Role.REVIEWER), browser)
        other = give_password(visitor("testserver"), "reviewer.li")
        assert "您的通行密钥是在 localhost 创建的，只能在那个网址使用" in other.text
        assert not options(other)


class TestAttacks:
    def test_an_answer_counts_once(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        give_password(browser, "reviewer.li")
        text = device.use(options(browser))
        answer(browser, text)
        assert is_in(browser)
        browser.submit("退出登录")
        give_password(browser, "reviewer.li")
        answer(browser, text)
        assert browser.errors == [REFUSED]

    def test_an_answer_counts_once_in_one_visit_too(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        log_in_staff_by(browser, device)
        browser.get("/staff/confirm/")
        text = device.use(options(browser))
        answer(browser, text)
        assert browser.path == "/account/security/"
        browser.get("/staff/confirm/")
        answer(browser, text)
        assert browser.errors == [REFUSED]

    def test_an_answer_of_another_browser_counts_for_nothing(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        give_password(browser, "reviewer.li")
        text = device.use(options(browser))
        thief = give_password(visitor(), "reviewer.li")
        assert answer(thief, text).errors == [REFUSED]

    def test_an_answer_made_for_something_else_counts_for_nothing(self, browser: Visitor) -> None:
        device = tied(member("operator.one", Role.OPERATOR), browser)
        log_in_staff_by(browser, device, "operator.one")
        browser.get(ADDING)
        text = device.use(options(browser))  # a challenge for enrolling, signed as if to sign in
        browser.get("/staff/confirm/")
        assert answer(browser, text).errors == [REFUSED]

    def test_a_challenge_of_ones_own_making_counts_for_nothing(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        give_password(browser, "reviewer.li")
        for made_up in ("x", "a.9999999999.b.c", "..", "a.b"):
            told = json.dumps({"challenge": bytes_to_base64url(made_up.encode())})
            assert answer(browser, device.use(told)).errors == [REFUSED]

    def test_a_colleagues_passkey_opens_only_the_colleagues_account(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        tied(member("reviewer.wang", Role.SENIOR_REVIEWER), victim := visitor())
        give_password(victim, "reviewer.wang")
        assert answer(victim, device.use(options(victim))).errors == [REFUSED]
        assert not is_in(victim)

    @pytest.mark.parametrize(
        "told", [{"origin": "https://evil.example"}, {"type": "webauthn.create"}, {"origin": "http://localhost:8001"}]
    )
    def test_what_was_signed_for_another_site_counts_for_nothing(self, browser: Visitor, told: dict[str, str]) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        give_password(browser, "reviewer.li")
        assert answer(browser, device.use(options(browser), said=told)).errors == [REFUSED]
        assert not PasskeyChallenge.objects.filter(answered_at__isnull=True).exists()

    def test_the_person_must_have_been_verified_and_the_host_be_ours(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        give_password(browser, "reviewer.li")
        for flags in (PRESENT, VERIFIED, 0, PRESENT | VERIFIED | ATTESTED):
            assert answer(browser, device.use(options(browser), flags=flags)).errors == [REFUSED], flags
        device.host = "evil.example"
        assert answer(browser, device.use(options(browser))).errors == [REFUSED]

    def test_a_copied_authenticator_is_noticed_by_its_count(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        device.count = 7
        log_in_staff_by(browser, device)
        browser.submit("退出登录")
        device.count = 3
        give_password(browser, "reviewer.li")
        assert answer(browser, device.use(options(browser))).errors == [REFUSED]

    def test_an_old_page_opens_nothing(self, browser: Visitor, clock: MovedClock) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        log_in_staff_by(browser, device)
        browser.get("/staff/confirm/")
        told = options(browser)
        clock.forward(minutes=11)
        assert answer(browser, device.use(told)).errors == [REFUSED]

    def test_tries_are_limited_apart_from_those_of_the_app(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        give_password(browser, "reviewer.li")
        for _try in range(6):
            browser.fill({"动态验证码": "000000"}).submit("登录")
        assert "操作过于频繁" in browser.errors[0]
        answer(browser, device.use(options(browser)))
        assert is_in(browser), "who guesses codes keeps no passkey out"
        browser.get("/staff/confirm/")
        for _try in range(6):
            answer(browser, "{}")
        assert "操作过于频繁" in browser.errors[0]

    def test_a_removed_passkey_and_one_of_a_suspended_account_open_nothing(self, browser: Visitor) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        device = tied(account, browser)
        give_password(browser, "reviewer.li")
        text = device.use(options(browser))
        remove(log_in_staff_by(visitor(), device))
        assert answer(browser, text).errors == [REFUSED]

    def test_nothing_that_is_kept_could_sign(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        secret = device.key.private_numbers().private_value.to_bytes(32, "big")
        assert secret not in bytes(Passkey.objects.get().public_key)


def log_in_staff_by(browser: Visitor, device: Authenticator, login_name: str = "reviewer.li") -> Visitor:
    """Take both steps of 工作人员登录, with a passkey."""
    give_password(browser, login_name)
    answer(browser, device.use(options(browser)))
    assert browser.path.startswith("/desk/")
    return browser


def remove(browser: Visitor) -> Visitor:
    return browser.get("/account/security/").click("移除").submit("移除")


class TestManaging:
    def test_the_page_lists_them_and_the_owner_is_told(self, browser: Visitor) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        device = tied(account, browser)
        log_in_staff_by(browser, device)
        browser.get("/account/security/")
        assert "办公室电脑" in browser.text
        assert "最近使用" in browser.text
        remove(browser)
        assert "已移除通行密钥" in browser.text
        assert "办公室电脑" not in browser.text
        told = InSiteMessage.objects.filter(account_id=account.id).values_list("template", flat=True)
        assert sorted(told) == ["passkey_added", "passkey_removed"]
        give_password(browser.submit("退出登录"), "reviewer.li")
        assert browser.heading == "动态验证码"

    def test_the_last_second_factor_stays(self, browser: Visitor) -> None:
        device = tied(member("reviewer.li", Role.REVIEWER), browser)
        Totp.objects.all().delete()
        remove(log_in_staff_by(browser, device))
        assert "这是您唯一的第二重验证" in browser.text
        assert queries.passkeys(Account.objects.get()).exists()

    def test_nobody_removes_a_passkey_of_others(self, browser: Visitor) -> None:
        tied(member("reviewer.li", Role.REVIEWER), browser)
        other = log_in_staff(visitor(), member("reviewer.wang", Role.REVIEWER))
        path = f"/account/security/passkeys/{Passkey.objects.get().id}/remove/"
        assert other.get(path).status == 404
        assert other.post(path).status == 404

    def test_an_app_can_be_bound_beside_a_passkey(self, browser: Visitor) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        device = tied(account, browser)
        Totp.objects.all().delete()
        log_in_staff_by(browser, device).get("/account/security/").click("绑定动态验证码")
        browser.fill({"动态验证码": "000000"}).submit("确认")
        assert len(browser.errors) == 1
        browser.fill({"动态验证码": app_code(account)}).submit("确认")
        assert "已绑定动态验证码" in browser.text
        assert queries.confirmed_totp(account)
        assert browser.get("/account/security/app/").path == "/account/security/", "there is one"

    def test_a_session_left_open_changes_no_second_factor(self, browser: Visitor, clock: MovedClock) -> None:
        account = member("reviewer.li", Role.REVIEWER)
        device = tied(account, browser)
        log_in_staff_by(browser, device)
        clock.forward(minutes=6)
        for path in (
            ADDING,
            "/account/security/app/",
            f"/account/security/passkeys/{Passkey.objects.get().id}/remove/",
        ):
            assert browser.get(path).heading == "确认是您本人"
        answer(browser, device.use(options(browser)), next=ADDING)
        assert browser.path == ADDING
        told = options(browser)
        clock.forward(minutes=11)
        assert answer(browser, Authenticator().make(told), name="x").heading == "确认是您本人"
        assert "没有提交" in browser.text
        assert Passkey.objects.count() == 1

    def test_who_guesses_there_is_slowed_as_at_log_in(self, browser: Visitor) -> None:
        log_in_staff(browser, member("reviewer.li", Role.REVIEWER)).get("/staff/confirm/")
        for _try in range(6):
            browser.fill({"动态验证码": "000000"}).submit("继续")
        assert "操作过于频繁" in browser.errors[0]

    def test_citizens_have_no_such_pages(self, browser: Visitor) -> None:
        assert browser.get("/staff/confirm/").heading == "工作人员登录"


class TestOperating:
    def test_a_reset_ends_passkeys_and_is_approved_with_one(self, browser: Visitor) -> None:
        victim = member("reviewer.li", Role.REVIEWER)
        lost = tied(victim, browser)
        asking = log_in_staff(visitor(), member("operator.one", Role.OPERATOR))
        asking.get("/desk/staff/").click("申请重置", near="reviewer.li")
        asking.fill({"重置什么": "第二重验证：动态验证码和通行密钥（手机或密钥丢失）", "理由": "丢了"}).submit(
            "提交申请"
        )
        device = tied(member("operator.two", Role.OPERATOR), visitor())
        approving = log_in_staff_by(visitor(), device, "operator.two")
        assert "动态验证码、通行密钥 1 个" in approving.get("/desk/staff/").text
        approving.click("同意重置")
        answer(approving, device.use(options(approving)))
        assert approving.heading == "一次性链接"
        assert ResetRequest.objects.get().approved
        assert not queries.has_second_factor(victim)
        give_password(browser, "reviewer.li")
        assert not options(browser)
        assert answer(browser, lost.use(json.dumps({"challenge": "eHg"}))).errors

    def test_suspending_asks_for_the_factor_again_after_a_while(self, browser: Visitor, clock: MovedClock) -> None:
        victim = member("reviewer.li", Role.REVIEWER)
        operator = member("operator.one", Role.OPERATOR)
        log_in_staff(browser, operator)
        clock.forward(minutes=12)
        for act, button in (("suspend", "暂停使用账号"), ("lift", "恢复使用账号")):
            path = f"/desk/accounts/{victim.id}/{act}/"
            assert browser.get(path).heading == "确认是您本人"
            assert browser.post(path, {"reason": "x"}).heading == "确认是您本人"
            browser.get(path).fill({"动态验证码": app_code(operator)}).submit("继续")
            assert (browser.path, browser.heading) == (path, button)
            clock.forward(minutes=12)


def test_codes_and_keys_are_equals_for_the_list_of_staff(browser: Visitor) -> None:
    account = member("reviewer.li", Role.REVIEWER, enrolled=False)
    assert not queries.has_second_factor(account)
    Totp.objects.create(account=account, secret=totp.new_secret())
    assert not queries.has_second_factor(account), "not confirmed"
