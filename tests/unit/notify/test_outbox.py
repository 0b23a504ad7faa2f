"""SMS enter the outbox with the act that causes them."""

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.unit.notify.post import PHONE, Vendor, write
from tongban.notify.errors import OutsideTransaction, ParamsMismatch, UnknownTemplate
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.flows.send_sms import send_sms, withhold_sms
from tongban.notify.models import Sms

pytestmark = pytest.mark.django_db
CODE = {"code": "123456", "minutes": "5"}


def test_a_key_names_one_message_for_good() -> None:
    first = write("same", code="111111")
    assert isinstance(first, UUID)
    assert write("same", code="222222") == first
    assert write("other") != first
    assert Sms.objects.count() == 2


def test_a_message_goes_when_its_act_is_rolled_back() -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not Sms.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_without_an_act_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        send_sms(to=PHONE, template="register", params=CODE, language="en", key="k")


def test_what_does_not_fit_its_template_is_refused() -> None:
    with pytest.raises(UnknownTemplate):
        send_sms(to=PHONE, template="nothing", params={}, language="en", key="k")
    with pytest.raises(ParamsMismatch):
        send_sms(to=PHONE, template="register", params={}, language="en", key="k")
    with pytest.raises(UnknownTemplate):
        send_sms(to=PHONE, template="claim_released", params={"what": "x"}, language="en", key="k")


def test_nothing_that_is_stored_tells_the_phone_or_the_code() -> None:
    write(code="987654")
    stored = str(list(Sms.objects.values())).replace(" ", "")
    assert PHONE.value not in stored
    assert "987654" not in stored


def test_a_withheld_message_never_leaves(vendor: type[Vendor]) -> None:
    with transaction.atomic():
        withheld = withhold_sms(to=PHONE, template="register", params=CODE, language="en", key="k")
    assert deliver_due() == 0
    assert vendor.handed == []
    assert Sms.objects.get(id=withheld).state == "withheld"
    assert write("k") == withheld
    assert deliver_due() == 0


@pytest.mark.parametrize(
    "broken",
    [{"state": "sent"}, {"state": "unknown"}, {"ended_at": "2030-01-01T00:00Z"}, {"state": "sent", "tries": 0}],
)
def test_the_database_refuses_states_that_make_no_sense(broken: dict[str, object]) -> None:
    write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Sms.objects.update(**broken)
