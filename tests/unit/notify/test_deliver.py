"""The worker hands SMS over, once."""

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.functional import lazy
from pytest_django import Settings

from tests.moved_clock import MovedClock
from tests.unit.notify.post import PHONE, CarefulVendor, Handed, Vendor, write
from tongban.audit.models import Event
from tongban.notify import templates
from tongban.notify.errors import NotSent, OutcomeUnknown, Undeliverable
from tongban.notify.flows import deliver
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.models import Sms
from tongban.notify.rules import SmsState, pause_after
from tongban.notify.templates import Template

pytestmark = pytest.mark.django_db


def test_a_message_is_handed_over_and_its_content_erased(vendor: type[Vendor]) -> None:
    write(code="123456")
    assert deliver_due() == 1
    text = "验证码123456，您正在注册账号，5分钟内有效。请勿告知他人。"
    assert vendor.handed == [Handed(PHONE.value, text, "register", {"code": "123456", "minutes": "5"}, "k")]
    row = Sms.objects.get()
    assert (row.state, row.tries, row.reference, row.params) == ("sent", 1, "receipt-1", None)
    assert deliver_due() == 0
    assert len(vendor.handed) == 1


def test_the_text_is_in_the_language_of_the_act(vendor: type[Vendor], monkeypatch: pytest.MonkeyPatch) -> None:
    speaking = Template("register", sms=lazy(lambda: f"{translation.get_language()} %(code)s %(minutes)s", str)())
    monkeypatch.setattr(templates, "TEMPLATES", {"register": speaking})
    with translation.override("zh-hans"):
        write()
    with translation.override(None):
        deliver_due()
    assert vendor.handed[0].text == "zh-hans 123456 5"


def test_the_oldest_goes_first_and_a_batch_is_bounded(
    vendor: type[Vendor], clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "_BATCH", 2)
    for key in ("a", "b", "c"):
        clock.forward(seconds=1)
        write(key)
    assert [deliver_due(), deliver_due(), deliver_due()] == [2, 1, 0]
    assert [handed.key for handed in vendor.handed] == ["a", "b", "c"]


