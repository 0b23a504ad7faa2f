"""登录名重置密码: whoever knows the account and holds its phone sets a new password."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from tongban.accounts import queries as accounts
from tongban.accounts.flows.end_sessions import EndReason
from tongban.accounts.flows.prove_phone import prove_phone
from tongban.accounts.flows.replace_password import replace_password
from tongban.accounts.models import Account
from tongban.accounts.password_policy import check_password_of
from tongban.accounts.tally import Tally
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge.errors import CodeRejected
from tongban.challenge.flows.check_code import CheckedCode
from tongban.challenge.flows.spend_code import spend_code
from tongban.kernel import clock
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.recovery import events, queries
from tongban.recovery.models import Recovery
from tongban.recovery.queries import Claim
from tongban.recovery.rules import Way
from tongban.vault.purposes import Purpose


def reset_password(*, actor: Actor, claim: Claim, code: CheckedCode, password: str, network: str) -> Account:
    """Replace the password of the claimed account, end all its sessions, tell its owner; return the account.

    `code` is what `check_code` returned for the claimed phone. Raises `CodeRejected`, also when there is no such
    account (then nobody was sent a code), and `PasswordRefused`; after that the code lives on.
    """
    account = queries.claimed(claim)
    if account is None:
        raise CodeRejected(code="challenge.code_wrong")
    check_password_of(account, password)
    encoded = make_password(password)
    with transaction.atomic():
        spend_code(actor=actor, checked=code)
        prove_phone(actor=actor, account=account)
        recover(actor=actor, account=account, encoded=encoded, way=Way.RESET, key=str(code.id))
        record(events.PASSWORD_RESET, actor=actor, subject=account.id)
        # Whoever forgot the password has failed to log in before; that shall not slow the next log-in down.
        Tally.of(realm=claim.realm, login_name_key=account.login_name_key, network=network).settlement().run()
    return account


def recover(*, actor: Actor, account: Account, encoded: str, way: Way, key: str) -> None:
    """Give the account its new password, in the caller's transaction; `key` names the act for its messages."""
    replace_password(actor=actor, account=account, encoded=encoded, reason=EndReason.RECOVERED)
    Recovery.objects.create(account=account, way=way, at=clock.now())
    _tell(account, clock.now(), key)


def _tell(account: Account, at: datetime, key: str) -> None:
    """Tell the owner, with what to do if it was somebody else."""
    params = {"time": timezone.localtime(at).strftime("%Y-%m-%d %H:%M")}
    post_message(account_id=account.id, template="password_reset", params=params)
    phone = accounts.phone_of(account, Purpose.DELIVER_MESSAGE)
    if phone:
        language = account.language
        send_sms(to=phone, template="password_reset", params=params, language=language, key=f"password_reset:{key}")
