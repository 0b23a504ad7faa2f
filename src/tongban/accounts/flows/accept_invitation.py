"""Use a one-time link: choose a password with it."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts.errors import InvitationSpent
from tongban.accounts.flows.end_sessions import EndReason
from tongban.accounts.flows.replace_password import replace_password
from tongban.accounts.models import Account, Invitation
from tongban.accounts.password_policy import check_password_of
from tongban.accounts.rules import InvitationKind
from tongban.audit.actors import Actor
from tongban.kernel import clock


def choose_password(*, actor: Actor, invitation: Invitation, password: str) -> Account:
    """Give the invited account `password` and return it; its sessions end.

    A link to a new password is used up by that; one to the first sign-in only when the second factor is confirmed too,
    so that whoever is interrupted can open it again. Raises `PasswordRefused`, `InvitationSpent`.
    """
    account = invitation.account
    check_password_of(account, password)
    encoded = make_password(password)
    with transaction.atomic():
        if invitation.kind == InvitationKind.PASSWORD:
            use_up(invitation)
        elif invitation.kind != InvitationKind.FIRST_SIGN_IN or not _hold(invitation):
            raise InvitationSpent
        replace_password(actor=actor, account=account, encoded=encoded, reason=EndReason.PASSWORD_CHANGED)
    return account


def use_up(invitation: Invitation) -> None:
    """Note, in the caller's transaction, that the link was used; raises `InvitationSpent` the second time."""
    now = clock.now()
    if not Invitation.objects.live(now).filter(id=invitation.id).update(used_at=now):
        raise InvitationSpent


def _hold(invitation: Invitation) -> bool:
    """Return whether the link still works, and keep it so for the rest of the transaction."""
    return Invitation.objects.live(clock.now()).select_for_update().filter(id=invitation.id).exists()
