"""Replace a colleague's lost credential: one operator asks, another one approves, and the third is the colleague."""

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from tongban.accounts import events
from tongban.accounts.errors import NotStaff, ResetOpen, ResetSettled, SecondOperatorNeeded
from tongban.accounts.flows.end_sessions import EndReason, end_sessions
from tongban.accounts.flows.invite import invite
from tongban.accounts.flows.redeem_factor import Proof, redeem_factor
from tongban.accounts.models import Account, Passkey, ResetRequest, Totp
from tongban.accounts.permits import actor, must_operate
from tongban.accounts.rules import InvitationKind, Realm
from tongban.audit.flows.record import record
from tongban.audit.names import Name
from tongban.kernel import clock
from tongban.notify.flows.post_message import post_message


def request_reset(*, operator: Account, account: Account, what: InvitationKind, reason: str) -> ResetRequest:
    """Ask for it; raises `RoleNeeded`, `OwnAccount`, `NotStaff`, `ResetOpen`."""
    must_operate(operator, account)
    if account.realm != Realm.STAFF:
        raise NotStaff
    with transaction.atomic():
        try:
            with transaction.atomic():
                request = ResetRequest.objects.create(account=account, what=what, reason=reason, requested_by=operator)
        except IntegrityError as error:
            raise ResetOpen from error
        _record(events.RESET_REQUESTED, operator, request)
    return request


def approve_reset(*, operator: Account, request_id: UUID, proof: Proof) -> str:
    """End the old credential and every session, and return the token of the link by which a new one is set up.

    `proof` is a fresh one of the operator's own: a session that was left open approves nothing. The link is worth
    nothing without the credential that was kept, so that neither operator can use it. Raises what `may_approve` raises,
    what `redeem_factor` raises, and must be called as that is.
    """
    may_approve(operator=operator, request_id=request_id)
    nothing, tokens = make_password(None), []

    def approve() -> None:
        request = _hold(operator, request_id)
        _settle(request, operator, approved=True)
        _end_credential(request, nothing)
        end_sessions(actor=actor(operator), account_id=request.account_id, reason=EndReason.OPERATOR)
        _record(events.RESET_APPROVED, operator, request)
        post_message(account_id=request.account_id, template="staff_reset", params={})
        tokens.append(invite(actor=actor(operator), account=request.account, kind=InvitationKind(request.what)))

    redeem_factor(actor=actor(operator), account=operator, proof=proof, then=approve)
    return tokens[0]


def may_approve(*, operator: Account, request_id: UUID) -> ResetRequest:
    """Return the request, for its approval; raises `RoleNeeded`, `OwnAccount`, `SecondOperatorNeeded`, `ResetSettled`.

    Who asked stays who asked: this need not be judged again while approving.
    """
    with transaction.atomic():
        request = _hold(operator, request_id)
    if request.requested_by_id == operator.id:
        raise SecondOperatorNeeded
    return request


def decline_reset(*, operator: Account, request_id: UUID) -> None:
    """Let it be; whoever asked may take it back so too. Raises `RoleNeeded`, `OwnAccount`, `ResetSettled`."""
    with transaction.atomic():
        request = _hold(operator, request_id)
        _settle(request, operator, approved=False)
        _record(events.RESET_DECLINED, operator, request)


def _hold(operator: Account, request_id: UUID) -> ResetRequest:
    """Return the request, which nobody else can settle meanwhile."""
    waiting = ResetRequest.objects.select_for_update().filter(id=request_id, settled_at__isnull=True)
    request = waiting.first()
    if request is None:
        raise ResetSettled
    must_operate(operator, request.account)
    return request


def _settle(request: ResetRequest, operator: Account, *, approved: bool) -> None:
    request.settled_by, request.settled_at, request.approved = operator, clock.now(), approved
    request.save(update_fields=["settled_by", "settled_at", "approved"])


def _end_credential(request: ResetRequest, no_password: str) -> None:
    now = clock.now()
    if request.what == InvitationKind.FACTOR:
        Totp.objects.filter(account_id=request.account_id, ended_at__isnull=True).update(ended_at=now)
        Passkey.objects.filter(account_id=request.account_id, ended_at__isnull=True).update(ended_at=now)
    else:
        Account.objects.filter(id=request.account_id).update(password=no_password, password_changed_at=now)


def _record(name: Name, operator: Account, request: ResetRequest) -> None:
    facts = {"what": request.what, "request": str(request.id)}
    record(name, actor=actor(operator), subject=request.account_id, facts=facts)
