"""登录: login name and password open a citizen's or a unit's account."""

from tongban.accounts import events
from tongban.accounts.flows.prove_password import PasswordAttempt, prove_password
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor


def log_in(*, actor: Actor, attempt: PasswordAttempt) -> Account:
    """Return the account that login name and password open.

    Raises what `prove_password` raises, and must be called as that is; `ValueError` for staff, whom a password alone
    never lets in (`flows.log_in_staff`).
    """
    if attempt.realm is Realm.STAFF:
        raise ValueError(attempt.realm)
    return prove_password(actor=actor, attempt=attempt, accepted=events.LOGGED_IN)
