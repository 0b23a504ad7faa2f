"""The demonstration's provider, and the check that keeps it out of production."""

import pytest
from pytest_django import Settings

from tests.moved_clock import MovedClock
from tests.unit.notify.post import PHONE, write
from tongban.notify.adapters.demo import DemoProvider
from tongban.notify.checks import sms_provider_is_right
from tongban.notify.errors import OutsideDemo
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.models import DemoSms
from tongban.notify.queries import DemoMessage, demo_outbox


@pytest.mark.django_db
def test_what_was_sent_can_be_read_newest_first(clock: MovedClock) -> None:
    for number in range(3):
        write(f"k{number}", code=f"00000{number}")
        clock.forward(seconds=1)
        deliver_due()
    assert [message.code for message in demo_outbox()] == ["000002", "000001", "000000"]
    text = "验证码000002，您正在注册账号，5分钟内有效。请勿告知他人。"
    assert demo_outbox()[0] == DemoMessage(to=PHONE.value, purpose="register", text=text, code="000002", at=clock.now)
    assert PHONE.value not in str(list(DemoSms.objects.values()))


@pytest.mark.django_db
def test_it_drops_repetitions_as_it_promises() -> None:
    provider = DemoProvider()
    for _ in range(2):
        provider.send(to=PHONE, text="text", template="verified", language="en", params={}, idempotency_key="k")
    assert [message.code for message in demo_outbox()] == [""]


@pytest.mark.django_db
def test_it_refuses_outside_a_demonstration(settings: Settings) -> None:
    assert sms_provider_is_right(None) == []
    write()
    settings.PROFILE = "production"
    for act in (DemoProvider, demo_outbox, deliver_due):
        with pytest.raises(OutsideDemo):
            act()
    assert [found.id for found in sms_provider_is_right(None)] == ["notify.E001"]


@pytest.mark.parametrize(
    ("providers", "found"), [([], "notify.W001"), (["tongban.notify.adapters.nothing.Vendor"], "notify.E002")]
)
def test_a_missing_provider_is_found(settings: Settings, providers: list[str], found: str) -> None:
    settings.SMS_PROVIDER = providers
    assert [message.id for message in sms_provider_is_right(None)] == [found]
