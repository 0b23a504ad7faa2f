"""The first step of every log-in: login name and password, judged at one price."""

from contextlib import nullcontext
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tongban.accounts import credentials, events, queries, ticks
from tongban.accounts.credentials import Verdict
from tongban.accounts.errors import AccountSuspended, HumanCheckNeeded, LogInRefused
from tongban.accounts.models import Account
from tongban.accounts.password_policy import must_be_replaced
from tongban.accounts.rules import Realm, login_names
from tongban.accounts.rules.attempts import Standing
from tongban.accounts.tally import Tally, pace
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record, record_with
from tongban.audit.names import Name
from tongban.challenge.flows.human_check import redeem_human_check
from tongban.kernel import clock
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.vault.purposes import Purpose


@dataclass(frozen=True, slots=True)
class HumanAnswer:
    """What the browser with the id `browser` answered to its 验证码."""

    browser: str
    answer: str


@dataclass(frozen=True, slots=True)
class PasswordAttempt:
    """What was typed into the window of `realm`, from where; `human` when there was a 验证码.

    `device` is the token by which the browser was recognised before, or "".
    """

    realm: Realm
    login_name: str
    password: str
    network: str
    human: HumanAnswer | None = None
    device: str = ""


def prove_password(*, actor: Actor, attempt: PasswordAttempt, accepted: Name) -> Account:
    """Return the account that login name and password open, and record `accepted`.

    Where the password must be replaced, nobody may be signed in before it is, and this is recorded instead; staff, who
    give a second factor first, replace theirs after that.
    Raises `AccountSuspended` when the password is right and the account may not be used. Otherwise raises
    `LogInRefused` for every reason alike, after exactly one verification of a password; `HumanCheckNeeded` or
    `HumanCheckFailed` before any, which depends on what was typed and from where, never on whether it exists.

    Call it outside of any transaction: failures must count, and nothing is locked while a password is verified.
    """
    key = login_names.key(attempt.login_name)
    device = queries.token_digest(attempt.device) if attempt.device else ""
    tally = Tally.of(realm=attempt.realm, login_name_key=key, network=attempt.network, device=device)
    tick = ticks.of(attempt.realm, key)
    door = queries.door(attempt.realm, attempt.login_name, device=device, tally=tally.keys)
    before = _may_try(tally, door.standing, attempt.human)
    if before is None:
        credentials.judge(None, attempt.password, tick=tick)
        raise _refused(actor, attempt.realm, None)
    account = door.account
    verdict = credentials.judge(account, attempt.password, tick=tick)
    if account is None or not verdict.is_right or not before.may_open(pace(), knows_device=door.knows_device):
        raise _refused(actor, attempt.realm, account, disables=before.is_last(pace()))
    suspension = queries.live_suspension(account.id) if door.is_suspended else None
    if attempt.realm is not Realm.STAFF and (verdict.is_weak or must_be_replaced(account)):
        accepted = events.WEAK_PASSWORD_ACCEPTED
    _accept(account, verdict, tally, events.LOG_IN_WHILE_SUSPENDED if suspension else accepted)
    if suspension:
        raise AccountSuspended(account=account.id, suspension=suspension.id)
    return account


def _may_try(tally: Tally, standing: Standing, human: HumanAnswer | None) -> Standing | None:
    """Count the attempt and return the failures before it, unless it comes too early (then return `None`).

    `standing` is what was read a moment ago. Raises when the attempt lacks its 验证码.
    """
    numbers = pace()
    passed = standing.needs_human_check(numbers)
    if passed:
        _pass_human_check(human)
    if standing.must_wait(numbers, clock.now()):
        return None
    # Others may have failed since we looked: what counts is the order in which the attempts were counted.
    before = tally.count()
    if before.needs_human_check(numbers) and not passed:
        raise HumanCheckNeeded
    return before


def _pass_human_check(human: HumanAnswer | None) -> None:
    if human is None or not human.answer:
        raise HumanCheckNeeded
    redeem_human_check(browser=human.browser, answer=human.answer)


def _refused(actor: Actor, realm: Realm, account: Account | None, *, disables: bool = False) -> LogInRefused:
    with transaction.atomic():
        subject = account.id if account else None
        record(events.LOG_IN_REFUSED, actor=actor, subject=subject, facts={"realm": realm.value})
        if account and disables:
            _tell_disabled(actor, account)
    return LogInRefused()


def _tell_disabled(actor: Actor, account: Account) -> None:
    """Tell the owner that only known devices and a new password open the account now."""
    record(events.PASSWORD_DISABLED, actor=actor, subject=account.id)
    post_message(account_id=account.id, template="password_disabled", params={})
    phone = queries.phone_of(account, Purpose.DELIVER_MESSAGE)
    if phone:
        key = f"password_disabled:{account.id}:{clock.now().isoformat()}"
        send_sms(to=phone, template="password_disabled", params={}, language=account.language, key=key)


def _accept(account: Account, verdict: Verdict, tally: Tally, accepted: Name) -> None:
    changes = _changes(account, verdict)
    # What changes nothing but the counts is one statement.
    with transaction.atomic() if changes else nullcontext():
        if changes:
            # Only if nobody changed the password since it was read.
            Account.objects.filter(id=account.id, password=account.password).update(**changes)
            for name, value in changes.items():
                setattr(account, name, value)
        record_with(tally.settlement(), accepted, actor=Actor.account(account.realm, account.id), subject=account.id)


def _changes(account: Account, verdict: Verdict) -> dict[str, object]:
    """Return what a log-in changes in the account's row: usually nothing, once a day the day, rarely the hash."""
    today = timezone.localtime(clock.now()).date()
    changes: dict[str, object] = {} if account.last_used_on == today else {"last_used_on": today}
    if verdict.renewed:
        changes["password"] = verdict.renewed
    if verdict.is_weak:
        changes["weak_password_since"] = clock.now()
    return changes
