"""Put the questions of one open verification to the authorities. No transaction is open while they are asked."""

import time
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.proofing.authority import ask, configured
from tongban.proofing.entries import from_json
from tongban.proofing.flows.settle import keep_answers, settle
from tongban.proofing.models import Verification
from tongban.proofing.rules import Answer, Block, Said
from tongban.vault.purposes import Purpose

_TIME_TO_WRITE = timedelta(seconds=20)


def lease() -> timedelta:
    """Return for how long an asker keeps others away: the authority's deadline and time to write the answer down."""
    return timedelta(seconds=settings.AUTHORITY_TIMEOUT) + _TIME_TO_WRITE


def ask_authority(*, verification_id: UUID) -> Verification:
    """Ask what has no definite answer yet, at most AUTHORITY_TIMEOUT seconds in all, and settle what came back.

    The caller has moved `next_ask_at` forward by `lease()`. Returns the verification as it stands afterwards; one that
    was decided meanwhile stays as decided.
    """
    verification = Verification.objects.get(pk=verification_id)
    if verification.decided_at is not None or verification.entries is None:
        return verification
    return settle(verification_id=verification_id, said=_ask(verification))


def ask_about_correction(*, verification_id: UUID) -> None:
    """Ask about entries corrected within a case and keep the definite answers: a reviewer reads them and decides."""
    verification = Verification.objects.get(pk=verification_id)
    said = _ask(verification)
    with transaction.atomic():
        keep_answers(verification, said)


def _ask(verification: Verification) -> dict[Block, Said]:
    """Return what is said to every question; who gave an answer earlier is not asked again."""
    assert verification.entries is not None  # noqa: S101 - neither an open one nor one of a case is without
    questions = from_json(Block(verification.block), verification.entries.reveal(Purpose.ASK_AUTHORITY)).questions()
    said = {Block(row.block): Said(Answer(row.answer), row.authority) for row in verification.answers.all()}
    authorities = configured()
    deadline = time.monotonic() + settings.AUTHORITY_TIMEOUT
    for question in questions:
        if question.block not in said:
            said[question.block] = ask(authorities, question, within=deadline - time.monotonic())
    return said