def test_surely_not_sent_is_tried_again_with_longer_and_longer_pauses(vendor: type[Vendor], clock: MovedClock) -> None:
    vendor.trouble[:] = [NotSent(reason="throttled"), NotSent(reason="throttled")]
    write()
    assert deliver_due() == 1
    assert (Sms.objects.get().state, Sms.objects.get().reason) == ("pending", "throttled")
    assert deliver_due() == 0
    clock.forward(seconds=5)
    assert deliver_due() == 1
    clock.forward(seconds=9)
    assert deliver_due() == 0
    clock.forward(seconds=1)
    assert deliver_due() == 1
    row = Sms.objects.get()
    assert (row.state, row.tries, row.reason) == ("sent", 3, "")


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    pauses = [pause_after(tries) for tries in range(1, 100)]
    assert pauses[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert max(pauses) == pauses[-1] == timedelta(minutes=15)


def test_it_is_given_up_after_the_last_try(vendor: type[Vendor], clock: MovedClock, settings: Settings) -> None:
    settings.SMS_TRIES = 3
    vendor.trouble[:] = [NotSent(reason="out of service") for _ in range(5)]
    sms_id = write()
    for _ in range(5):
        deliver_due()
        clock.forward(hours=1)
    row = Sms.objects.get()
    assert (row.state, row.tries, row.reason, row.params) == ("failed", 3, "out of service", None)
    assert len(vendor.handed) == 3
    event = Event.objects.get()
    assert (event.name, event.subject, event.actor_kind) == ("notify:sms:failed", sms_id, "system")
    assert event.facts == {"template": "register", "tries": 3, "reason": "out of service", "provider": "vendor"}


def test_the_undeliverable_is_not_tried_again(vendor: type[Vendor]) -> None:
    vendor.trouble[:] = [Undeliverable(reason="no such number")]
    write()
    assert [deliver_due(), deliver_due()] == [1, 0]
    assert (Sms.objects.get().state, len(vendor.handed)) == ("failed", 1)


def test_a_lost_answer_never_leads_to_a_second_sms(vendor: type[Vendor], clock: MovedClock) -> None:
    vendor.trouble[:] = [OutcomeUnknown(reason="timeout")]
    write()
    assert deliver_due() == 1
    clock.forward(days=1)
    assert deliver_due() == 0
    assert (Sms.objects.get().state, Sms.objects.get().reason, len(vendor.handed)) == ("unknown", "timeout", 1)
    assert Event.objects.get().name == "notify:sms:outcome_unknown"


def test_a_lost_worker_never_leads_to_a_second_sms(vendor: type[Vendor], clock: MovedClock) -> None:
    vendor.trouble[:] = [KeyboardInterrupt()]  # type: ignore[list-item]  # the worker is killed while sending
    write()
    with pytest.raises(KeyboardInterrupt):
        deliver_due()
    assert Sms.objects.get().state == "sending"
    clock.forward(seconds=59)
    assert deliver_due() == 0
    clock.forward(seconds=1)
    assert deliver_due() == 1
    row = Sms.objects.get()
    assert (row.state, row.reason, len(vendor.handed)) == ("unknown", "worker lost", 1)


def test_a_vendor_that_drops_repetitions_is_asked_again(
    vendor: type[Vendor], clock: MovedClock, settings: Settings
) -> None:
    settings.SMS_PROVIDER = [f"{CarefulVendor.__module__}.{CarefulVendor.__name__}"]
    vendor.trouble[:] = [OutcomeUnknown(reason="timeout")]
    write()
    deliver_due()
    clock.forward(seconds=5)
    deliver_due()
    assert Sms.objects.get().state == "sent"
    assert [handed.key for handed in vendor.handed] == ["k", "k"]


def test_a_message_that_cannot_be_put_together_stops_no_other(vendor: type[Vendor], clock: MovedClock) -> None:
    gone, broken = write("gone"), write("broken")
    Sms.objects.filter(id=gone).update(template="a template of an older version")
    Sms.objects.filter(id=broken).update(params=Sms.objects.get(id=gone).params)
    write("sound")
    assert deliver_due() == 3
    assert [handed.key for handed in vendor.handed] == ["sound"]
    reasons = Sms.objects.filter(id__in=[gone, broken]).order_by("key").values_list("state", "reason")
    assert list(reasons) == [("pending", "vault.tampered"), ("pending", "notify.unknown_template")]
    clock.forward(seconds=5)
    Sms.objects.filter(id=gone).update(template="register")
    assert deliver_due() == 2
    assert [handed.key for handed in vendor.handed] == ["sound", "gone"]


def test_a_code_that_has_expired_is_not_delivered_late(vendor: type[Vendor], clock: MovedClock) -> None:
    write("late", worthless_at=clock.now + timedelta(minutes=5))
    clock.forward(minutes=5)
    assert deliver_due() == 1
    assert (Sms.objects.get().state, vendor.handed) == ("worthless", [])
    write("early", worthless_at=clock.now + timedelta(minutes=5))
    clock.forward(minutes=4)
    deliver_due()
    assert len(vendor.handed) == 1


def test_an_outcome_that_comes_after_the_lease_changes_nothing(vendor: type[Vendor], clock: MovedClock) -> None:
    sms_id = write()
    slow = deliver._claim(sms_id, SmsState.PENDING)
    assert slow
    assert deliver._claim(sms_id, SmsState.PENDING) is None
    Sms.objects.update(provider="vendor")
    clock.forward(minutes=2)
    deliver_due()
    deliver._end(slow, SmsState.FAILED, reason="slow")
    deliver._again(slow, "slow")
    assert deliver._hand_over(vendor(), slow) == ""
    assert vendor.handed == []
    assert Sms.objects.get().state == "unknown"
    assert Event.objects.count() == 1


def test_what_another_worker_took_is_left_alone(vendor: type[Vendor]) -> None:
    sms_id = write()
    deliver._claim(sms_id, SmsState.PENDING)
    assert deliver._handle([vendor()], sms_id) is False
    assert vendor.handed == []


def test_while_a_vendor_is_slow_other_jobs_get_their_turn(vendor: type[Vendor], settings: Settings) -> None:
    settings.SMS_TIMEOUT = 0.0
    for key in ("a", "b"):
        write(key)
    assert [deliver_due(), deliver_due(), deliver_due()] == [1, 1, 0]


def test_without_a_vendor_messages_wait(settings: Settings) -> None:
    settings.SMS_PROVIDER = []
    write()
    assert deliver_due() == 0
    assert Sms.objects.get().state == "pending"
