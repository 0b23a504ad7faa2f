"""Carry out what two reviewers decided about an appeal, in the transaction of the decision."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongban.accounts import queries as accounts
from tongban.accounts.flows import bind
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.recovery import events, queries, tokens
from tongban.recovery.drafts import filled_of, realm_of
from tongban.recovery.models import Handover
from tongban.recovery.rules import RELEASE, RELEASED_REASON
from tongban.review.errors import ApplyRefused
from tongban.review.models import Case
from tongban.review.outcomes import DecisionView
from tongban.review.rules import Outcome
from tongban.vault.purposes import Purpose


def apply_appeal(case: Case, decision: DecisionView, actor: Actor) -> None:
    """Start the way of the account to who appealed, or take the identity from an impostor's account.

    A return and a rejection change nothing. Raises `review.errors.ApplyRefused` when there is no such account.
    """
    if decision.outcome is not Outcome.APPROVE:
        return
    filled = filled_of(decision.data)
    if decision.reason == RELEASE:
        _release(case, filled, actor)
    else:
        _start(case, decision, filled, actor)


def _start(case: Case, decision: DecisionView, filled: dict[str, str], actor: Actor) -> None:
    account = queries.account_meant(realm_of(case.kind), filled)
    if account is None:
        raise ApplyRefused(
            reason="no_account",
            sentence=_("没有账号对应这个身份，无法交接。请驳回，并告知申请人重新注册、实名认证。"),
        )
    stop = tokens.fresh()
    now = clock.now()
    handover = Handover(
        case=case,
        round=decision.round,
        account=account,
        started_at=now,
        due_at=now + timedelta(hours=settings.RECOVERY_COOLING_HOURS),
        stop_digest=tokens.digest(stop),
    )
    try:
        with transaction.atomic():
            handover.save(force_insert=True)
    except IntegrityError:
        sentence = _("这个账号已有一件申诉正在生效。请等它结束后再决定。")
        raise ApplyRefused(reason="handover_running", sentence=sentence) from None
    record(events.HANDOVER_STARTED, actor=actor, subject=account.id, facts={"case": str(case.id)})
    _announce(handover, account, stop)


def _announce(handover: Handover, account: Account, stop: str) -> None:
    """Tell whoever holds the account now, with a link that stops it."""
    params = {
        "time": timezone.localtime(handover.due_at).strftime("%Y-%m-%d %H:%M"),
        "link": tokens.address("recovery:stop", stop),
    }
    post_message(account_id=account.id, template="appeal_approved", params=params)
    phone = accounts.phone_of(account, Purpose.DELIVER_MESSAGE)
    if phone:
        key = f"appeal_approved:{handover.id}"
        send_sms(to=phone, template="appeal_approved", params=params, language=account.language, key=key)


def _release(case: Case, filled: dict[str, str], actor: Actor) -> None:
    bindings = queries.bindings_meant(realm_of(case.kind), filled)
    if not bindings:
        raise ApplyRefused(reason="nothing_bound", sentence=_("没有账号绑定这个身份，不需要解除。请改选其他审核意见。"))
    for binding in bindings:
        bind.release(actor=actor, binding=binding, reason=RELEASED_REASON)
        record(events.IDENTITY_RELEASED, actor=actor, subject=binding.account_id, facts={"case": str(case.id)})
        post_message(account_id=binding.account_id, template="identity_released", params={})
        phone = accounts.phone_of(binding.account, Purpose.DELIVER_MESSAGE)
        if phone:
            key = f"identity_released:{case.id}:{binding.id}"
            language = binding.account.language
            send_sms(to=phone, template="identity_released", params={}, language=language, key=key)
