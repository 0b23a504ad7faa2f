"""Keep what somebody filled in to appeal, with its phone proved, until it is handed in."""

import json
from collections.abc import Mapping

from django.db import transaction

from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.challenge.flows.check_code import CheckedCode
from tongban.challenge.flows.spend_code import spend_code
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.recovery.drafts import filled_of, realm_of
from tongban.recovery.errors import AppealIncomplete
from tongban.recovery.models import Appeal
from tongban.review import queries as review
from tongban.review.models import Case
from tongban.review.rules import CaseState
from tongban.vault.purposes import Purpose


def begin_appeal(*, realm: Realm, holder: str, data: Mapping[str, str]) -> Appeal:
    """Start an appeal of who uploads pictures as `holder`."""
    return Appeal.objects.create(realm=realm, holder=holder, data=json.dumps(dict(data)), kept_at=clock.now())


def keep_appeal(
    *, actor: Actor, appeal: Appeal, data: Mapping[str, str], phone: Mobile, code: CheckedCode | None
) -> None:
    """Keep `data` (names and values of the form) in `appeal`; `code` proves `phone` unless it was proved before.

    Raises `CodeRejected`, and `AppealIncomplete` when nothing proves the phone or the appeal was handed in meanwhile.
    """
    if code is None and appeal.proved_phone() != phone.value:
        raise AppealIncomplete
    with transaction.atomic():
        if code is not None:
            spend_code(actor=actor, checked=code)
        if not Appeal.objects.select_for_update().filter(id=appeal.id, submitted_at__isnull=True).exists():
            raise AppealIncomplete
        appeal.data, appeal.phone = json.dumps(dict(data), ensure_ascii=False), phone.value
        appeal.kept_at = clock.now()
        appeal.save(update_fields=["data", "phone", "kept_at"])


def begin_correction(*, case: Case, holder: str) -> Appeal:
    """Start the answer to a returned case, with what was handed in before. Raises `AppealIncomplete`.

    The number of the document is left out: whoever holds the phone need not be shown it, and types it anew.
    """
    if case.state != CaseState.RETURNED or case.contact_phone is None:
        raise AppealIncomplete
    filled = filled_of(review.last_submission(case).read(Purpose.SHOW_OWNER))
    del filled["document_number"]
    return Appeal.objects.create(
        realm=realm_of(case.kind),
        holder=holder,
        data=json.dumps(filled, ensure_ascii=False),
        phone=case.contact_phone.reveal(Purpose.MATCH),
        case=case,
        round=case.round,
        kept_at=clock.now(),
    )
