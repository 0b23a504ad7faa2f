"""工作人员登录: a password, and then a code of the authenticator app or a passkey, always both."""

from tongban.accounts import events
from tongban.accounts.flows.prove_password import PasswordAttempt, prove_password
from tongban.accounts.flows.redeem_factor import Proof, redeem_factor
from tongban.accounts.models import Account
from tongban.accounts.password_policy import must_be_replaced
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record


def give_password(*, actor: Actor, attempt: PasswordAttempt) -> Account:
    """Return the account whose second factor is asked for next: nobody is signed in by this.

    Raises what `prove_password` raises, and must be called as that is.
    """
    return prove_password(actor=actor, attempt=attempt, accepted=events.STAFF_PASSWORD_ACCEPTED)


def give_factor(*, actor: Actor, account: Account, proof: Proof) -> None:
    """Accept the second factor of somebody whose password was accepted a moment ago: now they may be signed in.

    Who has to replace the password first is signed in by `replace_weak_password`, and recorded there.

    Raises what `redeem_factor` raises, and must be called as that is.
    """

    def signed_in() -> None:
        if not must_be_replaced(account):
            record(events.STAFF_LOGGED_IN, actor=Actor.account(account.realm, account.id), subject=account.id)

    redeem_factor(actor=actor, account=account, proof=proof, then=signed_in)
