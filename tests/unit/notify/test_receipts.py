"""What became of an SMS is asked: lost answers heal by themselves, nothing is sent twice, receipts are written down."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from pytest_django import Settings

from tests.moved_clock import MovedClock
from tests.parallel import in_parallel
from tests.unit.notify.post import PHONE, CarefulVendor, Vendor, write
from tongban.audit.models import Event
from tongban.kernel.mobile import Mobile
from tongban.notify import queries
from tongban.notify.errors import NotSent, NotTold, OutcomeUnknown, Undeliverable
from tongban.notify.flows import ask_receipts as flow
from tongban.notify.flows.ask_receipts import ask_receipts
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.flows.send_sms import send_sms
from tongban.notify.models import Sms
from tongban.notify.provider import Fate, ProviderReceipt, Told
from tongban.notify.rules import pause_before_asking

pytestmark = pytest.mark.django_db


class First(Vendor):
    """Lists what it took over at once; `fates` are what it says, first one first, the last one for good."""

    name = "first"
    lists_at_once = True
    handed: ClassVar[list] = []  # type: ignore[type-arg]
    trouble: ClassVar[list[Exception]] = []
    fates: ClassVar[list[Told | Exception]] = []
    asked: ClassVar[list[tuple[str, str]]] = []

    def fate(self, *, to: Mobile, idempotency_key: str, reference: str, handed_at: datetime) -> Told:
        self.asked.append((idempotency_key, reference))
        told = self.fates.pop(0) if len(self.fates) > 1 else self.fates[0]
        if isinstance(told, Exception):
            raise told
        return told


class Late(First):
    """Lists a message only when its carrier has reported."""

    lists_at_once = False


class Second(Vendor):
    """The vendor behind the first."""

    name = "second"
    handed: ClassVar[list] = []  # type: ignore[type-arg]
    trouble: ClassVar[list[Exception]] = []

    def send(
        self, *, to: Mobile, text: str, template: str, language: str, params: Mapping[str, str], idempotency_key: str
    ) -> ProviderReceipt:
        key = idempotency_key
        super().send(to=to, text=text, template=template, language=language, params=params, idempotency_key=key)
        return ProviderReceipt(reference="receipt-2")


@pytest.fixture(autouse=True)
def _two_vendors(settings: Settings) -> Iterator[None]:
    use(settings, First, Second)
    yield
    for held in (First.handed, First.trouble, First.fates, First.asked, Second.handed, Second.trouble):
        held.clear()


def use(settings: Settings, *vendors: type[Vendor]) -> None:
    settings.SMS_PROVIDER = [f"{vendor.__module__}.{vendor.__name__}" for vendor in vendors]


def handed() -> tuple[int, int]:
    """Return how many messages each vendor was handed."""
    return len(First.handed), len(Second.handed)


def lose_an_answer() -> None:
    First.trouble[:] = [OutcomeUnknown(reason="ReadTimeout")]
    write()
    assert deliver_due() == 1
    row = Sms.objects.get()
    assert (row.state, row.provider, row.reason) == ("asking", "first", "ReadTimeout")
    assert row.params is not None


def ask(clock: MovedClock, **how_far: float) -> Sms:
    clock.forward(**how_far)
    ask_receipts()
    return Sms.objects.get()


# One vendor after another


def test_the_second_gets_what_the_first_surely_does_not_have(clock: MovedClock) -> None:
    First.trouble[:] = [NotSent(reason="isv.BUSINESS_LIMIT_CONTROL")]
    write()
    assert deliver_due() == 1
    row = Sms.objects.get()
    assert (row.state, row.provider, row.reference, handed()) == ("sent", "second", "receipt-2", (1, 1))


def test_when_both_refuse_both_are_tried_again_later(clock: MovedClock) -> None:
    First.trouble[:] = [NotSent(reason="down")]
    Second.trouble[:] = [NotSent(reason="")]
    write()
    deliver_due()
    row = Sms.objects.get()
    assert (row.state, row.provider, row.reason, row.tries) == ("pending", "", "not sent", 1)
    clock.forward(seconds=5)
    deliver_due()
    assert (Sms.objects.get().state, handed()) == ("sent", (2, 1))


def test_a_number_that_is_refused_is_not_tried_elsewhere() -> None:
    First.trouble[:] = [Undeliverable(reason="isv.MOBILE_NUMBER_ILLEGAL")]
    write()
    deliver_due()
    assert (Sms.objects.get().state, handed()) == ("failed", (1, 0))
    assert Event.objects.get().facts["provider"] == "first"


def test_a_vendor_whose_messages_do_not_arrive_comes_last_for_a_while(clock: MovedClock) -> None:
    First.fates[:] = [Told(Fate.UNDELIVERED, reason="MK:0001")]
    for key in "abc":
        write(key)
    deliver_due()
    clock.forward(seconds=10)
    assert ask_receipts() == 3
    assert queries.delivers_nothing("first")
    assert not queries.delivers_nothing("second")
    assert {event.name for event in Event.objects.all()} == {"notify:sms:undelivered"}
    write("d")
    deliver_due()
    assert handed() == (3, 1)
    clock.forward(minutes=15)
    write("e")
    deliver_due()
    assert handed() == (4, 1)


# The answer was lost


def test_a_message_the_vendor_knows_of_is_sent(clock: MovedClock) -> None:
    lose_an_answer()
    First.fates[:] = [Told(Fate.ON_ITS_WAY, reference="biz-1"), Told(Fate.DELIVERED)]
    assert ask_receipts() == 0
    row = ask(clock, seconds=10)
    assert (row.state, row.receipt, row.reference, row.params) == ("sent", "on_its_way", "biz-1", None)
    row = ask(clock, seconds=20)
    assert (row.receipt, row.ask_at, row.reference) == ("delivered", None, "biz-1")
    assert First.asked == [("k", ""), ("k", "biz-1")]
    clock.forward(days=1)
    assert (deliver_due(), ask_receipts(), handed()) == (0, 0, (1, 0))
    assert not Event.objects.exists()


def test_a_message_the_vendor_never_had_goes_to_whoever_takes_it(clock: MovedClock) -> None:
    lose_an_answer()
    First.fates[:] = [Told(Fate.NOT_LISTED)]
    First.trouble[:] = [NotSent(reason="circuit open")]
    for seconds in (10, 20, 40, 49):
        assert ask(clock, seconds=seconds).state == "asking"
        assert deliver_due() == 0
    # The pauses double, but the moment from which absence is proof is not slept through.
    assert ask(clock, seconds=1).state == "pending"
    clock.forward(seconds=5)
    deliver_due()
    row = Sms.objects.get()
    assert (row.state, row.provider, handed()) == ("sent", "second", (2, 1))


def test_a_code_that_expired_meanwhile_is_not_sent_late(clock: MovedClock) -> None:
    First.trouble[:] = [OutcomeUnknown(reason="ReadTimeout")]
    write(worthless_at=clock.now + timedelta(minutes=5))
    deliver_due()
    First.fates[:] = [NotTold(), Told(Fate.NOT_LISTED)]
    ask(clock, minutes=2)
    assert ask(clock, minutes=4).state == "pending"
    clock.forward(seconds=5)
    deliver_due()
    assert (Sms.objects.get().state, handed()) == ("worthless", (1, 0))


def test_absence_proves_nothing_where_only_carriers_reports_are_listed(clock: MovedClock, settings: Settings) -> None:
    use(settings, Late, Second)
    lose_an_answer()
    First.fates[:] = [Told(Fate.NOT_LISTED)]
    assert ask(clock, minutes=30).state == "asking"
    row = ask(clock, minutes=30)
    assert (row.state, row.params, row.ask_at) == ("unknown", None, None)
    assert Event.objects.get().name == "notify:sms:outcome_unknown"
    clock.forward(days=1)
    assert (deliver_due(), ask_receipts(), handed()) == (0, 0, (1, 0))


def test_a_vendor_that_says_nothing_for_an_hour_is_given_up(clock: MovedClock) -> None:
    lose_an_answer()
    First.fates[:] = [NotTold()]
    assert ask(clock, minutes=59).state == "asking"
    assert ask(clock, minutes=31).state == "unknown"
    assert handed() == (1, 0)


def test_a_vendor_that_is_away_does_not_keep_the_worker(clock: MovedClock) -> None:
    First.fates[:] = [NotTold()]
    for key in "abc":
        write(key)
    deliver_due()
    clock.forward(seconds=10)
    assert (ask_receipts(), len(First.asked)) == (0, 1)


def test_a_vendor_that_is_no_longer_used_cannot_be_asked(clock: MovedClock, settings: Settings) -> None:
    lose_an_answer()
    use(settings, Second)
    assert ask(clock, seconds=10).state == "asking"
    assert ask(clock, hours=2).state == "unknown"
    assert handed() == (1, 0)


def test_what_was_never_sent_is_given_up_after_the_last_try(clock: MovedClock, settings: Settings) -> None:
    settings.SMS_TRIES = 1
    lose_an_answer()
    First.fates[:] = [Told(Fate.NOT_LISTED)]
    row = ask(clock, minutes=5)
    assert (row.state, row.params) == ("failed", None)
    assert Event.objects.get().name == "notify:sms:failed"


def test_a_lost_worker_leaves_a_message_that_is_asked_about(clock: MovedClock) -> None:
    First.trouble[:] = [KeyboardInterrupt()]  # type: ignore[list-item]  # the worker is killed while sending
    write()
    with pytest.raises(KeyboardInterrupt):
        deliver_due()
    clock.forward(minutes=1)
    deliver_due()
    assert (Sms.objects.get().state, Sms.objects.get().reason) == ("asking", "worker lost")
    First.fates[:] = [Told(Fate.DELIVERED)]
    row = ask(clock, seconds=10)
    assert (row.state, row.receipt, handed()) == ("sent", "delivered", (1, 0))


def test_a_worker_that_was_lost_before_it_asked_a_vendor_sent_nothing(clock: MovedClock) -> None:
    write()
    Sms.objects.update(state="sending", tries=1)
    deliver_due()
    assert (Sms.objects.get().state, handed()) == ("pending", (0, 0))
    clock.forward(minutes=1)
    deliver_due()
    assert (Sms.objects.get().state, handed()) == ("sent", (1, 0))


def test_a_lost_worker_of_a_vendor_that_is_no_longer_used(clock: MovedClock, settings: Settings) -> None:
    write()
    Sms.objects.update(state="sending", tries=1, provider="third")
    deliver_due()
    assert (Sms.objects.get().state, handed()) == ("unknown", (0, 0))


class Careful(CarefulVendor):
    """Drops repetitions itself."""

    name = "careful"


def test_what_a_careful_vendor_may_have_goes_to_no_other(clock: MovedClock, settings: Settings) -> None:
    use(settings, Careful, Second)
    settings.SMS_TRIES = 2
    Vendor.trouble[:] = [OutcomeUnknown(reason="timeout"), OutcomeUnknown(reason="timeout")]
    write()
    deliver_due()
    assert (Sms.objects.get().state, Sms.objects.get().provider) == ("pending", "careful")
    clock.forward(seconds=5)
    deliver_due()
    assert (Sms.objects.get().state, handed()) == ("unknown", (0, 0))
    Vendor.handed.clear()


# Receipts


def test_a_receipt_is_asked_for_and_told_twice_changes_nothing(clock: MovedClock) -> None:
    First.fates[:] = [Told(Fate.NOT_LISTED), Told(Fate.DELIVERED)]
    write()
    deliver_due()
    assert ask(clock, seconds=10).receipt == ""
    row = ask(clock, seconds=20)
    assert (row.state, row.receipt) == ("sent", "delivered")
    first_told = row.receipt_at
    flow._listed(row, Told(Fate.UNDELIVERED))
    assert (Sms.objects.get().receipt, Sms.objects.get().receipt_at) == ("delivered", first_told)
    assert not Event.objects.exists()


def test_a_message_that_did_not_arrive_is_not_sent_again_by_itself(clock: MovedClock) -> None:
    First.fates[:] = [Told(Fate.UNDELIVERED, reason="MK:0001")]
    write()
    deliver_due()
    row = ask(clock, seconds=10)
    assert (row.state, row.receipt, row.reason) == ("sent", "undelivered", "MK:0001")
    event = Event.objects.get()
    assert (event.name, event.facts["reason"]) == ("notify:sms:undelivered", "MK:0001")
    clock.forward(days=1)
    assert (deliver_due(), handed()) == (0, (1, 0))


def test_receipts_nobody_gives_are_given_up(clock: MovedClock) -> None:
    First.fates[:] = [NotTold()]
    write()
    deliver_due()
    row = ask(clock, hours=73)
    assert (row.state, row.receipt, row.ask_at) == ("sent", "untold", None)


def test_a_number_that_cannot_be_read_is_asked_about_later(clock: MovedClock) -> None:
    write()
    deliver_due()
    other = write("other")
    Sms.objects.filter(key="k").update(recipient=Sms.objects.get(id=other).params)
    clock.forward(seconds=10)
    assert (ask_receipts(), First.asked) == (0, [])
    row = Sms.objects.get(key="k")
    assert (row.state, row.receipt) == ("sent", "")
    assert row.ask_at == clock.now + timedelta(seconds=20)


def test_pauses_before_asking_double_up_to_six_hours() -> None:
    pauses = [pause_before_asking(asks) for asks in range(50)]
    assert pauses[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert max(pauses) == pauses[-1] == timedelta(hours=6)


def test_what_another_worker_took_is_not_asked_about(clock: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    First.fates[:] = [Told(Fate.DELIVERED)]
    write()
    deliver_due()
    clock.forward(seconds=10)
    taken = flow._take(Sms.objects.get().id)
    assert taken is not None
    assert flow._take(taken.id) is None
    monkeypatch.setattr(flow, "_take", lambda _id: None)
    Sms.objects.update(ask_at=clock.now)
    assert ask_receipts() == 0


def test_a_newer_code_takes_the_place_of_one_that_still_waits(clock: MovedClock) -> None:
    First.trouble[:] = [NotSent(reason="down")]
    Second.trouble[:] = [NotSent(reason="down")]
    write("code:1:1")
    deliver_due()
    with transaction.atomic():
        params = {"code": "654321", "minutes": "5"}
        send_sms(to=PHONE, template="register", params=params, language="en", key="code:1:2", replaces="code:1:1")
    clock.forward(seconds=5)
    deliver_due()
    assert list(Sms.objects.order_by("key").values_list("state", flat=True)) == ["worthless", "sent"]
    assert [one.params["code"] for one in First.handed] == ["123456", "654321"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_workers_send_and_ask_once(settings: Settings) -> None:
    settings.SMS_NOT_SENT_SECONDS = 0
    First.trouble[:] = [OutcomeUnknown(reason="ReadTimeout")]
    First.fates[:] = [Told(Fate.NOT_LISTED)]
    write()
    in_parallel(10, lambda _number: deliver_due())
    Sms.objects.update(ask_at=Sms.objects.get().created_at)
    in_parallel(10, lambda _number: ask_receipts())
    assert (Sms.objects.get().state, len(First.asked)) == ("pending", 1)
    Sms.objects.update(due_at=Sms.objects.get().created_at)
    in_parallel(10, lambda _number: deliver_due())
    assert (Sms.objects.get().state, handed()) == ("sent", (2, 0))
