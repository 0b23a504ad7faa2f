"""Suspend an account, and lift the suspension."""

from django.db import IntegrityError, transaction

from tongban.accounts import events, queries
from tongban.accounts.errors import NotSuspended, SuspensionStands
from tongban.accounts.events_out import Suspended
from tongban.accounts.flows.end_sessions import EndReason, end_sessions
from tongban.accounts.models import Account, Suspension
from tongban.accounts.permits import must_operate
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.kernel.events import publish
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.vault.purposes import Purpose


def suspend_account(*, actor: Actor, account: Account, reason: str, operator: Account | None = None) -> Suspension:
    """Let nobody use the account from now on; its owner reads `reason` after a log-in with the right password.

    All sessions end; publishes `Suspended`, on which business systems lose what they hold. `operator` is who decided,
    `None` the command line. Raises `RoleNeeded`, `OwnAccount`, `SuspensionStands`.
    """
    if operator:
        must_operate(operator, account)
    with transaction.atomic():
        try:
            with transaction.atomic():
                suspension = Suspension.objects.create(account=account, reason=reason, by=operator)
        except IntegrityError as error:
            raise SuspensionStands from error
        record(events.SUSPENDED, actor=actor, subject=account.id, facts={"suspension": str(suspension.id)})
        end_sessions(actor=actor, account_id=account.id, reason=EndReason.SUSPENDED)
        publish(Suspended(account.id))
        _tell(account, "account_suspended", suspension)
    return suspension


def lift_suspension(*, actor: Actor, account: Account, reason: str, operator: Account | None = None) -> None:
    """Let the account be used again; `operator` as for `suspend_account`. Raises what that raises, `NotSuspended`."""
    if operator:
        must_operate(operator, account)
    with transaction.atomic():
        suspension = queries.live_suspension(account.id)
        if suspension is None or not _end(suspension, reason, operator):
            raise NotSuspended
        record(events.SUSPENSION_LIFTED, actor=actor, subject=account.id, facts={"suspension": str(suspension.id)})
        end_sessions(actor=actor, account_id=account.id, reason=EndReason.SUSPENDED)  # one made at the last moment
        _tell(account, "account_restored", suspension)


def _end(suspension: Suspension, reason: str, operator: Account | None) -> bool:
    """Write the end, unless somebody else did a moment ago."""
    locked = Suspension.objects.select_for_update().filter(id=suspension.id, ended_at__isnull=True).first()
    if locked is None:
        return False
    locked.ended_at, locked.ended_by, locked.ended_reason = clock.now(), operator, reason
    locked.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    return True


def _tell(account: Account, template: str, suspension: Suspension) -> None:
    post_message(account_id=account.id, template=template, params={})
    phone = queries.phone_of(account, Purpose.DELIVER_MESSAGE)
    if phone:
        key = f"{template}:{suspension.id}"
        send_sms(to=phone, template=template, params={}, language=account.language, key=key)
