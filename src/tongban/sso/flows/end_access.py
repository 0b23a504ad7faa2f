"""End what relying parties hold of an account or a client."""

from django.db.models import Q

from tongban.accounts.events_out import CredentialChanged, Suspended
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.mandates.events_out import MandateEnded
from tongban.sso import events
from tongban.sso.models import AccessToken, AuthorizationCode, ClientToken, RelyingParty


def end_access(
    *,
    actor: Actor,
    reason: str,
    account: Account | None = None,
    client: RelyingParty | None = None,
    uscc: str | None = None,
) -> int:
    """Revoke all live tokens and spoil all live codes of an account, of a client, or of one at the other.

    `uscc` narrows it to what the account got while it acted for that unit, or ("") for itself.

    What a client got in its own name ends when it is about the client alone. Runs in the caller's transaction; returns
    how many tokens were revoked.
    """
    now = clock.now()
    whose = {"account": account, "client": client}
    mine = Q(**{name: value for name, value in whose.items() if value is not None})
    if uscc is not None:
        mine &= Q(mandate__uscc=uscc) if uscc else Q(mandate=None)
    ended = _end(mine, reason)
    if client and account is None:
        own = ClientToken.objects.filter(client=client, revoked_at=None, expires_at__gt=now)
        ended += own.update(revoked_at=now, revoked_reason=reason)
    if ended:
        subject = account.id if account else client.id if client else None
        record(events.ACCESS_ENDED, actor=actor, subject=subject, facts={"reason": reason, "tokens": ended})
    return ended


def _end(mine: Q, reason: str) -> int:
    """Spoil codes and revoke tokens; return how many tokens."""
    now = clock.now()
    AuthorizationCode.objects.filter(mine, redeemed_at=None, expires_at__gt=now).update(redeemed_at=now)
    tokens = AccessToken.objects.filter(mine, revoked_at=None, expires_at__gt=now)
    return tokens.update(revoked_at=now, revoked_reason=reason)


def after_mandate(event: MandateEnded) -> None:
    """Who may not act for the unit any more is out wherever they entered in its name."""
    if ended := _end(Q(mandate=event.mandate_id), "mandate_ended"):
        facts: dict[str, str | int] = {"reason": "mandate_ended", "tokens": ended}
        record(events.ACCESS_ENDED, actor=Actor.system(), subject=event.mandate_id, facts=facts)


def after_credential_change(event: CredentialChanged) -> None:
    """Whoever knew the old password or held the old phone must not stay signed in to business systems either."""
    account = Account.objects.get(id=event.account_id)
    end_access(actor=Actor.system(), reason="credential_changed", account=account)


def after_suspension(event: Suspended) -> None:
    """A suspended account is out everywhere."""
    account = Account.objects.get(id=event.account_id)
    end_access(actor=Actor.system(), reason="suspended", account=account)
