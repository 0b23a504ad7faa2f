"""Redeem the answer of a passkey: every challenge once, whoever sends it at the same moment."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from tongban.accounts import events, passkey_challenges
from tongban.accounts.errors import PasskeyRefused
from tongban.accounts.models import Account, Passkey
from tongban.accounts.rules import passkeys as rules
from tongban.accounts.rules.passkeys import AnswerRefused, PasskeyUse, Site
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.kernel import clock


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    """What the browser with the id `browser` answered at `site`, as JSON, to a challenge made for `use`."""

    use: PasskeyUse
    site: Site
    browser: str
    text: str


def redeem_passkey(*, actor: Actor, account: Account, answer: PasskeyAnswer, then: Callable[[], None]) -> None:
    """Spend the challenge that was answered and do `then`, both or neither.

    Raises `TooManyRequests`, and `PasskeyRefused` for every other reason alike. Call it outside of any transaction: a
    try counts whatever follows.
    """
    # Not the count of an app's codes: who guesses those keeps nobody from using a passkey.
    tries = [(limit, str(account.id)) for limit in limits.limits("staff/passkey", settings.SECOND_FACTOR_RATES)]
    limits.consume_all(tries)
    try:
        challenge = open_challenge(account, answer)
        with transaction.atomic():
            _spend(account, answer, challenge, then)
    except AnswerRefused as error:
        with transaction.atomic():
            record(events.SECOND_FACTOR_REFUSED, actor=actor, subject=account.id)
        raise PasskeyRefused from error
    for limit, key in tries:
        limits.clear(limit, key)


def open_challenge(account: Account, answer: PasskeyAnswer) -> bytes:
    """Return the challenge of ours that `answer` is to; raises `AnswerRefused`."""
    challenge = rules.challenge_of(answer.text)
    if not passkey_challenges.is_open(challenge, answer.use, account.id, answer.browser):
        raise AnswerRefused
    return challenge


def _spend(account: Account, answer: PasskeyAnswer, challenge: bytes, then: Callable[[], None]) -> None:
    # The row is held: a passkey that was removed meanwhile opens nothing, and counts of signatures do not cross.
    live = Passkey.objects.select_for_update().filter(account=account, host=answer.site.host, ended_at__isnull=True)
    passkey = live.filter(credential_id=rules.id_of(answer.text)).first()
    if passkey is None:
        raise AnswerRefused
    count = rules.judge_used(
        answer.text,
        site=answer.site,
        challenge=challenge,
        public_key=bytes(passkey.public_key),
        sign_count=passkey.sign_count,
    )
    if not passkey_challenges.spend(challenge):
        raise AnswerRefused
    Passkey.objects.filter(id=passkey.id).update(sign_count=count, last_used_at=clock.now())
    then()
