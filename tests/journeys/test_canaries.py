"""The watch over personal data itself: each way out is noticed."""

import logging

import pytest
import structlog
from django.db import transaction

from tests.journeys.canaries import Canaries
from tests.journeys.visitor import Visitor
from tongban.accounts import events
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record

SECRET = "云中谁寄锦书来"


@pytest.fixture
def typed(canaries: Canaries, browser: Visitor) -> Canaries:
    """A visitor has typed a secret; what escapes during a test is forgotten at its end."""
    browser.get("/log-in/natural/").fill({"密码": SECRET})
    return canaries


def found(canaries: Canaries, log: str = "") -> list[str]:
    """Return what escaped, and forget what was typed, so that only this test judges it."""
    escaped = canaries.escaped(log)
    canaries.typed.clear()
    return escaped


def test_nothing_escapes_from_a_form_that_is_only_filled_in(typed: Canaries) -> None:
    assert found(typed) == []


def test_a_log_line_is_noticed(typed: Canaries, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("tongban").warning("somebody typed %s", SECRET)
    assert len(found(typed, caplog.text)) == 1


def test_a_structured_log_line_is_noticed(typed: Canaries) -> None:
    structlog.get_logger("tongban").info("typed", what=SECRET)
    assert len(found(typed)) == 1


def test_an_audit_fact_is_noticed(typed: Canaries) -> None:
    with transaction.atomic():
        record(events.LOGGED_IN, actor=Actor.system(), facts={"typed": SECRET})
    assert len(found(typed)) == 1


def test_an_address_is_noticed(typed: Canaries, browser: Visitor) -> None:
    browser.get("/search/", {"q": SECRET})
    typed.addresses.append(f"/search/?q={SECRET}")
    assert any("address" in escape for escape in found(typed))


def test_somebody_elses_page_is_noticed(typed: Canaries, browser: Visitor) -> None:
    Visitor().get("/search/", {"q": SECRET})
    assert any("somebody else's page" in escape for escape in found(typed))
