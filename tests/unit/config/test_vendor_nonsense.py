"""Whatever JSON a vendor answers, an adapter says what it means or that it means nothing; it never fails otherwise."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st
from pytest_django import Settings

from tests.unit.proofing.people import person, unit
from tests.vendors.counters import AUTHORITIES, PROVIDERS, open_counters
from tongban.kernel.mobile import Mobile
from tongban.kernel.vendors import channel, transport
from tongban.notify.errors import DeliveryError, NotTold
from tongban.notify.provider import TellsFate, providers
from tongban.proofing.authority import ask, configured
from tongban.proofing.rules import Answer

NAMES = st.sampled_from(
    [
        "Code", "BizId", "Result", "ResultObject", "BizCode", "ReasonDetail", "Status", "StatusCode", "VerifyResult",
        "IsCreditCodeConsistent", "IsEntNameConsistent", "OperatingStatus", "SendStatusSet", "SerialNo", "TotalCount",
        "SmsSendDetailDTOs", "SmsSendDetailDTO", "SendStatus", "OutId", "ErrCode", "PullSmsSendStatusSet",
        "ReportStatus", "SessionContext", "Description", "Error", "Message", "RequestId",
    ]
)  # fmt: skip
VALUES = st.sampled_from(
    ["OK", "Ok", "200", "Success", "1", "2", "3", "0", "-1", "SUCCESS", "FAIL", "k", 0, 1, True, None]
)
NONSENSE = st.recursive(
    VALUES | st.text(max_size=5) | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)
OBJECTS = st.dictionaries(NAMES, NONSENSE, max_size=8)
many = runs(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def _everywhere(settings: Settings) -> Any:
    settings.AUTHORITY, settings.SMS_PROVIDER = list(AUTHORITIES.values()), list(PROVIDERS.values())
    with open_counters(settings, {}):
        yield


def answering(monkeypatch: pytest.MonkeyPatch, found: Any, status: int) -> None:
    channel.forget_breakers()
    raw = json.dumps({"Response": found, **found}).encode()
    monkeypatch.setattr(transport, "post", lambda *_about, **_more: transport.Reply(status, raw))
    monkeypatch.setattr(channel.time, "sleep", lambda _seconds: None)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("_everywhere")
@many
@given(found=OBJECTS, status=st.sampled_from([200, 200, 200, 400, 503]))
def test_authorities(found: Any, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, found, status)
    for authority in configured():
        for question in (person().questions()[0], unit().questions()[0]):
            assert ask([authority], question, within=2.0).answer in set(Answer)


@pytest.mark.usefixtures("_everywhere")
@many
@given(found=OBJECTS, status=st.sampled_from([200, 200, 200, 400, 503]))
def test_vendors_of_sms(found: Any, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, found, status)
    to = Mobile.parse("13812345678")
    for vendor in providers():
        with suppress(DeliveryError):
            params = {"code": "1", "minutes": "5"}
            receipt = vendor.send(
                to=to, text="", template="register", language="en", params=params, idempotency_key="k"
            )
            assert receipt.reference
        assert isinstance(vendor, TellsFate)
        for reference in ("", "k"):
            with suppress(NotTold):
                vendor.fate(to=to, idempotency_key="k", reference=reference, handed_at=datetime.now(UTC))
