"""Put the questions of one open verification to the authority. No transaction is open while it is asked."""

import time
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings

from tongban.proofing.authority import Authority, configured
from tongban.proofing.entries import PersonQuestion, Question, from_json
from tongban.proofing.flows.settle import settle
from tongban.proofing.models import Verification
from tongban.proofing.rules import Answer, Block
from tongban.vault.purposes import Purpose

log = structlog.get_logger("tongban.proofing")
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
    questions = from_json(Block(verification.block), verification.entries.reveal(Purpose.ASK_AUTHORITY)).questions()
    known = {Block(row.block): Answer(row.answer) for row in verification.answers.all()}
    authority = configured()
    answers = _ask(authority, questions, known)
    return settle(verification_id=verification_id, authority=authority.name, answers=answers)


def _ask(
    authority: Authority, questions: tuple[Question, ...], known: Mapping[Block, Answer]
) -> dict[Block, Answer | None]:
    """Return an answer to every question, `None` where the authority does not cover it."""
    deadline = time.monotonic() + settings.AUTHORITY_TIMEOUT
    answers: dict[Block, Answer | None] = dict(known)
    for question in questions:
        if question.block in known:
            continue
        left = deadline - time.monotonic()
        answers[question.block] = _answer(authority, question, left) if left > 0 else Answer.UNAVAILABLE
    return answers


def _answer(authority: Authority, question: Question, within: float) -> Answer | None:
    """Put one question; a network error an adapter let through is no answer either, and nothing is lost."""
    try:
        return _put(authority, question, within)
    except OSError:
        log.exception("authority failed", authority=authority.name, block=question.block)
        return Answer.UNAVAILABLE


def _put(authority: Authority, question: Question, within: float) -> Answer | None:
    if isinstance(question, PersonQuestion):
        if not authority.covers_person(question.document.kind):
            return None
        return authority.check_person(name=question.name, document=question.document, within=within)
    if not authority.covers_unit(question.unit_type):
        return None
    return authority.check_unit(
        unit_name=question.unit_name,
        uscc=question.uscc,
        representative_name=question.representative_name,
        representative_document=question.representative_document,
        within=within,
    )
