"""Keep the separate consent (PIPL art. 29) to handle pictures of documents, before the first of them is taken."""

from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.proofing import events
from tongban.proofing.models import EvidenceConsent, Verification


def consent_to_pictures(*, actor: Account, verification: Verification, version: str) -> None:
    """Write down that `actor` consented to the text `version`; a second time changes nothing."""
    with transaction.atomic():
        _consent, is_new = EvidenceConsent.objects.get_or_create(
            verification=verification, version=version, defaults={"given_at": clock.now()}
        )
        if is_new:
            facts = {"verification": str(verification.pk), "version": version}
            name = Actor.account(actor.realm, actor.pk)
            record(events.EVIDENCE_CONSENTED, actor=name, subject=actor.pk, facts=facts)
