"""End what relying parties hold of an account or a client."""

from tongban.accounts.events_out import CredentialChanged, Suspended
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.sso import events
from tongban.sso.models import AccessToken, AuthorizationCode, ClientToken, RelyingParty


def end_access(*, actor: Actor, reason: str, account: Account | None = None, client: RelyingParty | None = None) -> int:
    """Revoke all live tokens and spoil all live codes of an account, of a client, or of one at the other.

    What a client got in its own name ends when it is about the client alone. Runs in the caller's transaction; returns
    how many tokens were revoked.
    """
    now = clock.now()
    whose = {"account": account, "client": client}
    mine = {name: value for name, value in whose.items() if value is not None}
    AuthorizationCode.objects.filter(**mine, redeemed_at=None, expires_at__gt=now).update(redeemed_at=now)
    ended = AccessToken.objects.filter(**mine, revoked_at=None, expires_at__gt=now).update(
        revoked_at=now, revoked_reason=reason
    )
    if client and account is None:
        own = ClientToken.objects.filter(client=client, revoked_at=None, expires_at__gt=now)
        ended += own.update(revoked_at=now, revoked_reason=reason)
    if ended:
        subject = account.id if account else client.id if client else None
        record(events.ACCESS_ENDED, actor=actor, subject=subject, facts={"reason": reason, "tokens": ended})
    return ended


def after_credential_change(event: CredentialChanged) -> None:
    """Whoever knew the old password or held the old phone must not stay signed in to business systems either."""
    account = Account.objects.get(id=event.account_id)
    end_access(actor=Actor.system(), reason="credential_changed", account=account)


def after_suspension(event: Suspended) -> None:
    """A suspended account is out everywhere."""
    account = Account.objects.get(id=event.account_id)
    end_access(actor=Actor.system(), reason="suspended", account=account)
