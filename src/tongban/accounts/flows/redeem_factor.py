"""Prove oneself once more: by a code of the app or by a passkey, whichever one has."""

from collections.abc import Callable
from dataclasses import dataclass

from tongban.accounts import events, queries
from tongban.accounts.flows.redeem_passkey import PasskeyAnswer, redeem_passkey
from tongban.accounts.flows.redeem_totp import redeem_totp
from tongban.accounts.models import Account
from tongban.accounts.permits import actor as person
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record


@dataclass(frozen=True, slots=True)
class AppCode:
    """A code of the authenticator app; `device` is the token of the browser, or ""."""

    code: str
    device: str = ""


Proof = AppCode | PasskeyAnswer


def redeem_factor(*, actor: Actor, account: Account, proof: Proof, then: Callable[[], None]) -> None:
    """Spend `proof` and do `then`, both or neither.

    Raises what `redeem_totp` and `redeem_passkey` raise, and must be called as these are.
    """
    if isinstance(proof, PasskeyAnswer):
        return redeem_passkey(actor=actor, account=account, answer=proof, then=then)
    app = queries.confirmed_totp(account)
    return redeem_totp(actor=actor, account=account, totp=app, code=proof.code, then=then, device=proof.device)


def confirm_factor(*, account: Account, proof: Proof) -> None:
    """Note that somebody signed in has proved themselves again; raises and is called as `redeem_factor`."""

    def confirmed() -> None:
        record(events.SECOND_FACTOR_CONFIRMED, actor=person(account), subject=account.id)

    redeem_factor(actor=person(account), account=account, proof=proof, then=confirmed)
