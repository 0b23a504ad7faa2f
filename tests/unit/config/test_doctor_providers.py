"""The doctor asks vendors whether they are there and accept our key: nothing is charged, sent, or about anybody."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pytest_django import Settings

from tests.unit.proofing.conftest import on_record
from tests.unit.proofing.people import person
from tests.vendors.counters import ADDRESSES, AUTHORITIES, PROVIDERS, open_counters
from tests.vendors.server import Vendor, lost_question, says
from tongban.config.doctor import Finding, Level, _providers
from tongban.notify.models import Sms

pytestmark = pytest.mark.django_db
ASKED = {
    "alibaba": ["Id2MetaVerify", "EntElementVerifyV2", "QuerySendDetails"],
    "tencent": ["IdCardVerification", "VerifyBizLicenseEnterprise4", "PullSmsSendStatusByPhoneNumber"],
}
ALL = [("authority alibaba"), ("authority tencent"), ("SMS alibaba"), ("SMS tencent")]
both = pytest.mark.parametrize("name", ["alibaba", "tencent"])


def misses_content(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer an empty question as both vendors do."""
    assert not params
    return {"Code": "MissingParameter", "Error": {"Code": "MissingParameter", "Message": "…"}}


@pytest.fixture
def counters(settings: Settings) -> Iterator[dict[str, Vendor]]:
    settings.AUTHORITY, settings.SMS_PROVIDER = list(AUTHORITIES.values()), list(PROVIDERS.values())
    actions = [action for names in ASKED.values() for action in names]
    with open_counters(settings, dict.fromkeys(actions, misses_content)) as running:
        yield running


def found() -> dict[str, Finding]:
    return {finding.what: finding for finding in _providers()}


def wrong() -> dict[str, str]:
    return {what: finding.how_it_is for what, finding in found().items() if finding.level is Level.WRONG}


def test_vendors_that_answer_and_accept_the_key(counters: dict[str, Vendor]) -> None:
    assert {what: finding.level for what, finding in found().items()} == dict.fromkeys(ALL, Level.OK)
    assert {name: [action for action, _ in vendor.asked] for name, vendor in counters.items()} == ASKED
    assert Sms.objects.count() == 0


def test_being_asked_too_often_is_no_trouble_with_the_key(counters: dict[str, Vendor]) -> None:
    busy = says({"Code": "Throttling.User", "Response": {"Error": {"Code": "RequestLimitExceeded"}}}, status=400)
    for vendor in counters.values():
        vendor.lasting = busy
    assert wrong() == {}


@both
def test_a_wrong_key(name: str, counters: dict[str, Vendor], settings: Settings) -> None:
    setattr(settings, f"{name.upper()}_KEY_SECRET", "wrong")
    code = {"alibaba": "SignatureDoesNotMatch", "tencent": "AuthFailure.SignatureFailure"}[name]
    assert wrong() == {f"{what} {name}": f"{action}: {code}" for what, action in first_and_last(name)}
    assert "the key" in found()[f"SMS {name}"].mend


@both
def test_a_right_that_is_missing(name: str, counters: dict[str, Vendor]) -> None:
    refusal = {"Code": "411", "Response": {"Error": {"Code": "UnauthorizedOperation"}}}
    counters[name].lasting = says(refusal)
    code = {"alibaba": "411", "tencent": "UnauthorizedOperation"}[name]
    assert wrong() == {f"{what} {name}": f"{action}: {code}" for what, action in first_and_last(name)}


@both
def test_a_vendor_that_is_away_or_silent(name: str, counters: dict[str, Vendor], settings: Settings) -> None:
    counters[name].lasting = lost_question()
    assert list(wrong()) == [f"authority {name}", f"SMS {name}"]
    for address in ADDRESSES[name]:
        setattr(settings, address, "http://127.0.0.1:9")
    assert list(wrong()) == [f"authority {name}", f"SMS {name}"]
    assert "may this machine connect" in found()[f"authority {name}"].mend


def first_and_last(name: str) -> list[tuple[str, str]]:
    """Return which operation an authority and a provider ask first."""
    return [("authority", ASKED[name][0]), ("SMS", ASKED[name][-1])]


def test_a_probe_is_not_logged_as_a_failed_call(counters: dict[str, Vendor], caplog: pytest.LogCaptureFixture) -> None:
    assert wrong() == {}
    assert "vendor call failed" not in caplog.text


def test_what_belongs_to_the_platform_is_told(settings: Settings) -> None:
    settings.SMS_PROVIDER = ["tongban.notify.adapters.demo.DemoProvider"]
    assert {what: finding.how_it_is for what, finding in found().items()} == {
        "authority register": "part of the platform",
        "SMS demo": "part of the platform",
    }


def test_a_production_whose_register_is_empty(settings: Settings) -> None:
    profile = settings.PROFILE
    settings.PROFILE, settings.SMS_PROVIDER = "production", []
    warnings = [(finding.what, finding.how_it_is) for finding in _providers() if finding.level is Level.WARNING]
    assert warnings == [("authority register", "knows nobody")]
    settings.PROFILE = profile
    on_record(person())
    settings.PROFILE = "production"
    assert [finding.what for finding in _providers() if finding.level is Level.WARNING] == []


def test_what_cannot_be_imported_is_left_to_the_start_up_checks(settings: Settings) -> None:
    settings.AUTHORITY, settings.SMS_PROVIDER = ["tongban.nowhere.Nobody"], ["tongban.nowhere.Nobody"]
    assert found() == {}
