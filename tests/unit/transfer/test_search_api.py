"""The search API: what it answers, what it refuses, what it never tells; every answer is held to its description."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator

from tests.journeys.people import some_unit, somebody
from tests.moved_clock import MovedClock
from tests.unit.challenge.person import other_than
from tests.unit.recovery.people import verified_unit
from tests.unit.sso.house import Rp, code_for, make_client, signed_in
from tests.unit.transfer.searcher import BROWSER, NETWORK, PHONE, USCC, Searcher, code_sent_to, legacy, stands_before
from tests.unit.transfer.searcher import make_client as searching_client
from tongban.accounts.models import LegalProfile
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.challenge.models import Hits
from tongban.kernel import clock as kernel_clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.models import Sms
from tongban.notify.queries import demo_outbox
from tongban.sso.flows.register_client import close_client
from tongban.sso.models import ClientToken
from tongban.transfer import checks, openapi
from tongban.transfer.answers import ANSWERS, NotBroughtOver
from tongban.transfer.models import LegacyAccount
from tongban.transfer.rules import Outcome
from tongban.transfer.searching import finding

pytestmark = pytest.mark.django_db
OTHER_USCC = "91110108MA01ET88XL"
UNITS = ["E0a", "E0b", "E1", "E2", "E3", "E4"]
PERSONS = ["P0", "P1", "P2", "P3", "P4"]
TOLD: dict[str, tuple[str, str | None, str | None, str, str]] = {
    "E0a": ("legal", None, None, "register", "/register/legal/"),
    "E0b": ("legal", None, "platform", "log_in", "/log-in/legal/"),
    "E1": ("legal", USCC, "legacy", "log_in", "/log-in/legal/"),
    "E2": ("legal", USCC, "platform", "log_in", "/log-in/legal/"),
    "E3": ("legal", f"HJ_{USCC}", "legacy", "log_in", "/log-in/legal/"),
    "E4": ("natural", USCC, "legacy", "log_in", "/log-in/natural/"),
    "P0": ("natural", None, None, "register", "/register/natural/"),
    "P1": ("natural", PHONE, "legacy", "log_in", "/log-in/natural/"),
    "P2": ("natural", PHONE, "platform", "log_in", "/log-in/natural/"),
    "P3": ("natural", f"HJ_{PHONE}", "legacy", "log_in", "/log-in/natural/"),
    "P4": ("natural", None, "platform", "appeal", "/recover/natural/appeal/"),
}


def described(path: str, answer: Any) -> Any:
    """Return the document of an answer after holding it to the description of the API."""
    document = openapi.document()
    response = document["paths"][f"/api/transfer/{path}"]["post"]["responses"][str(answer.status_code)]
    media_type = answer.headers["Content-Type"]
    schema = response["content"][media_type]["schema"]
    found = answer.json()
    Draft202012Validator({**schema, "components": document["components"]}).validate(found)
    assert answer.headers["Cache-Control"] == "no-store"
    return found


def refused(path: str, answer: Any, kind: str, pointer: str | None = None) -> Any:
    problem = described(path, answer)
    assert problem["type"] == f"urn:tongban:problem:{kind}", problem
    assert problem["status"] == answer.status_code
    assert [error["pointer"] for error in problem.get("errors", [])] == ([pointer] if pointer else [])
    return problem


def told(answer: dict[str, Any]) -> tuple[object, ...]:
    step = answer["next_step"]
    return answer["realm"], answer["login_name"], answer["password"], step["act"], urlsplit(step["address"]).path


def test_the_description_is_one_and_served() -> None:
    answer = Client().get("/api/transfer/openapi.json")
    document = answer.json()
    assert document == openapi.document()
    assert document["openapi"] == "3.1.0"
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert set(document["components"]["schemas"]["Answer"]["properties"]["outcome"]["enum"]) == set(TOLD)
    assert Client().post("/api/transfer/openapi.json").status_code == 405


@pytest.mark.parametrize(
    ("asked", "tag", "detail"),
    [
        ("", "zh-CN", "请求的内容有误"),
        ("zh-CN", "zh-CN", "请求的内容有误"),
        ("en", "en", "There is a mistake in the request"),
        ("fr, en-GB;q=0.8", "en", "There is a mistake in the request"),
        ("fr", "zh-CN", "请求的内容有误"),
    ],
)
def test_sentences_are_in_the_language_asked_for(searcher: Searcher, asked: str, tag: str, detail: str) -> None:
    headers = {"accept-language": asked} if asked else {}
    answer = searcher.posts("unit-searches", {"uscc": "1", "searcher": {"network": NETWORK}}, headers=headers)
    problem = refused("unit-searches", answer, "invalid", "/uscc")
    assert answer.headers["Content-Language"] == tag
    assert problem["title"] == detail
    assert bool(re.search("[\u4e00-\u9fff]", problem["detail"])) == (tag == "zh-CN")


@pytest.mark.parametrize("outcome", UNITS)
def test_every_outcome_of_a_unit(searcher: Searcher, outcome: str) -> None:
    stands_before(outcome)
    answer = described("unit-searches", searcher.unit(" 91110108ma00000070 "))
    assert answer["outcome"] == outcome
    assert told(answer) == TOLD[outcome]


@pytest.mark.parametrize("outcome", PERSONS)
def test_every_outcome_of_a_person(searcher: Searcher, outcome: str) -> None:
    stands_before(outcome)
    answer = described("person-searches", searcher.finds())
    assert answer["outcome"] == outcome
    assert told(answer) == TOLD[outcome]


def test_every_outcome_has_an_answer() -> None:
    assert {outcome.value for outcome in ANSWERS} == set(TOLD) >= {outcome.value for outcome in Outcome}


def test_a_unit_that_is_bound_or_claimed_is_known_here(searcher: Searcher) -> None:
    bound = verified_unit("unit.bound")
    uscc = LegalProfile.objects.get(account=bound).uscc
    LegalProfile.objects.update(released_at=kernel_clock.now())
    assert searcher.unit(uscc).json()["outcome"] == "E0b", "a binding suffices"
    some_unit("unit.other", "13800000009", uscc=OTHER_USCC)
    assert searcher.unit(OTHER_USCC).json()["outcome"] == "E0b", "a claim suffices"
    LegalProfile.objects.update(released_at=kernel_clock.now())
    assert searcher.unit(OTHER_USCC).json()["outcome"] == "E0a", "a claim that was released does not"


def shape(sql: str) -> str:
    """Return a statement without the values in it."""
    return re.sub(r"(?:NULL|'[^']*'|\"s\d+_x\d+\"|\b[0-9a-f]{32}\b|\b\d+\b)(?:::\w+)?", "?", sql)


@pytest.mark.parametrize("outcomes", [UNITS, PERSONS])
def test_every_outcome_costs_and_looks_the_same(searcher: Searcher, settings: Any, outcomes: list[str]) -> None:
    settings.SMS_RATES_PHONE = "100/h"
    searcher.unit()
    searcher.finds()  # whose first search writes rows that the others change
    seen = set()
    for outcome in outcomes:
        LegacyAccount.objects.all().delete()
        stands_before(outcome)
        searcher.asks_code()
        code = code_sent_to(PHONE)
        with CaptureQueriesContext(connection) as statements:
            answer = searcher.person(code) if outcome in PERSONS else searcher.unit()
        document = answer.json()
        assert document["outcome"] == outcome
        members = (tuple(sorted(document)), tuple(sorted(document["next_step"])))
        said = tuple(shape(query["sql"]) for query in statements.captured_queries)
        seen.add((members, said, tuple(sorted(answer.headers))))
    assert len(seen) == 1, seen


def test_the_link_fills_in_the_login_name_without_saying_it(searcher: Searcher, clock: MovedClock) -> None:
    legacy(Outcome.P3)
    address = searcher.finds().json()["next_step"]["address"]
    assert PHONE not in address
    assert "HJ_" not in address
    path = address.removeprefix("http://127.0.0.1:8000")
    assert f'value="HJ_{PHONE}"' in Client().get(path).content.decode()
    assert PHONE not in Client().get(path.replace("/natural/", "/legal/")).content.decode(), "another window"
    assert PHONE not in Client().get(path[:-4] + "AAAA").content.decode(), "a forged reference"
    clock.forward(minutes=31)
    assert PHONE not in Client().get(path).content.decode(), "half an hour later"


def test_links_without_a_login_name_fill_in_nothing(searcher: Searcher) -> None:
    stands_before("E0b")
    assert parse_qs(urlsplit(searcher.unit().json()["next_step"]["address"]).query) == {}
    legacy(Outcome.P1, login_name="")
    address = searcher.finds().json()["next_step"]["address"].removeprefix("http://127.0.0.1:8000")
    assert Client().get(address).status_code == 200


CASES: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "not this code": ({"uscc": "91110108MA00000071"}, "invalid", "/uscc"),
    "no code": ({"uscc": ""}, "invalid", "/uscc"),
    "code of another type": ({"uscc": 91110108}, "invalid", "/uscc"),
    "an identity number": ({"uscc": "11010519491231002X"}, "invalid", "/uscc"),
    "no searcher": ({"searcher": None}, "invalid", "/searcher/network"),
    "no network": ({"searcher": {}}, "invalid", "/searcher/network"),
    "no address": ({"searcher": {"network": "everywhere"}}, "invalid", "/searcher/network"),
    "more": ({"force": True}, "invalid", "/force"),
    "odd name": ({"a/b~c": True}, "invalid", "/a~1b~0c"),
}


@pytest.mark.parametrize(("changes", "kind", "pointer"), CASES.values(), ids=CASES.keys())
def test_questions_that_make_no_sense(
    searcher: Searcher, changes: dict[str, Any], kind: str, pointer: str | None
) -> None:
    question = {"uscc": USCC, "searcher": {"network": NETWORK}, **changes}
    refused("unit-searches", searcher.posts("unit-searches", question), kind, pointer)
    assert not Event.objects.filter(name="transfer:search:answered").exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"phone": "138"}, "/phone"),
        ({"phone": None}, "/phone"),
        ({"code": None}, "/code"),
        ({"searcher": {"network": NETWORK}}, "/searcher/id"),
        ({"searcher": {"network": NETWORK, "id": "short"}}, "/searcher/id"),
        ({"searcher": {"network": NETWORK, "id": "with spaces in it "}}, "/searcher/id"),
        ({"searcher": {"id": BROWSER}}, "/searcher/network"),
        ({"uscc": USCC}, "/uscc"),
    ],
)
def test_questions_about_persons_that_make_no_sense(searcher: Searcher, changes: dict[str, Any], pointer: str) -> None:
    question = {"phone": PHONE, "code": "123456", "searcher": {"id": BROWSER, "network": NETWORK}, **changes}
    refused("person-searches", searcher.posts("person-searches", question), "invalid", pointer)


@pytest.mark.parametrize("body", [" ", "{", "[]", '"x"', "null", "\x00"])
def test_what_is_no_json_object(searcher: Searcher, body: str) -> None:
    refused("unit-searches", searcher.posts("unit-searches", body), "malformed")


def test_requests_of_another_form(searcher: Searcher) -> None:
    form = searcher.posts("unit-searches", "uscc=x", content_type="application/x-www-form-urlencoded")
    refused("unit-searches", form, "unsupported-media-type")
    refused("unit-searches", searcher.posts("unit-searches", {"uscc": "9" * 5000}), "too-large")
    wrong = searcher.http.get("/api/transfer/unit-searches", headers={"authorization": f"Bearer {searcher.token}"})
    refused("unit-searches", wrong, "method-not-allowed")
    assert wrong.headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["unit-searches", "person-codes", "person-searches"])
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic dG9yY2g6eA=="])
def test_who_shows_no_token_learns_nothing(searcher: Searcher, path: str, header: str) -> None:
    answer = searcher.posts(path, {"uscc": USCC}, headers={"authorization": header})
    refused(path, answer, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="account-search"')


def test_a_token_for_something_else_opens_nothing(searcher: Searcher) -> None:
    ClientToken.objects.update(scopes="something-else")
    answer = searcher.unit()
    refused("unit-searches", answer, "forbidden")
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_a_persons_token_opens_nothing(searcher: Searcher) -> None:
    rp = Rp(
        make_client(scopes=["openid", "profile", "account-search"], required_assurance=AssuranceLevel.SELF_ASSERTED)
    )
    token = rp.redeem(code_for(signed_in(somebody()), rp)).json()["access_token"]
    assert rp.userinfo(token).status_code == 200
    stranger = Searcher(client=searcher.client, token=token)
    refused("unit-searches", stranger.unit(), "unauthorized")


def test_the_token_of_a_closed_client_opens_nothing(searcher: Searcher) -> None:
    assert searcher.unit().status_code == 200
    close_client(actor=Actor.operator("tests"), client_id="torch", reason="ended")
    refused("unit-searches", searcher.unit(), "unauthorized")
    refused("person-codes", searcher.asks_code(), "unauthorized")
    assert not Sms.objects.exists()


def test_a_code_is_sent_whoever_the_phone_belongs_to(searcher: Searcher, clock: MovedClock) -> None:
    unknown = described("person-codes", searcher.asks_code())
    assert unknown == {"expires_in": 300, "resend_in": 60}
    legacy(Outcome.P1, key="13800000055")
    assert described("person-codes", searcher.asks_code("13800000055")) == unknown
    deliver_due()
    assert [message.purpose for message in demo_outbox()] == ["search", "search"]
    again = searcher.asks_code()
    problem = refused("person-codes", again, "too-many-requests")
    assert problem["retry_after"] == 60
    assert again.headers["Retry-After"] == "60"


def test_a_code_opens_one_search(searcher: Searcher) -> None:
    legacy(Outcome.P1)
    searcher.asks_code()
    code = code_sent_to(PHONE)
    assert searcher.person(code).status_code == 200
    problem = refused("person-searches", searcher.person(code), "code-rejected", "/code")
    assert problem["errors"][0]["code"] == "challenge.code_spent"


def test_a_wrong_code_tells_nothing(searcher: Searcher) -> None:
    def answers() -> set[str]:
        searcher.asks_code()
        wrong = other_than(code_sent_to(PHONE))
        return {json.dumps(refused("person-searches", searcher.person(wrong), "code-rejected", "/code"))}

    with CaptureQueriesContext(connection) as without:
        unknown = answers()
    Sms.objects.all().delete()
    Hits.objects.all().delete()
    legacy(Outcome.P4)
    with CaptureQueriesContext(connection) as with_account:
        assert answers() == unknown
    assert not any("legacyaccount" in query["sql"] for query in without.captured_queries)
    touched = [query["sql"] for query in with_account.captured_queries if "SELECT" in query["sql"]]
    assert not any("transfer_legacyaccount" in sql for sql in touched)


def test_a_code_of_another_browser_client_phone_or_purpose_opens_nothing(searcher: Searcher) -> None:
    searcher.asks_code()
    code = code_sent_to(PHONE)
    refused("person-searches", searcher.person(code, browser="browser-of-another"), "code-rejected", "/code")
    refused("person-searches", searcher.person(code, "13800000055"), "code-rejected", "/code")
    other = Searcher(client=searching_client("other"))
    refused("person-searches", other.person(code), "code-rejected", "/code")
    assert searcher.person(code).status_code == 200


def test_guessing_ends_the_code(searcher: Searcher) -> None:
    searcher.asks_code()
    code = code_sent_to(PHONE)
    for _ in range(5):
        searcher.person(other_than(code))
    assert refused("person-searches", searcher.person(code), "code-rejected", "/code")["errors"][0]["code"] == (
        "challenge.code_spent"
    )


def test_a_network_has_a_budget(searcher: Searcher, settings: Any, clock: MovedClock) -> None:
    settings.TRANSFER_SEARCH_RATES_NETWORK = "3/h"
    for _ in range(3):
        assert searcher.unit(network="2001:db8:1:2::1").status_code == 200
    problem = refused("unit-searches", searcher.unit(network="2001:db8:1:2:ffff::9"), "too-many-requests")
    assert problem["retry_after"] == 3600
    refused("person-searches", searcher.person("123456", network="2001:db8:1:2::1"), "too-many-requests")
    assert searcher.unit(network="2001:db8:1:3::1").status_code == 200
    assert Searcher(client=searching_client("other")).unit(network="2001:db8:1:2::1").status_code == 200
    clock.forward(hours=1)
    searcher.renew()
    assert searcher.unit(network="2001:db8:1:2::1").status_code == 200


def test_a_proved_phone_has_a_budget(searcher: Searcher, settings: Any, clock: MovedClock) -> None:
    settings.SMS_RATES_PHONE = "100/h"
    settings.TRANSFER_SEARCH_RATES_PHONE = "2/h"
    assert [searcher.finds().status_code for _ in range(3)] == [200, 200, 429]
    clock.forward(hours=1)
    searcher.renew()
    assert searcher.finds().status_code == 200


def test_a_person_is_searched_for_from_three_networks_a_day(
    searcher: Searcher, settings: Any, clock: MovedClock
) -> None:
    settings.SMS_RATES_PHONE = "100/h"
    for network in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3", "192.0.2.2"):
        assert searcher.finds(network=network).status_code == 200
    searcher.asks_code(network="192.0.2.4")
    code = code_sent_to(PHONE)
    refused("person-searches", searcher.person(code, network="192.0.2.4"), "too-many-requests")
    assert searcher.person(code, network="192.0.2.1").status_code == 200, "a refused search has spent nothing"
    clock.forward(days=1)
    searcher.renew()
    assert searcher.finds(network="192.0.2.4").status_code == 200


def test_every_search_is_written_down_and_says_nothing_of_anybody(searcher: Searcher, settings: Any) -> None:
    unit, person = legacy(Outcome.E1), legacy(Outcome.P3)
    searcher.unit()
    searcher.finds()
    searcher.person("000000")
    settings.TRANSFER_SEARCH_RATES_NETWORK = "1/h"
    searcher.unit()
    answered = Event.objects.filter(name="transfer:search:answered").order_by("at")
    assert [(event.facts, event.subject) for event in answered] == [
        ({"kind": "unit", "outcome": "E1"}, unit.id),
        ({"kind": "person", "outcome": "P3"}, person.id),
    ]
    told_no = Event.objects.filter(name="transfer:search:refused").order_by("at")
    assert [event.facts["reason"] for event in told_no] == ["challenge.code_spent", "challenge.too_many_requests"]
    for event in Event.objects.all():
        written = json.dumps(event.facts) + event.actor_id
        assert not any(secret in written for secret in (PHONE, USCC, NETWORK, BROWSER))
    assert {(event.actor_kind, event.actor_id) for event in [*answered, *told_no]} == {("client", "torch")}


def test_a_finding_never_prints_the_login_name() -> None:
    assert PHONE not in repr(finding(legacy(Outcome.P1), NotBroughtOver.P0))


def test_rates_that_cannot_be_read_are_named(settings: Any) -> None:
    assert checks.rates_are_rates(None) == []
    settings.TRANSFER_SEARCH_RATES_PHONE = "often"
    assert [error.id for error in checks.rates_are_rates(None)] == ["transfer.E001"]
