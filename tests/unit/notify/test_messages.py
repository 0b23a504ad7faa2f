"""Messages on the platform, and what the room forgets."""

from uuid import uuid4

import pytest
from pytest_django import Settings

from tests.moved_clock import MovedClock
from tests.unit.notify.post import write
from tongban.kernel import jobs
from tongban.notify import queries
from tongban.notify.errors import MessageNotFound, ParamsMismatch, UnknownTemplate
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.flows.forget import forget
from tongban.notify.flows.mark_read import mark_all_read, mark_read
from tongban.notify.flows.post_message import post_message
from tongban.notify.models import DemoSms, InSiteMessage, Sms

pytestmark = pytest.mark.django_db
ANN, BEN = uuid4(), uuid4()


def test_a_message_reads_as_its_template_says() -> None:
    message_id = post_message(account_id=ANN, template="phone_changed", params={"phone": "138****1234"})
    message = queries.message(ANN, message_id)
    assert (message.title, message.read_at) == ("手机号码已更换", None)
    assert message.body.startswith("您账号的手机号码已更换为138****1234。")


def test_a_message_must_fit_its_template() -> None:
    with pytest.raises(ParamsMismatch):
        post_message(account_id=ANN, template="phone_changed", params={})
    with pytest.raises(UnknownTemplate):
        post_message(account_id=ANN, template="register", params={"code": "1", "minutes": "5"})


def test_messages_come_in_pages_newest_first(clock: MovedClock, settings: Settings) -> None:
    settings.MESSAGES_PER_PAGE = 2
    written = []
    for _ in range(5):
        clock.forward(seconds=1)
        written.append(post_message(account_id=ANN, template="verified", params={}))
    newest = queries.messages_for(ANN)
    assert [message.id for message in newest] == written[:2:-1]
    assert (newest.number, newest.paginator.num_pages, newest.has_next()) == (1, 3, True)
    assert [message.id for message in queries.messages_for(ANN, page="3")] == written[:1]
    assert queries.messages_for(ANN, page=99).number == 3
    assert queries.messages_for(ANN, page="nonsense").number == 1
    assert list(queries.messages_for(BEN)) == []


def test_reading_is_noted_once(clock: MovedClock) -> None:
    first, second = (post_message(account_id=ANN, template="verified", params={}) for _ in range(2))
    assert queries.unread_count(ANN) == 2
    read_at = clock.now
    assert mark_read(account_id=ANN, message_id=first)
    clock.forward(hours=1)
    assert not mark_read(account_id=ANN, message_id=first)
    assert queries.message(ANN, first).read_at == read_at
    assert queries.message(ANN, second).read_at is None
    assert queries.unread_count(ANN) == 1
    assert [mark_all_read(account_id=ANN), mark_all_read(account_id=ANN)] == [1, 0]
    assert queries.unread_count(ANN) == 0


def test_nobody_reads_or_marks_anothers_messages() -> None:
    message_id = post_message(account_id=ANN, template="verified", params={})
    with pytest.raises(MessageNotFound):
        queries.message(BEN, message_id)
    assert not mark_read(account_id=BEN, message_id=message_id)
    assert mark_all_read(account_id=BEN) == 0
    assert (queries.unread_count(ANN), queries.unread_count(BEN)) == (1, 0)


def test_what_a_message_says_is_sealed() -> None:
    post_message(account_id=ANN, template="phone_changed", params={"phone": "138****9876"})
    assert "9876" not in str(list(InSiteMessage.objects.values()))


def test_old_messages_are_forgotten(clock: MovedClock) -> None:
    write()
    deliver_due()
    post_message(account_id=ANN, template="verified", params={})
    clock.forward(days=30)
    assert forget() == 0
    waiting = write("waiting")
    clock.forward(days=1)
    assert forget() == 2
    assert not DemoSms.objects.exists()
    assert Sms.objects.get().id == waiting
    clock.forward(days=699)
    assert queries.unread_count(ANN) == 1
    clock.forward(days=1)
    assert forget() == 1
    assert queries.unread_count(ANN) == 0
    assert Sms.objects.get().id == waiting, "an SMS is forgotten only after its end"


def test_delivering_and_forgetting_are_jobs() -> None:
    runs = {job.name: job.run for job in jobs.registered()}
    assert (runs["notify.deliver"], runs["notify.forget"]) == (deliver_due, forget)
