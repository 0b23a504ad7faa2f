"""Tie a passkey to a member of staff: by a one-time link, or as one more; and take one away."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from tongban.accounts import events, passkey_challenges, queries
from tongban.accounts.errors import LastFactor, PasskeyLimit, PasskeyRefused
from tongban.accounts.flows.accept_invitation import use_up
from tongban.accounts.flows.redeem_passkey import PasskeyAnswer, open_challenge
from tongban.accounts.models import Account, Invitation, Passkey, Totp
from tongban.accounts.permits import actor
from tongban.accounts.rules import passkeys as rules
from tongban.accounts.rules.passkeys import AnswerRefused
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.notify.flows.post_message import post_message


def enrol_passkey(*, invitation: Invitation, answer: PasskeyAnswer, name: str) -> None:
    """Tie the first one: the link is used up, and its person may be signed in.

    An app that was begun with the link and never confirmed is none. Raises `InvitationSpent`, `PasskeyRefused`.
    """
    account = invitation.account
    with transaction.atomic():
        use_up(invitation)
        _tie(account, answer, name)
        Totp.objects.filter(account=account, confirmed_at__isnull=True, ended_at__isnull=True).update(
            ended_at=clock.now()
        )
        record(events.STAFF_LOGGED_IN, actor=actor(account), subject=account.id)


def add_passkey(*, account: Account, answer: PasskeyAnswer, name: str) -> None:
    """Tie one more to the account of somebody signed in, who is told of it.

    Raises `PasskeyLimit`, `PasskeyRefused`.
    """
    with transaction.atomic():
        _hold(account)
        if queries.passkeys(account).count() >= rules.MOST:
            raise PasskeyLimit
        _tie(account, answer, name)
        _tell(account, "passkey_added")


def remove_passkey(*, account: Account, passkey_id: UUID) -> None:
    """Let it open nothing any more; one that is gone already stays so. Raises `LastFactor`."""
    with transaction.atomic():
        _hold(account)
        others = queries.passkeys(account).exclude(id=passkey_id)
        if queries.confirmed_totp(account) is None and not others.exists():
            raise LastFactor
        if queries.passkeys(account).filter(id=passkey_id).update(ended_at=clock.now()):
            record(events.PASSKEY_REMOVED, actor=actor(account), subject=account.id)
            _tell(account, "passkey_removed")


def _hold(account: Account) -> None:
    """Let nobody else change the account's passkeys meanwhile: the last two are not removed at the same moment."""
    Account.objects.select_for_update().get(id=account.id)


def _tie(account: Account, answer: PasskeyAnswer, name: str) -> None:
    try:
        challenge = open_challenge(account, answer)
        made = rules.judge_new(answer.text, site=answer.site, challenge=challenge)
    except AnswerRefused as error:
        raise PasskeyRefused from error
    if not passkey_challenges.spend(challenge):
        raise PasskeyRefused
    try:
        with transaction.atomic():
            Passkey.objects.create(
                account=account,
                name=name,
                host=answer.site.host,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                is_synced=made.is_synced,
                transports=made.transports,
            )
    except IntegrityError as error:  # somebody has registered this very passkey
        raise PasskeyRefused from error
    record(events.PASSKEY_ADDED, actor=actor(account), subject=account.id, facts={"synced": made.is_synced})


def _tell(account: Account, template: str) -> None:
    at = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    post_message(account_id=account.id, template=template, params={"time": at})
