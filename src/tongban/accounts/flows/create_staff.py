"""Open an account for a member of staff. The command line does this; no page can."""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts import events
from tongban.accounts.errors import AlreadyEnrolled
from tongban.accounts.flows.grant_role import grant_role
from tongban.accounts.flows.invite import invite
from tongban.accounts.flows.open_account import open_account
from tongban.accounts.models import Account, Passkey, Totp
from tongban.accounts.rules import InvitationKind, Realm, Role, login_names
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record


def create_staff(*, actor: Actor, login_name: str, roles: Iterable[Role] = ()) -> tuple[Account, str]:
    """Open an account without a password and return it with the token of the link that leads to the first sign-in.

    Raises `LoginNameRefused`.
    """
    name = login_names.check(login_name, phone=None)
    nothing = make_password(None)
    with transaction.atomic():
        account = open_account(realm=Realm.STAFF, login_name=name, encoded_password=nothing, phone=None)
        record(events.STAFF_CREATED, actor=actor, subject=account.id)
        for role in roles:
            grant_role(actor=actor, account=account, role=role)
        return account, invite(actor=actor, account=account, kind=InvitationKind.FIRST_SIGN_IN)


def invite_again(*, actor: Actor, account: Account) -> str:
    """Return the token of a fresh link for somebody who never came to the first sign-in; raises `AlreadyEnrolled`."""
    with transaction.atomic():
        # Also who had one once: a link to the first sign-in would be a way round a reset by two operators.
        ended = Passkey.objects.filter(account=account).exists()
        if ended or Totp.objects.filter(account=account, confirmed_at__isnull=False).exists():
            raise AlreadyEnrolled
        return invite(actor=actor, account=account, kind=InvitationKind.FIRST_SIGN_IN)
