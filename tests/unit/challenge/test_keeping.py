"""What the room checks at start-up, and what it forgets."""

import pytest
from pytest_django import Settings

from tests.moved_clock import MovedClock
from tests.unit.challenge.person import Person
from tongban.challenge import checks
from tongban.challenge.flows.forget import forget
from tongban.challenge.flows.human_check import new_picture
from tongban.challenge.models import Hits, HumanCheck, OneTimeCode
from tongban.kernel import jobs


def test_settings_that_cannot_be_read_are_found(settings: Settings) -> None:
    assert checks.rates_are_rates(None) == []
    settings.SMS_RATES_PHONE = "1/min 5 an hour"
    (error,) = checks.rates_are_rates(None)
    assert error.id == "challenge.E001"
    assert "SMS_RATES_PHONE" in error.msg


def test_a_human_check_that_does_not_exist_is_found(settings: Settings) -> None:
    assert checks.human_check_exists(None) == []
    settings.HUMAN_CHECK = "tongban.challenge.adapters.nothing.Check"
    assert [error.id for error in checks.human_check_exists(None)] == ["challenge.E002"]


@pytest.mark.parametrize(
    ("name", "value"), [("ONE_TIME_CODE_DIGITS", 4), ("ONE_TIME_CODE_SECONDS", 601), ("ONE_TIME_CODE_TRIES", 0)]
)
def test_codes_that_are_easily_guessed_are_found(settings: Settings, name: str, value: int) -> None:
    assert checks.codes_are_safe(None) == []
    setattr(settings, name, value)
    (error,) = checks.codes_are_safe(None)
    assert (error.id, error.msg.partition(":")[0]) == ("challenge.E003", name)


@pytest.mark.django_db
def test_everything_is_forgotten_when_it_is_of_no_use(clock: MovedClock) -> None:
    Person().asks()
    new_picture(browser="b")
    assert forget() == 0
    clock.forward(minutes=2)
    assert forget() == 1, "the hit of the limit by the minute"
    clock.forward(hours=24, minutes=-2)
    assert forget() == 2, "those by the hour and for the network"
    assert Hits.objects.count() == 1
    assert OneTimeCode.objects.exists()
    assert HumanCheck.objects.exists()
    clock.forward(minutes=11)
    assert forget() == 3
    assert not any(model.objects.exists() for model in (OneTimeCode, HumanCheck, Hits))
    assert forget() == 0


def test_forgetting_is_a_job() -> None:
    assert any(job.name == "challenge.forget" and job.run is forget for job in jobs.registered())
