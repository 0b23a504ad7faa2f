"""保存: freeze the entries, ask the authority for three seconds, and leave the rest to the worker."""

from django.conf import settings
from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.kernel import clock
from tongban.proofing import events, queries
from tongban.proofing.entries import Entries, PersonEntries, as_json
from tongban.proofing.errors import NothingToVerify
from tongban.proofing.flows.ask_authority import ask_authority, lease
from tongban.proofing.flows.cancel_review import cancel_review
from tongban.proofing.flows.close_open import close_open
from tongban.proofing.models import Draft, SensitiveConsent, Verification
from tongban.proofing.rules import JOURNEY, Result, Turn, Undo, after
from tongban.vault import digests

DIGEST = "proofing.entries"
"""What a verification's digest is made for."""


def submit(*, actor: Account, entries: Entries, consent_version: str) -> Verification:
    """Start a verification of `entries` and return it, decided or waiting.

    `consent_version` names the text of the separate consent (PIPL art. 29) the person agreed to. Entries equal to those
    that wait already just go on waiting. Raises `NothingToVerify` when the live proof says exactly this, and
    `challenge.errors.TooManyRequests` when the account or a document in the entries was checked too often.
    """
    text = as_json(entries)
    if says(queries.proved(actor), text):
        raise NothingToVerify
    waiting = queries.waiting(actor)
    if waiting is not None and says(waiting, text):
        return waiting
    consume_limits(actor, entries)
    verification = _freeze(actor, entries, text, consent_version)
    return ask_authority(verification_id=verification.pk)


def says(verification: Verification | None, text: str) -> bool:
    """Return whether the verification is about exactly the entries `text` (see `entries.as_json`)."""
    return verification is not None and digests.matches(verification.digest, DIGEST, text)


def consume_limits(actor: Account, entries: Entries) -> None:
    """Count one check of `entries`; raises `challenge.errors.TooManyRequests` when there were too many."""
    by_account = limits.limits("proofing/account", settings.PROOFING_PER_ACCOUNT)
    by_document = limits.limits("proofing/document", settings.PROOFING_PER_DOCUMENT)
    pairs = [(limit, str(actor.pk)) for limit in by_account]
    pairs += [(limit, number) for number in _checked_numbers(entries) for limit in by_document]
    limits.consume_all(pairs)


def _checked_numbers(entries: Entries) -> list[str]:
    if isinstance(entries, PersonEntries):
        return [entries.document.identity]
    return [f"uscc:{entries.uscc.value}", entries.agent_document.identity]


def _freeze(actor: Account, entries: Entries, text: str, consent_version: str) -> Verification:
    with transaction.atomic():
        # The row lock makes parallel 保存 of one account follow each other. No key: whoever settles a verification
        # refers to the account while holding the verification, and must not wait for us, who will want both.
        account = Account.objects.select_for_update(no_key=True).get(pk=actor.pk)
        now = clock.now()
        step = queries.step(account)
        after(after(step, Turn.ENTERED), Turn.CONSENTED)
        if JOURNEY[step].undo is Undo.CLOSE_CHECK:
            close_open(account=account, result=Result.SUPERSEDED)
        if JOURNEY[step].undo is Undo.CANCEL_CASE:
            cancel_review(account=account)
        verification = Verification.objects.create(
            account=account,
            block=entries.block,
            entries=text,
            digest=digests.keyed(DIGEST, text),
            submitted_at=now,
            next_ask_at=now + lease(),
        )
        SensitiveConsent.objects.create(verification=verification, version=consent_version, given_at=now)
        Draft.objects.filter(account=account).delete()
        facts = {"verification": str(verification.pk), "block": verification.block}
        actor_name = Actor.account(account.realm, account.pk)
        record(events.CONSENTED, actor=actor_name, subject=account.pk, facts={**facts, "version": consent_version})
        record(events.SUBMITTED, actor=actor_name, subject=account.pk, facts=facts)
    return verification
