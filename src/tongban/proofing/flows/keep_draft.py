"""暂存: keep what was typed so far, so that nothing is lost when the person leaves."""

import json
from collections.abc import Mapping

from tongban.accounts.models import Account
from tongban.kernel import clock
from tongban.proofing.entries import without_sensitive
from tongban.proofing.models import Draft

_LONGEST = 300


def keep_draft(*, actor: Account, typed: Mapping[str, str], consent_version: str) -> None:
    """Keep the raw values `typed`; document numbers only with a consent (`consent_version` is not empty)."""
    given = {name: value[:_LONGEST] for name, value in typed.items()}
    kept = given if consent_version else without_sensitive(given)
    # One row an account, found again: what is sealed in it is bound to its key.
    Draft.objects.update_or_create(
        account=actor,
        defaults={
            "entries": json.dumps(kept, ensure_ascii=False),
            "consent_version": consent_version,
            "kept_at": clock.now(),
        },
    )
