"""An operator signs one account, or everybody, out."""

import pytest
from click.testing import CliRunner
from django.contrib.auth import SESSION_KEY

from tests.journeys.people import some_unit, somebody
from tongban.accounts.models import Account, Session
from tongban.accounts.sessions import SessionStore
from tongban.audit.models import Event
from tongban.config.commands.sessions import command

pytestmark = pytest.mark.django_db


def signed_in(account: Account) -> SessionStore:
    store = SessionStore()
    store[SESSION_KEY] = str(account.id)
    store.save()
    return store


def run(*words: str, typed: str | None = None) -> tuple[int, str]:
    outcome = CliRunner().invoke(command, list(words), input=typed)
    return outcome.exit_code, outcome.output


def test_one_account_is_signed_out_everywhere_and_nobody_else() -> None:
    account, unit = somebody(), some_unit()
    gone, kept = [signed_in(account), signed_in(account)], signed_in(unit)
    assert run("end", "natural", "Zhang.San") == (0, "2\n")
    assert not any(SessionStore(store.session_key).items() for store in gone)
    assert SessionStore(kept.session_key).items()
    event = Event.objects.get(name="accounts:session:ended")
    assert (event.actor_kind, event.subject, event.facts["reason"]) == ("operator", account.id, "operator")


def test_the_name_of_another_realm_ends_nothing() -> None:
    signed_in(somebody())
    code, said = run("end", "legal", "zhang.san")
    assert code != 0
    assert "zhang.san" in said
    assert Session.objects.count() == 1


def test_everybody_is_signed_out_after_a_second_thought() -> None:
    signed_in(somebody())
    signed_in(some_unit())
    assert run("end-all", typed="n\n")[0] != 0
    assert Session.objects.count() == 2
    assert run("end-all", "--yes") == (0, "2\n")
    assert not Session.objects.exists()
