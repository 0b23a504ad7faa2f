"""办理入口: who gets in, and what everybody else is told."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.journeys.html import lint, parse, words
from tests.unit.sso.house import ISSUER, OPERATOR, make_account, make_client, make_service, signed_in, verify
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.catalogue.rules import Audience
from tongban.kernel.assurance import AssuranceLevel
from tongban.proofing.models import Verification
from tongban.proofing.rules import Result
from tongban.sso.flows.enter_service import Refused, ways_in
from tongban.sso.flows.register_client import close_client
from tongban.sso.rules import NotAdmitted, admission, window_realm

pytestmark = pytest.mark.django_db
ENTER = "/services/high-tech-enterprise/enter/"


def told(response: Any) -> str:
    """Return the words of the page that keeps somebody out."""
    assert response.status_code == 403, (response.status_code, response.headers.get("Location"))
    page = parse(response.content)
    lint(page, response.headers)
    return words(page.find(".//main"))


def test_a_unit_walks_in(at_unit_browser: Client) -> None:
    make_client()
    make_service()
    response = at_unit_browser.get(ENTER)
    assert response.status_code == 303
    location = urlsplit(response.headers["Location"])
    assert response.headers["Location"].startswith("http://127.0.0.1:9002/initiate-login/?")
    assert parse_qs(location.query) == {"iss": [ISSUER], "target_link_uri": ["http://127.0.0.1:9002/"]}


def test_a_system_may_have_no_page_of_its_own_to_ask_for(at_unit_browser: Client) -> None:
    make_client(target_link_uri="", initiate_login_uri="http://127.0.0.1:9002/begin?tenant=1")
    make_service()
    location = at_unit_browser.get(ENTER).headers["Location"]
    assert location == "http://127.0.0.1:9002/begin?tenant=1&iss=http%3A%2F%2F127.0.0.1%3A8000"


@pytest.mark.parametrize(
    ("audience", "window"), [("legal", "/log-in/legal/"), ("natural", "/log-in/natural/"), ("both", "/log-in/")]
)
def test_nobody_logs_in_first_and_comes_back(audience: str, window: str) -> None:
    make_client()
    make_service(audience=audience)
    location = Client().get(ENTER).headers["Location"]
    assert location.partition("?")[0] == window
    assert parse_qs(urlsplit(location).query) == {"next": [ENTER]}


def test_the_unverified_unit_is_told_what_is_missing_and_led_there() -> None:
    make_client()
    make_service()
    response = signed_in(make_account(Realm.LEGAL, "new")).get(ENTER)
    text = told(response)
    assert "办理“高企认定”前，请先完成实名认证" in text
    assert "修改法人信息" in text
    assert parse(response.content).xpath("//main//a[@href='/account/profile/']")


@pytest.mark.parametrize(
    ("result", "words_"),
    [
        ("", "正在核验中"),
        (Result.MISMATCH, "与登记信息不一致"),
        (Result.NO_RECORD, "没有查到"),
        (Result.CONFLICT, "另一个账号"),
    ],
)
def test_what_became_of_the_last_verification_is_said(
    monkeypatch: pytest.MonkeyPatch, result: str, words_: str
) -> None:
    make_client()
    make_service()
    account = make_account(Realm.LEGAL, "new")
    monkeypatch.setattr("tongban.proofing.queries.latest", lambda _: Verification(account=account, result=result))
    assert words_ in told(signed_in(account).get(ENTER))


def test_a_natural_person_is_told_who_can_give_the_right(at_browser: Client) -> None:
    make_client()
    make_service()
    text = told(at_browser.get(ENTER))
    assert "“高企认定”面向单位办理" in text
    assert "谁可以给您权限" in text
    assert "请联系本单位的账号管理人" in text
    assert "退出登录，换用法人账号" in text


def test_an_unverified_natural_person_is_not_sent_to_verify_for_nothing() -> None:
    make_client()
    make_service()
    assert "面向单位办理" in told(signed_in(make_account(Realm.NATURAL, "new")).get(ENTER))


def test_a_unit_is_told_that_only_a_person_can(at_unit_browser: Client) -> None:
    make_client()
    make_service(audience="natural", how_to_get_right="")
    text = told(at_unit_browser.get(ENTER))
    assert "面向自然人办理" in text
    assert "换用自然人账号" in text


def test_staff_are_told_that_it_is_not_for_them() -> None:
    make_client()
    service = make_service(audience="both")
    staff = signed_in(make_account(Realm.STAFF, "staff"))
    assert "这个账号不能办理" in told(staff.get(ENTER))
    service.audience = Audience.LEGAL
    service.save()
    text = told(staff.get(ENTER))
    assert "您当前登录的账号不能办理这个事项" in text
    assert "自然人账号，" not in text


def test_a_service_may_ask_for_more_than_was_proved(at_unit_browser: Client) -> None:
    make_client()
    make_service(required_assurance=AssuranceLevel.REVIEWED)
    assert "更高等级的实名认证" in told(at_unit_browser.get(ENTER))


def test_the_client_may_ask_for_more_than_the_service(at_unit_browser: Client) -> None:
    make_client(required_assurance=AssuranceLevel.REVIEWED)
    make_service(how_to_get_right="")
    assert "更高等级的实名认证" in told(at_unit_browser.get(ENTER))


@pytest.mark.parametrize("changes", [{"client_id": "unknown"}, {"client_id": "", "how_to_apply": "请到窗口办理。"}])
def test_a_service_without_a_system_says_so(at_unit_browser: Client, changes: dict[str, Any]) -> None:
    make_service(**changes)
    text = told(at_unit_browser.get(ENTER))
    assert "暂时不能在线进入" in text
    assert changes.get("how_to_apply", "") in text


def test_a_system_without_a_beginning_cannot_be_entered(at_unit_browser: Client) -> None:
    make_client(initiate_login_uri="", target_link_uri="")
    make_service()
    assert "暂时不能在线进入" in told(at_unit_browser.get(ENTER))


def test_a_closed_system_cannot_be_entered(at_unit_browser: Client) -> None:
    make_client()
    make_service()
    close_client(actor=OPERATOR, client_id="hnte", reason="test")
    assert "暂时不能在线进入" in told(at_unit_browser.get(ENTER))


def test_an_unknown_service_is_not_found(at_unit_browser: Client) -> None:
    assert at_unit_browser.get("/services/nothing/enter/").status_code == 404
    make_service()
    assert at_unit_browser.post(ENTER).status_code == 405


def test_one_of_several_services_of_a_system_is_enough(person: Account) -> None:
    client = make_client().client
    make_service("for-units", audience="legal")
    refused = ways_in(account=person, client=client)
    assert isinstance(refused, Refused)
    assert refused.reason is NotAdmitted.NO_RIGHT
    make_service("for-trusted-persons", audience="natural", required_assurance=AssuranceLevel.REVIEWED, position=1)
    hopeful = ways_in(account=person, client=client)
    assert isinstance(hopeful, Refused)
    assert hopeful.reason is NotAdmitted.ASSURANCE_TOO_LOW, "what comes nearest is said"
    make_service("for-persons", audience="natural", position=2)
    assert isinstance(ways_in(account=person, client=client), list)


def test_who_is_reviewed_may_enter_what_asks_for_less() -> None:
    make_client()
    make_service()
    unit = verify(make_account(Realm.LEGAL, "unit"), assurance=AssuranceLevel.REVIEWED)
    assert signed_in(unit).get(ENTER).status_code == 303


CROSS = AssuranceLevel.CROSS_CHECKED
SELF = AssuranceLevel.SELF_ASSERTED


@pytest.mark.parametrize(
    ("realm", "audience", "required", "bound", "reason"),
    [
        ("natural", "natural", CROSS, CROSS, None),
        ("natural", "both", CROSS, CROSS, None),
        ("legal", "both", SELF, None, None),
        ("legal", "natural", SELF, CROSS, NotAdmitted.NO_RIGHT),
        ("natural", "legal", CROSS, None, NotAdmitted.NO_RIGHT),
        ("staff", "both", SELF, None, NotAdmitted.NO_RIGHT),
        ("staff", "natural", SELF, None, NotAdmitted.NO_RIGHT),
        ("natural", "natural", CROSS, None, NotAdmitted.NOT_VERIFIED),
        ("legal", "legal", AssuranceLevel.PRESENCE_VERIFIED, CROSS, NotAdmitted.ASSURANCE_TOO_LOW),
    ],
)
def test_the_rule_itself(
    realm: str, audience: str, required: AssuranceLevel, bound: AssuranceLevel | None, reason: NotAdmitted | None
) -> None:
    assert admission(realm=realm, audience=audience, required=required, bound=bound) is reason


def test_the_window_of_an_audience() -> None:
    assert [window_realm(audience) for audience in Audience] == ["natural", "legal", None]
