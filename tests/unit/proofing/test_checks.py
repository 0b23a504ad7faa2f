"""What refuses to start."""

from unittest.mock import patch

import pytest
from django.db import OperationalError
from pytest_django import Settings

from tests.unit.proofing.conftest import make_account, on_record
from tests.unit.proofing.people import person
from tongban.accounts.rules import Realm
from tongban.proofing import checks, presenting, queries
from tongban.proofing.models import Verification
from tongban.proofing.rules import Answer, Result


def found() -> list[str | None]:
    return [message.id for message in [*checks.authority(None), *checks.rates(None)]]


def test_the_settings_of_a_demonstration_are_in_order() -> None:
    assert found() == []


def test_an_authority_that_is_none_refuses_to_start(settings: Settings) -> None:
    settings.AUTHORITY = ["tongban.nowhere.Nobody"]
    assert found() == ["proofing.E001"]
    settings.AUTHORITY = []
    assert found() == ["proofing.E001"]


def test_forced_answers_refuse_to_start_in_production(settings: Settings) -> None:
    settings.PROFILE = "production"
    assert found() == ["proofing.E002"]
    settings.REGISTER_REHEARSAL = False
    assert found() == []


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [answer for answer in Answer if answer != Answer.MATCH])
def test_forced_answers_in_the_database_refuse_to_start_in_production(settings: Settings, answer: Answer) -> None:
    on_record(person())
    settings.PROFILE = "production"
    assert checks.no_rehearsal(None, databases=["default"]) == []
    settings.PROFILE = "test"
    on_record(person(2), answer=answer)
    assert checks.no_rehearsal(None, databases=["default"]) == []
    settings.PROFILE = "production"
    assert [message.id for message in checks.no_rehearsal(None, databases=["default"])] == ["proofing.E004"]
    assert checks.no_rehearsal(None) == [], "not asked about the database"
    with patch.object(checks, "holds_rehearsal", side_effect=OperationalError):
        assert checks.no_rehearsal(None, databases=["default"]) == []


def test_a_limit_nobody_can_read_refuses_to_start(settings: Settings) -> None:
    settings.PROOFING_PER_ACCOUNT = "often"
    assert found() == ["proofing.E003"]


@pytest.mark.parametrize("result", ["", *Result])
def test_every_result_has_words(result: str) -> None:
    assert str(presenting.result_badge(Verification(result=result)).text)


@pytest.mark.django_db
def test_an_account_without_a_phone_shows_none() -> None:
    account = make_account(Realm.STAFF)
    account.phone = None
    rows = presenting.account_rows(account, queries.status(account))
    assert [str(label) for label, _value in rows] == ["登录名"]
