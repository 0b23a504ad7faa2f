"""The first step of every log-in: login name and password, judged at one price."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts import credentials, events, queries
from tongban.accounts.errors import AccountSuspended, HumanCheckNeeded, LogInRefused
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm, login_names
from tongban.accounts.tally import Tally, pace
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.names import Name
from tongban.challenge.flows.human_check import redeem_picture
from tongban.kernel import clock


@dataclass(frozen=True, slots=True)
class HumanAnswer:
    """What the browser with the id `browser` answered to its 验证码."""

    browser: str
    answer: str


@dataclass(frozen=True, slots=True)
class PasswordAttempt:
    """What was typed into the window of `realm`, from where; `human` when there was a 验证码."""

    realm: Realm
    login_name: str
    password: str
    network: str
    human: HumanAnswer | None = None


def prove_password(*, actor: Actor, attempt: PasswordAttempt, accepted: Name) -> Account:
    """Return the account that login name and password open, and record `accepted`.

    Raises `AccountSuspended` when the password is right and the account may not be used. Otherwise raises
    `LogInRefused` for every reason alike, after exactly one verification of a password; `HumanCheckNeeded` or
    `HumanCheckFailed` before any, which depends on what was typed and from where, never on whether it exists.

    Call it outside of any transaction: failures must count, and nothing is locked while a password is verified.
    """
    key = login_names.key(attempt.login_name)
    tally = Tally.of(realm=attempt.realm, login_name_key=key, network=attempt.network)
    if not _may_try(tally, attempt.human):
        credentials.matches(None, attempt.password)
        raise _refused(actor, attempt.realm, None)
    account, is_suspended = queries.account_to_open(attempt.realm, attempt.login_name)
    if not credentials.matches(account, attempt.password) or account is None:
        raise _refused(actor, attempt.realm, account)
    suspension = queries.live_suspension(account.id) if is_suspended else None
    _accept(account, attempt.password, tally, events.LOG_IN_WHILE_SUSPENDED if suspension else accepted)
    if suspension:
        raise AccountSuspended(account=account.id, suspension=suspension.id)
    return account


def _may_try(tally: Tally, human: HumanAnswer | None) -> bool:
    """Count the attempt, unless it comes too early (then return False) or lacks its 验证码 (then raise)."""
    numbers = pace()
    standing = tally.standing()
    passed = standing.needs_human_check(numbers)
    if passed:
        _pass_human_check(human)
    if standing.must_wait(numbers, clock.now()):
        return False
    # Others may have failed since we looked: what counts is the order in which the attempts were counted.
    if tally.count().needs_human_check(numbers) and not passed:
        raise HumanCheckNeeded
    return True


def _pass_human_check(human: HumanAnswer | None) -> None:
    if human is None or not human.answer:
        raise HumanCheckNeeded
    redeem_picture(browser=human.browser, answer=human.answer)


def _refused(actor: Actor, realm: Realm, account: Account | None) -> LogInRefused:
    with transaction.atomic():
        subject = account.id if account else None
        record(events.LOG_IN_REFUSED, actor=actor, subject=subject, facts={"realm": realm.value})
    return LogInRefused()


def _accept(account: Account, password: str, tally: Tally, accepted: Name) -> None:
    changes = _changes(account, password)
    with transaction.atomic():
        if changes:
            # Only if nobody changed the password since it was read.
            Account.objects.filter(id=account.id, password=account.password).update(**changes)
        tally.settle()
        record(accepted, actor=Actor.account(account.realm, account.id), subject=account.id)


def _changes(account: Account, password: str) -> dict[str, object]:
    """Return what a log-in changes in the account's row: usually nothing, once a day the day, rarely the hash."""
    today = clock.now().date()
    changes: dict[str, object] = {} if account.last_used_on == today else {"last_used_on": today}
    if credentials.is_outdated(account):
        changes["password"] = make_password(password)
    return changes
