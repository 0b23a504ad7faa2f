"""Entering for a unit: only by its mandate, only as the unit that was chosen, only while the mandate stands."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from tests.journeys.html import lint, parse, words
from tests.unit.mandates.people import HNTE, TSME, another_person, another_unit, given
from tests.unit.sso.house import (
    OPERATOR,
    UNIT_NAME,
    USCC,
    Rp,
    agree,
    answer_of,
    code_for,
    make_account,
    make_client,
    make_service,
    signed_in,
    stored_code,
    token_of_code,
)
from tongban.accounts.flows import bind
from tongban.accounts.models import Account, Suspension
from tongban.accounts.queries import live_binding
from tongban.accounts.rules import IdentityKind, Realm
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.catalogue.models import Service
from tongban.design import display
from tongban.kernel.assurance import AssuranceLevel
from tongban.mandates.flows.end import end
from tongban.mandates.models import Mandate
from tongban.sso.flows.enter_service import Admitted, Refused, ways_in
from tongban.sso.flows.register_client import change_translations
from tongban.sso.models import AccessToken, Grant
from tongban.sso.rules import NotAdmitted

pytestmark = pytest.mark.django_db
ENTER = f"/services/{HNTE}/enter/"
SCOPE = "openid profile unit"
OTHER = "上海样本仪器有限公司"


@pytest.fixture
def rp(db: None) -> Rp:
    """A system for units, and its service; another service beside it."""
    made = Rp(make_client(audience="legal"))
    make_service()
    make_service(TSME, name="科小企评价", client_id="tsme", position=1)
    return made


@pytest.fixture
def mandate(rp: Rp, unit: Account, person: Account) -> Mandate:
    return given(unit, person)


@pytest.fixture
def second(mandate: Mandate, person: Account) -> Mandate:
    """A mandate of another unit for the same service."""
    return given(another_unit(), person)


def page_of(response: Any, status: int = 200) -> str:
    """Return the words of the page, and that it is one."""
    assert response.status_code == status, (response.status_code, response.headers.get("Location"))
    page = parse(response.content)
    lint(page, response.headers)
    return words(page.find(".//body"))


def choose(http: Client, address: str, choice: object) -> str:
    """Press a button of the page of choice; return where that leads."""
    response = http.post(address.replace("/authorize?", "/act-as?"), {"as": str(choice)})
    assert response.status_code == 303
    return str(response.headers["Location"])


def claims_for(http: Client, rp: Rp, address: str) -> dict[str, Any]:
    """Agree at `address`, and return what the system is told."""
    response: Any = http.get(address)
    if response.status_code == 200:
        response = agree(http, address)
    token = rp.redeem(answer_of(response)["code"]).json()["access_token"]
    claims: dict[str, Any] = rp.userinfo(token).json()
    return claims


def test_without_a_mandate_the_page_leads_to_asking_for_one(rp: Rp, at_browser: Client) -> None:
    text = page_of(at_browser.get(ENTER), 403)
    assert "谁可以给您权限" in text
    assert parse(at_browser.get(ENTER).content).xpath(f"//main//a[@href='/account/mandates/request/?service={HNTE}']")
    text = page_of(at_browser.get(rp.address()), 403)
    assert "谁可以给您权限" in text
    assert answer_of(at_browser.get(rp.address(prompt="none")))["error"] == "access_denied"


def test_with_a_mandate_a_person_enters_for_the_unit(rp: Rp, mandate: Mandate, at_browser: Client) -> None:
    assert at_browser.get(ENTER).status_code == 303
    text = page_of(at_browser.get(rp.address(scope=SCOPE)))
    assert f"当前以{UNIT_NAME}办理" in text
    assert "张三，凭单位的授权" in text
    assert USCC in text
    code = code_for(at_browser, rp, scope=SCOPE)
    assert stored_code(code).mandate_id == mandate.id
    answer = rp.redeem(code).json()
    claims = rp.userinfo(answer["access_token"]).json()
    acting = claims.pop("acting_for")
    assert claims.pop("unit_sub") == acting["sub"] != claims["sub"]
    assert mandate.until
    assert acting["until"] == int(mandate.until.timestamp())
    claims.pop("sub")
    assert claims == {
        "realm": "natural", "assurance": 2, "name": "张三", "uscc": USCC, "unit_name": UNIT_NAME,
        "unit_type": "enterprise",
    }  # fmt: skip
    assert rp.read(answer["id_token"]).claims["acting_for"] == acting
    assert Event.objects.get(name="sso:client:entered").facts["unit"] == USCC


def test_person_and_unit_keep_their_names(
    rp: Rp, mandate: Mandate, at_browser: Client, at_unit_browser: Client, person: Account
) -> None:
    talent = Rp(make_client("talent", audience="natural", sector="hnte"))
    acting = claims_for(at_browser, rp, rp.address(scope=SCOPE))
    itself = claims_for(at_unit_browser, rp, rp.address(scope=SCOPE))
    assert acting["unit_sub"] == itself["unit_sub"], "the unit is the same, whoever acts"
    assert "acting_for" not in itself
    elsewhere = Rp(make_client("elsewhere"))
    make_service("elsewhere", client_id="elsewhere", audience="both", position=2)
    assert acting["unit_sub"] != claims_for(at_unit_browser, elsewhere, elsewhere.address(scope=SCOPE))["unit_sub"]
    assert acting["sub"] == claims_for(at_browser, talent, talent.address())["sub"], "the person is the same"
    assert "acting_for" not in claims_for(at_browser, talent, talent.address())


def test_without_the_scope_the_unit_is_a_number(rp: Rp, mandate: Mandate, at_browser: Client) -> None:
    claims = claims_for(at_browser, rp, rp.address(scope="openid"))
    assert set(claims) == {"sub", "acting_for"}


def test_a_mandate_for_another_service_opens_nothing(
    rp: Rp, unit: Account, person: Account, at_browser: Client
) -> None:
    given(unit, person, TSME)
    page_of(at_browser.get(ENTER), 403)
    page_of(at_browser.get(rp.address()), 403)
    decision = ways_in(account=person, client=rp.registered.client)
    assert isinstance(decision, Refused)
    assert decision.reason is NotAdmitted.NO_RIGHT


def test_a_mandate_of_somebody_else_opens_nothing(rp: Rp, mandate: Mandate) -> None:
    http = signed_in(another_person())
    page_of(http.get(rp.address()), 403)
    page_of(http.get(choose(http, rp.address(), mandate.id)), 403)


def test_a_mandate_makes_nobody_a_unit_where_only_people_may(rp: Rp, mandate: Mandate, person: Account) -> None:
    talent = make_client("talent", audience="natural").client
    Service.objects.filter(slug=HNTE).update(client_id="talent")
    decision = ways_in(account=person, client=talent)
    assert isinstance(decision, Refused), "the service is for units, the system for people: nobody may"


def test_who_may_act_for_several_says_for_whom(rp: Rp, second: Mandate, at_browser: Client) -> None:
    address = rp.address(scope=SCOPE)
    text = page_of(at_browser.get(address))
    assert UNIT_NAME in text
    assert OTHER in text
    assert answer_of(at_browser.get(rp.address(prompt="none")))["error"] == "account_selection_required"
    chosen = choose(at_browser, address, second.id)
    assert f"当前以{OTHER}办理" in page_of(at_browser.get(chosen))
    assert claims_for(at_browser, rp, chosen)["unit_name"] == OTHER
    grant = Grant.objects.get()
    assert grant.uscc == second.uscc


def test_a_choice_is_for_one_sign_on(rp: Rp, mandate: Mandate, second: Mandate, at_browser: Client) -> None:
    address = rp.address(scope=SCOPE)
    code = answer_of(agree(at_browser, choose(at_browser, address, second.id)))["code"]
    assert stored_code(code).mandate_id == second.id
    assert "以谁的名义进入" in page_of(at_browser.get(rp.address(scope=SCOPE, state="another")))
    mark = parse_qs(urlsplit(choose(at_browser, address, second.id)).query)["acting"][0]
    stolen = f"{rp.address(scope=SCOPE, state='another')}&{urlencode({'acting': mark})}"
    assert "以谁的名义进入" in page_of(at_browser.get(stolen)), "the mark of one request is worth nothing in another"
    forged = f"{address}&{urlencode({'acting': mark[:-1] + ('A' if mark[-1] != 'A' else 'B')})}"
    assert "以谁的名义进入" in page_of(at_browser.get(forged))


def test_a_choice_is_the_persons_own(rp: Rp, second: Mandate, at_browser: Client, unit: Account) -> None:
    address = rp.address(scope=SCOPE)
    chosen = choose(at_browser, address, second.id)
    other = another_person()
    first, last = given(unit, other), given(Account.objects.get(login_name="unit.two"), other)
    assert {first.holder_id, last.holder_id} == {other.id}
    assert "以谁的名义进入" in page_of(signed_in(other).get(chosen)), "chosen by another account"


@pytest.mark.parametrize("choice", ["self", "", "nonsense", "01a209a9-079a-7ef0-b4c8-4f0e256504b8"])
def test_what_is_not_offered_cannot_be_chosen(rp: Rp, second: Mandate, at_browser: Client, choice: str) -> None:
    for address in (rp.address(), rp.address(scope=SCOPE)):
        response = at_browser.get(choose(at_browser, address, choice))
        assert "以谁的名义进入" in page_of(response)
        response = agree(at_browser, choose(at_browser, address, choice))
        assert "以谁的名义进入" in page_of(response), "nor by posting the consent at once"
    assert not Grant.objects.exists()


def test_another_units_mandate_cannot_be_chosen(rp: Rp, mandate: Mandate, at_browser: Client) -> None:
    foreign = given(another_unit(), another_person())
    chosen = choose(at_browser, rp.address(), foreign.id)
    text = page_of(at_browser.get(chosen))
    assert "以谁的名义进入" in text
    assert OTHER not in text
    assert "刚才选择的授权已经结束或暂停" in text


def test_oneself_is_among_the_choices(unit: Account, person: Account, at_browser: Client) -> None:
    both = Rp(make_client("both", audience="both"))
    make_service(HNTE, audience="both", client_id="both")
    claims_for(at_browser, both, both.address())
    given(unit, person)
    address = both.address(scope=SCOPE)
    assert "本人" in page_of(at_browser.get(address))
    claims = claims_for(at_browser, both, choose(at_browser, address, "self"))
    assert "acting_for" not in claims
    assert "uscc" not in claims


def test_the_choice_can_be_made_again(rp: Rp, second: Mandate, at_browser: Client) -> None:
    chosen = choose(at_browser, rp.address(scope=SCOPE), second.id)
    page = parse(at_browser.get(chosen).content)
    (again,) = page.xpath("//main//a[contains(@href, '/oidc/act-as?')]/@href")
    assert "以谁的名义进入" in page_of(at_browser.get(again))
    assert "acting=" not in again


def test_the_page_of_choice_asks_nobody_who_has_none(rp: Rp, at_browser: Client) -> None:
    address = rp.address().replace("/authorize?", "/act-as?")
    page_of(at_browser.get(address), 403)
    assert Client().get(address).headers["Location"] == rp.address().replace("http://127.0.0.1:8000", "")


End = Callable[[Account, Account, Mandate], object]


def _suspend(account: Account) -> None:
    Suspension.objects.create(account=account, reason="test")


def _release(account: Account, kind: IdentityKind) -> None:
    binding = live_binding(account, kind)
    assert binding
    bind.release(actor=Actor.system(), binding=binding, reason="impostor")


ENDS: dict[str, End] = {
    "the unit ends it": lambda unit, person, mandate: end(actor=unit, mandate_id=mandate.id),
    "the person ends it": lambda unit, person, mandate: end(actor=person, mandate_id=mandate.id),
    "the unit is suspended": lambda unit, person, mandate: _suspend(unit),
    "the person is suspended": lambda unit, person, mandate: _suspend(person),
    "the unit is released": lambda unit, person, mandate: _release(unit, IdentityKind.UNIT),
    "the person is released": lambda unit, person, mandate: _release(person, IdentityKind.DOCUMENT),
    "it is replaced": lambda unit, person, mandate: given(unit, person),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_hangs_on_a_mandate_ends_with_it(rp: Rp, mandate: Mandate, at_browser: Client, how: str) -> None:
    unit, person = mandate.unit, mandate.holder
    assert unit
    assert person
    address = rp.address(scope=SCOPE)
    shown = at_browser.get(address)
    page_of(shown)
    token = rp.redeem(code_for(at_browser, rp, scope=SCOPE)).json()["access_token"]
    waiting = code_for(at_browser, rp, scope=SCOPE)
    assert rp.userinfo(token).status_code == 200
    ENDS[how](unit, person, mandate)
    assert rp.userinfo(token).status_code == 401
    refused = rp.redeem(waiting)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    if how != "it is replaced":
        response: Any = agree(at_browser, address)
        assert response.status_code in {302, 303, 403}, "the consent page that stood open leads nowhere"
        assert "code=" not in response.headers.get("Location", "")


def test_time_ends_it_too(
    rp: Rp, mandate: Mandate, at_browser: Client, wait: Callable[[float], None], settings: Any
) -> None:
    settings.SSO_CODE_SECONDS = settings.SSO_ACCESS_TOKEN_SECONDS = 400 * 24 * 3600
    token = rp.redeem(code_for(at_browser, rp, scope=SCOPE)).json()["access_token"]
    waiting = code_for(at_browser, rp, scope=SCOPE)
    wait(92 * 24 * 3600)
    assert rp.redeem(waiting).status_code == 400
    assert Event.objects.get(name="sso:code:refused").facts["reason"] == "mandate"
    refused = rp.userinfo(token)
    assert refused.status_code in {401}
    assert AccessToken.objects.get().revoked_at is None, "nobody had to end it"


def test_an_ended_choice_is_said_and_another_can_be_made(
    rp: Rp, unit: Account, mandate: Mandate, second: Mandate, at_browser: Client
) -> None:
    address = rp.address(scope=SCOPE)
    chosen = choose(at_browser, address, mandate.id)
    page_of(at_browser.get(chosen))
    end(actor=unit, mandate_id=mandate.id)
    text = page_of(agree(at_browser, chosen))
    assert "刚才选择的授权已经结束或暂停" in text
    assert OTHER in text, "what is left is offered, not taken silently"
    assert not Grant.objects.exists()


def test_consent_is_given_and_taken_back_for_each_unit(
    rp: Rp, mandate: Mandate, second: Mandate, at_browser: Client
) -> None:
    tokens = {}
    for one in (mandate, second):
        address = choose(at_browser, rp.address(scope=SCOPE), one.id)
        assert "同意并继续" in page_of(at_browser.get(address))
        code = answer_of(agree(at_browser, address))["code"]
        tokens[one.uscc] = rp.redeem(code).json()["access_token"]
    assert answer_of(at_browser.get(choose(at_browser, rp.address(scope=SCOPE), mandate.id)))["code"], "not asked twice"
    text = page_of(at_browser.get("/account/consents/"))
    assert UNIT_NAME in text
    assert OTHER in text
    grant = Grant.objects.get(uscc=mandate.uscc, ended_at=None)
    at_browser.post(f"/account/consents/{grant.id}/withdraw/")
    assert rp.userinfo(tokens[mandate.uscc]).status_code == 401
    assert rp.userinfo(tokens[second.uscc]).status_code == 200


def test_who_is_less_sure_decides(rp: Rp, mandate: Mandate, person: Account, at_browser: Client) -> None:
    Service.objects.filter(slug=HNTE).update(required_assurance=AssuranceLevel.REVIEWED)
    binding = live_binding(person, IdentityKind.DOCUMENT)
    assert binding
    type(binding).objects.filter(id=binding.id).update(assurance=AssuranceLevel.REVIEWED)
    decision = ways_in(account=person, client=rp.registered.client)
    assert isinstance(decision, Refused)
    assert decision.reason is NotAdmitted.ASSURANCE_TOO_LOW, "the unit's is too low"
    assert "更高等级的实名认证" in page_of(at_browser.get(ENTER), 403)


def test_two_services_of_one_system_are_one_way(rp: Rp, unit: Account, person: Account) -> None:
    Service.objects.filter(slug=TSME).update(client_id="hnte")
    given(unit, person, HNTE, TSME)
    ways = ways_in(account=person, client=rp.registered.client)
    assert isinstance(ways, list)
    assert [way.uscc for way in ways] == [USCC]


def test_accounts_of_other_realms_hold_nothing(rp: Rp, unit: Account) -> None:
    staff = make_account(Realm.STAFF, "staff")
    assert isinstance(ways_in(account=staff, client=rp.registered.client), Refused)
    ways = ways_in(account=unit, client=rp.registered.client)
    assert isinstance(ways, list)
    assert isinstance(ways[0], Admitted)
    assert (ways[0].choice, ways[0].uscc) == ("self", "")


def test_a_code_carries_its_mandate_to_the_token(rp: Rp, mandate: Mandate, at_browser: Client) -> None:
    code = code_for(at_browser, rp)
    rp.redeem(code)
    assert token_of_code(code).mandate_id == mandate.id


def test_the_choice_and_the_mandates_are_named_in_the_readers_language(
    rp: Rp, second: Mandate, at_browser: Client
) -> None:
    at_browser.cookies[display.LANGUAGE_COOKIE] = "en"
    for content in (at_browser.get(rp.address(scope=SCOPE)).content, _held(at_browser)):
        marked = [words(found) for found in parse(content).xpath("//main//*[@lang='zh-CN']")]
        assert "高企认定" in marked, "not translated yet"
    change_translations(actor=OPERATOR, client_id="hnte", texts={"en": {"name": "Accreditation"}})
    Service.objects.filter(slug=HNTE).update(translations={"en": {"name": "High-tech enterprises"}})
    choice, held = page_of(at_browser.get(rp.address(scope=SCOPE))), words(parse(_held(at_browser)).find(".//main"))
    assert ("Accreditation" in choice, "高企认定" in choice) == (True, False)
    assert ("High-tech enterprises" in held, "高企认定" in held) == (True, False)


def _held(http: Client) -> bytes:
    return bytes(http.get("/account/mandates/").content)
