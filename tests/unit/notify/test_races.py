"""Thirty callers at the same moment."""

import pytest

from tests.parallel import in_parallel
from tests.unit.notify.post import Vendor, write
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.models import Sms

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 30


def test_one_message_for_one_key() -> None:
    written = in_parallel(MANY, lambda _: write("same"))
    assert set(written) == {Sms.objects.get().id}


def test_many_workers_hand_each_message_over_once(vendor: type[Vendor]) -> None:
    for number in range(15):
        write(f"k{number}")
    handled = in_parallel(MANY, lambda _: deliver_due())
    assert sum(number for number in handled if isinstance(number, int)) == 15
    assert sorted(handed.key for handed in vendor.handed) == sorted(f"k{number}" for number in range(15))
    assert set(Sms.objects.values_list("state", "tries")) == {("sent", 1)}
