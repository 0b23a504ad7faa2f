"""The vendors of SMS over real sockets: what is asked of them, and what their answers mean."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from tests.moved_clock import MovedClock
from tests.unit.notify.post import PHONE
from tests.vendors.counters import open_counters
from tests.vendors.server import Vendor, lost_answer, lost_question, says, slow
from tests.vendors.shop import Message, Shop
from tongban.kernel import clock as kernel_clock
from tongban.notify.adapters.alibaba import AlibabaSms
from tongban.notify.adapters.tencent import TencentSms
from tongban.notify.checks import lease_outlasts_a_vendor, sms_provider_is_right
from tongban.notify.errors import NotSent, NotTold, OutcomeUnknown, Undeliverable
from tongban.notify.provider import Fate, SmsProvider, TellsFate, Told

VENDORS: dict[str, type[AlibabaSms] | type[TencentSms]] = {"alibaba": AlibabaSms, "tencent": TencentSms}
both = pytest.mark.parametrize("name", VENDORS)


@pytest.fixture
def shop() -> Shop:
    """What the phones got."""
    return Shop()


@pytest.fixture
def counters(shop: Shop, settings: Settings) -> Iterator[dict[str, Vendor]]:
    """Both vendors."""
    with open_counters(settings, shop.answers()) as running:
        yield running


def send(name: str, template: str = "register", language: str = "zh-hans", **params: str) -> str:
    vendor: SmsProvider = VENDORS[name]()
    filled = params or {"code": "123456", "minutes": "5"}
    receipt = vendor.send(
        to=PHONE, text="…", template=template, language=language, params=filled, idempotency_key="code:1:1"
    )
    return receipt.reference


def fate(name: str, reference: str = "", *, handed_at: datetime | None = None) -> Told:
    vendor: TellsFate = VENDORS[name]()
    at = handed_at or kernel_clock.now()
    return vendor.fate(to=PHONE, idempotency_key="code:1:1", reference=reference, handed_at=at)


def test_alibaba_gets_names_and_values(counters: dict[str, Vendor], shop: Shop) -> None:
    assert send("alibaba") == "alibaba^1"
    (message,) = shop.sent
    assert (message.to, message.template, message.own_id) == (PHONE.value, "SMS_register", "code:1:1")
    assert json.loads(message.values) == {"code": "123456", "minutes": "5"}
    assert counters["alibaba"].asked[0][1]["SignName"] == "科技部"


def test_tencent_gets_values_in_the_order_of_the_text(
    counters: dict[str, Vendor], shop: Shop, settings: Settings
) -> None:
    link = f"{settings.ADDRESS}/not-me/abc/"
    assert send("tencent", "new_device", link=link, time="8月1日 09:00") == "tencent^1"
    (message,) = shop.sent
    assert (message.to, message.template, message.own_id) == (PHONE.value, "10_new_device", "code:1:1")
    # A link goes without the part that the registered text says itself: vendors refuse addresses in blanks.
    assert message.values == ["8月1日 09:00", "not-me/abc/"]
    assert counters["tencent"].asked[0][1]["SmsSdkAppId"] == "1400006666"


@pytest.mark.parametrize(
    ("name", "code", "error"),
    [
        ("alibaba", "isv.BUSINESS_LIMIT_CONTROL", NotSent),
        ("alibaba", "isv.AMOUNT_NOT_ENOUGH", NotSent),
        ("alibaba", "isv.SMS_TEMPLATE_ILLEGAL", NotSent),
        ("alibaba", "isv.MOBILE_NUMBER_ILLEGAL", Undeliverable),
        ("alibaba", "isp.SYSTEM_ERROR", OutcomeUnknown),
        ("tencent", "LimitExceeded.PhoneNumberDailyLimit", NotSent),
        ("tencent", "FailedOperation.InsufficientBalanceInSmsPackage", NotSent),
        ("tencent", "FailedOperation.PhoneNumberInBlacklist", Undeliverable),
        ("tencent", "InternalError.Timeout", OutcomeUnknown),
        ("tencent", "13812345678 …", OutcomeUnknown),
    ],
)
def test_what_codes_mean(name: str, code: str, error: type[Exception], counters: dict[str, Vendor], shop: Shop) -> None:
    shop.refusing[name] = code
    with pytest.raises(error) as raised:
        send(name)
    assert PHONE.value not in str(raised.value)
    assert shop.sent == []


@both
def test_what_never_left_was_not_sent_and_what_left_may_have_been(
    name: str, counters: dict[str, Vendor], shop: Shop, settings: Settings
) -> None:
    for mood in (lost_answer(), slow(3)):
        counters[name].moods[:] = [mood]
        with pytest.raises(OutcomeUnknown):
            send(name)
    counters[name].moods[:] = [lost_question()]
    with pytest.raises(OutcomeUnknown):
        send(name)
    assert len(shop.sent) == 2
    setattr(settings, f"{name.upper()}_SMS_ADDRESS", "http://127.0.0.1:9")
    with pytest.raises(NotSent):
        send(name)
    setattr(settings, f"{name.upper()}_SMS_TEMPLATES", {})
    with pytest.raises(NotSent) as raised:
        send(name)
    assert raised.value.reason == "no template"


@both
def test_a_wrong_key_sends_nothing(name: str, counters: dict[str, Vendor], settings: Settings) -> None:
    setattr(settings, f"{name.upper()}_KEY_SECRET", "wrong")
    with pytest.raises(NotSent):
        send(name)
    with pytest.raises(NotTold):
        fate(name)


@pytest.mark.parametrize(
    ("name", "lie"),
    [
        ("alibaba", {"Code": "OK"}),
        ("tencent", {"Response": {}}),
        ("tencent", {"Response": {"SendStatusSet": []}}),
        ("tencent", {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": ""}]}}),
    ],
)
def test_success_without_a_receipt_proves_nothing(name: str, lie: Any, counters: dict[str, Vendor]) -> None:
    counters[name].moods[:] = [says(lie)]
    with pytest.raises(OutcomeUnknown):
        send(name)


@both
def test_a_message_is_found_by_its_reference_and_by_our_own_name(
    name: str, counters: dict[str, Vendor], shop: Shop
) -> None:
    assert fate(name) == Told(Fate.NOT_LISTED)
    reference = send(name)
    shop.repeats = True
    shop.report("DELIVERED")
    assert fate(name, reference).fate is Fate.DELIVERED
    assert fate(name).fate is Fate.DELIVERED
    shop.report("MK:0001")
    assert fate(name, reference) == Told(Fate.UNDELIVERED, reason="MK:0001", reference=reference)
    shop.report("10086 13812345678")
    assert fate(name).reason == "unreadable"


def test_alibaba_lists_at_once_and_tencent_only_what_carriers_report(counters: dict[str, Vendor], shop: Shop) -> None:
    for name, expected in (("alibaba", Fate.ON_ITS_WAY), ("tencent", Fate.NOT_LISTED)):
        assert fate(name, send(name)).fate is expected


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("alibaba", {"Code": "OK", "TotalCount": "2", "SmsSendDetailDTOs": {"SmsSendDetailDTO": []}}),
        ("alibaba", {"Code": "OK"}),
        ("alibaba", {"Code": "isv.ACCOUNT_ABNORMAL"}),
        (
            "alibaba",
            {
                "Code": "OK",
                "TotalCount": "1",
                "SmsSendDetailDTOs": {"SmsSendDetailDTO": [{"OutId": "code:1:1", "SendStatus": 7}]},
            },
        ),
        ("tencent", {"Response": {}}),
        ("tencent", {"Response": {"PullSmsSendStatusSet": ["?"]}}),
        ("tencent", {"Response": {"PullSmsSendStatusSet": [{"SessionContext": "code:1:1", "ReportStatus": "?"}]}}),
        ("tencent", {"Response": {"Error": {"Code": "FailedOperation.OtherError"}}}),
    ],
)
def test_a_list_that_proves_nothing_tells_nothing(name: str, said: Any, counters: dict[str, Vendor]) -> None:
    counters[name].lasting = says(said)
    with pytest.raises(NotTold):
        fate(name)


def test_all_pages_and_both_days_around_midnight_are_read(
    counters: dict[str, Vendor], shop: Shop, clock: MovedClock
) -> None:
    midnight = datetime(2026, 8, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    for number in range(60):
        shop.sent.append(Message("alibaba", PHONE.value, "SMS_x", "", f"other:{number}", f"o^{number}", midnight))
    shop.sent.append(Message("alibaba", PHONE.value, "SMS_x", "", "code:1:1", "mine", midnight))
    assert fate("alibaba", handed_at=midnight - timedelta(minutes=1)).fate is Fate.ON_ITS_WAY
    days = [(params["SendDate"], params["CurrentPage"]) for _action, params in counters["alibaba"].asked]
    assert days == [("20260801", "1"), ("20260802", "1"), ("20260802", "2")]
    assert fate("alibaba", handed_at=midnight - timedelta(hours=1)).fate is Fate.NOT_LISTED


@pytest.mark.usefixtures("counters")
def test_every_message_needs_a_template_at_some_vendor(settings: Settings) -> None:
    paths = [f"{vendor.__module__}.{vendor.__qualname__}" for vendor in VENDORS.values()]
    settings.SMS_PROVIDER = paths
    assert sms_provider_is_right(None) == []
    del settings.ALIBABA_SMS_TEMPLATES["register"]
    assert [found.id for found in sms_provider_is_right(None)] == ["notify.W002"]
    del settings.TENCENT_SMS_TEMPLATES["register"]
    assert [found.id for found in sms_provider_is_right(None)] == ["notify.W002", "notify.W002", "notify.E003"]


def test_a_lease_shorter_than_a_vendor_may_take_refuses_to_start(settings: Settings) -> None:
    assert lease_outlasts_a_vendor(None) == []
    settings.SMS_LEASE_SECONDS = 5
    assert [found.id for found in lease_outlasts_a_vendor(None)] == ["notify.E004"]
