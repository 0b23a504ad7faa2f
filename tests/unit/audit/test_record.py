"""Recording events."""

from uuid import uuid4

import pytest
from django.db import transaction

from tongban.audit import context, keys
from tongban.audit.actors import Actor
from tongban.audit.errors import FactRefused, OutsideTransaction
from tongban.audit.flows.record import record
from tongban.audit.flows.seal import seal_waiting
from tongban.audit.models import Event, Seal, Waiting
from tongban.audit.names import Name

TRIED = Name("test:thing:tried", "a test did something")


@pytest.mark.django_db
def test_event_carries_who_what_when_and_the_request() -> None:
    account, subject = uuid4(), uuid4()
    with context.bind(request_id="r-1", network="n-1"):
        event_id = record(TRIED, actor=Actor.account("natural", account), subject=subject, facts={"count": 2})
    event = Event.objects.get(id=event_id)
    assert (event.name, event.actor_kind, event.actor_id, event.subject) == (
        "test:thing:tried",
        "natural",
        str(account),
        subject,
    )
    assert (event.facts, event.request_id, event.network) == ({"count": 2}, "r-1", "n-1")
    assert context.current() == context.RequestContext()
    assert Waiting.objects.filter(event_id=event_id).exists()
    assert seal_waiting() == 1
    assert Seal.objects.get().event_digest == Event.objects.get().digest(keys.wanted_hash())


@pytest.mark.django_db(transaction=True)
def test_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        record(TRIED, actor=Actor.system())


@pytest.mark.django_db(transaction=True)
def test_event_goes_when_the_act_is_rolled_back() -> None:
    def act() -> None:
        with transaction.atomic():
            record(TRIED, actor=Actor.system())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not Event.objects.exists()
    assert not Waiting.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value", [1.5, "13812345678", "call +8613812345678", "11010519491231002X", "a\0b", "\ud800", "x" * 501]
)
def test_fact_that_is_personal_or_not_exact_is_refused(value: object) -> None:
    with pytest.raises(FactRefused):
        record(TRIED, actor=Actor.system(), facts={"fact": value})  # type: ignore[dict-item]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_tables_of_a_committed_test_can_be_emptied(turn: int) -> None:
    with transaction.atomic():
        record(TRIED, actor=Actor.system())
    assert Event.objects.count() == 1


def test_actors_say_who_they_are() -> None:
    assert Actor.anonymous() == Actor("anonymous", "")
    assert Actor.system() != Actor.anonymous()
