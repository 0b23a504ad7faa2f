"""保存: keep corrected entries of a returned case, sealed, until the case is handed in again."""

from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.proofing import events, queries
from tongban.proofing.entries import Entries, as_json
from tongban.proofing.errors import NotFromHere
from tongban.proofing.flows.submit import DIGEST, consume_limits, says
from tongban.proofing.models import Correction, EvidenceConsent, ManualReview, SensitiveConsent, Verification
from tongban.proofing.rules import Result, Turn
from tongban.vault import digests
from tongban.vault.purposes import Purpose


def correct_entries(*, actor: Account, entries: Entries, consent_version: str) -> None:
    """Keep `entries` for the returned case of `actor`; entries as they were handed in are no correction.

    `consent_version` names the text of the separate consent (PIPL art. 29). Raises `NotFromHere` unless the case is
    returned, and `challenge.errors.TooManyRequests` as a check of these entries would.
    """
    _returned(actor)
    consume_limits(actor, entries)
    text = as_json(entries)
    with transaction.atomic():
        # The row lock makes this and 提交 of one account follow each other.
        review = _returned(Account.objects.select_for_update(no_key=True).get(pk=actor.pk))
        if says(review.verification, text):
            Correction.objects.filter(review=review).delete()
            return
        Correction.objects.update_or_create(
            review=review, defaults={"entries": text, "consent_version": consent_version, "kept_at": clock.now()}
        )
        facts = {"verification": str(review.verification_id), "version": consent_version}
        record(events.CONSENTED, actor=Actor.account(actor.realm, actor.pk), subject=actor.pk, facts=facts)


def _returned(account: Account) -> ManualReview:
    status = queries.status(account)
    if status.review is None or not status.in_review or not status.may_upload:
        raise NotFromHere(step=queries.step(account), turn=Turn.CORRECTED)
    return status.review


def freeze(*, account: Account, review: ManualReview, correction: Correction) -> Verification:
    """Let the case be about the corrected entries, in the caller's transaction; return what it is about now.

    What was entered before stays with the rounds of the case, and is forgotten here. Nothing is bound by this: what
    an authority says of the new entries is for the reviewer to read.
    """
    text = correction.entries.reveal(Purpose.REVIEW)
    before, now = review.verification, clock.now()
    after = Verification.objects.create(
        account=account,
        block=before.block,
        entries=text,
        digest=digests.keyed(DIGEST, text),
        submitted_at=now,
        decided_at=now,
        result=Result.CORRECTED,
    )
    version = correction.consent_version
    SensitiveConsent.objects.create(verification=after, version=version, given_at=correction.kept_at)
    EvidenceConsent.objects.bulk_create(
        EvidenceConsent(verification=after, version=consent.version, given_at=consent.given_at)
        for consent in before.evidence_consents.all()
    )
    before.result, before.entries = Result.SUPERSEDED, None
    before.save(update_fields=["result", "entries"])
    review.verification = after
    review.save(update_fields=["verification"])
    correction.delete()
    facts = {"verification": str(after.pk), "before": str(before.pk), "case": str(review.case_id)}
    record(events.CORRECTED, actor=Actor.account(account.realm, account.pk), subject=account.pk, facts=facts)
    return after
