"""Tie an authenticator app to a member of staff: by a one-time link, or beside the passkey they have."""

from django.utils import timezone

from tongban.accounts import events
from tongban.accounts.errors import AlreadyEnrolled
from tongban.accounts.flows.accept_invitation import use_up
from tongban.accounts.flows.redeem_totp import redeem_totp
from tongban.accounts.models import Account, Invitation, Totp
from tongban.accounts.permits import actor as person
from tongban.accounts.rules import totp as rules
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.notify.flows.post_message import post_message


def begin_enrolment(*, account: Account) -> Totp:
    """Return the app that waits for its first code, the same one until it is confirmed.

    Raises `AlreadyEnrolled` when the account has an app.
    """
    # Two tabs at once: the database lets one of them make the app, and the other one finds it.
    totp, _is_new = Totp.objects.get_or_create(account=account, ended_at=None, defaults={"secret": rules.new_secret()})
    if totp.confirmed_at:
        raise AlreadyEnrolled
    return totp


def confirm_enrolment(*, actor: Actor, invitation: Invitation, code: str) -> None:
    """Accept the first code of the app: it counts from now on, the link is used up, and its person may be signed in.

    Raises `AlreadyEnrolled`, `InvitationSpent`, or what `redeem_totp` raises, and must be called as that is.
    """
    account = invitation.account
    totp = begin_enrolment(account=account)

    def enrolled() -> None:
        use_up(invitation)
        _confirm(totp)
        record(events.STAFF_LOGGED_IN, actor=person(account), subject=account.id)

    redeem_totp(actor=actor, account=account, totp=totp, code=code, then=enrolled)


def add_app(*, account: Account, code: str) -> None:
    """Accept the first code of an app beside a passkey; the person is told. Raises as `confirm_enrolment` does."""
    totp = begin_enrolment(account=account)

    def added() -> None:
        _confirm(totp)
        at = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
        post_message(account_id=account.id, template="app_added", params={"time": at})

    redeem_totp(actor=person(account), account=account, totp=totp, code=code, then=added)


def _confirm(totp: Totp) -> None:
    if not Totp.objects.filter(id=totp.id, confirmed_at__isnull=True).update(confirmed_at=clock.now()):
        raise AlreadyEnrolled
    record(events.FACTOR_ENROLLED, actor=person(totp.account), subject=totp.account_id)
