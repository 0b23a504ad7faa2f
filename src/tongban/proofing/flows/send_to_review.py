"""提交审核: freeze what was entered and uploaded, and let a person look where the machine could not."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.proofing import events, queries, slots
from tongban.proofing.entries import Entries
from tongban.proofing.errors import ConsentMissing, EvidenceMissing, EvidenceNotReady, NotFromHere
from tongban.proofing.flows.ask_authority import ask_about_correction
from tongban.proofing.flows.correct_entries import freeze
from tongban.proofing.models import ManualReview, Verification
from tongban.proofing.queries import VerificationStatus
from tongban.proofing.rules import Turn, after
from tongban.review.flows.answer_return import answer_return
from tongban.review.flows.open_case import open_case
from tongban.review.models import Case
from tongban.vault import holders
from tongban.vault.models import EvidenceFile
from tongban.vault.purposes import Purpose
from tongban.vault.queries import evidence_for, evidence_of_case
from tongban.vault.rules import EvidenceState


def send_to_review(*, actor: Account, consent_version: str) -> Case:
    """Open a case about the last verification of `actor`, or answer the one that was returned; return the case.

    What is handed in are the pictures `actor` has uploaded, and no others. While a case is being reviewed, that case is
    returned and nothing happens. Raises `NotFromHere`, `ConsentMissing`, `EvidenceMissing`, `EvidenceNotReady`, and
    `challenge.errors.TooManyRequests`.

    Entries that were corrected meanwhile take the place of those handed in before; then the authority is asked what it
    says of them, for the reviewer to read. Call it outside of any transaction.
    """
    case, corrected = _hand_in(actor, consent_version)
    if corrected is not None:
        ask_about_correction(verification_id=corrected)
    return case


def _hand_in(actor: Account, consent_version: str) -> tuple[Case, UUID | None]:
    """Return the case, and what it is about now if the entries were corrected."""
    with transaction.atomic():
        # The row lock makes parallel 提交 of one account follow each other.
        account = Account.objects.select_for_update().get(pk=actor.pk)
        status = queries.status(account)
        if status.review is not None and status.in_review and not status.may_upload:
            return status.review.case, None
        step = queries.step(account)
        after(step, Turn.EVIDENCE)
        verification, entries = status.latest, queries.entries_of(status.latest, Purpose.REVIEW)
        if not status.may_upload or verification is None or entries is None:
            raise NotFromHere(step=step, turn=Turn.EVIDENCE)
        if not queries.has_consented(verification, consent_version):
            raise ConsentMissing
        files = _complete(account, pictures(account, status))
        if status.review is not None and status.in_review:
            return _answer(account, status.review, entries, files)
        return _open(account, verification, entries, files), None


def pictures(account: Account, status: VerificationStatus) -> dict[str, EvidenceFile]:
    """Return what would be handed in now, by slot: what was uploaded, else what the returned case has already."""
    standing = frozen(status)
    return {**standing, **evidence_for(holders.of_account(account.pk))}


def frozen(status: VerificationStatus) -> dict[str, EvidenceFile]:
    """Return the pictures of the returned case, by slot, as they were handed in last."""
    if status.review is None or not status.in_review:
        return {}
    ready = [file for file in evidence_of_case(status.review.case_id) if file.state == EvidenceState.READY]
    return {file.slot: file for file in ready}


def _complete(account: Account, found: Mapping[str, EvidenceFile]) -> list[UUID]:
    """Return the ids of the pictures in the order of the page; raises when one is missing or not ready."""
    handed_in = [(slot, found.get(slot)) for slot in slots.slots_of(account.realm)]
    for slot, file in handed_in:
        is_missing = slot not in slots.OPTIONAL if file is None else file.state == EvidenceState.REFUSED
        if is_missing:
            raise EvidenceMissing(slot=slot)
    there = [file for _slot, file in handed_in if file is not None]
    if any(file.state != EvidenceState.READY for file in there):
        raise EvidenceNotReady
    return [file.pk for file in there]


def _open(account: Account, verification: Verification, entries: Entries, files: list[UUID]) -> Case:
    limits.consume_all(
        [(limit, str(account.pk)) for limit in limits.limits("proofing/review", settings.PROOFING_REVIEWS_PER_ACCOUNT)]
    )
    assert account.phone is not None  # noqa: S101 - the database keeps a phone for everybody but staff
    case = open_case(
        actor=_name(account),
        kind=slots.kind_of(account.realm),
        account_id=account.pk,
        subjects=slots.subjects(entries),
        data=slots.handed_in(entries),
        contact_phone=Mobile.parse(account.phone.reveal(Purpose.DELIVER_MESSAGE)),
        key=f"proofing:{verification.pk}:{verification.reviews.count()}",
        evidence=files,
    )
    ManualReview.objects.create(verification=verification, case=case, submitted_at=clock.now())
    _record(account, verification, case, files)
    return case


def _answer(account: Account, review: ManualReview, entries: Entries, files: list[UUID]) -> tuple[Case, UUID | None]:
    correction = queries.correction_of(review)
    if correction is not None:
        now = freeze(account=account, review=review, correction=correction)
        entries = queries.entries_of(now, Purpose.REVIEW) or entries
    case = answer_return(
        actor=_name(account),
        case_id=review.case_id,
        round=review.case.round,
        data=slots.handed_in(entries),
        evidence=files,
        subjects=slots.subjects(entries),
    )
    _record(account, review.verification, case, files)
    return case, review.verification_id if correction is not None else None


def _record(account: Account, verification: Verification, case: Case, files: list[UUID]) -> None:
    facts: dict[str, str | int] = {"verification": str(verification.pk), "case": str(case.pk), "files": len(files)}
    record(events.SENT_TO_REVIEW, actor=_name(account), subject=account.pk, facts=facts)


def _name(account: Account) -> Actor:
    return Actor.account(account.realm, account.pk)
