"""Throw away what is worth nothing any more."""

from datetime import timedelta

from tongban.kernel import clock
from tongban.sso.models import AuthorizationCode, SpentAssertion

KEPT = timedelta(days=1)
"""How long spent codes and their tokens stay, so that a late replay is still noticed."""
_BATCH = 500


def sweep() -> int:
    """Delete one batch of long-expired codes (their tokens with them) and assertions; returns how many. A job."""
    now = clock.now()
    codes = AuthorizationCode.objects.filter(expires_at__lte=now - KEPT).values_list("id", flat=True)[:_BATCH]
    assertions = SpentAssertion.objects.filter(expires_at__lte=now).values_list("id", flat=True)[:_BATCH]
    old_codes, old_assertions = list(codes), list(assertions)
    if old_codes:
        AuthorizationCode.objects.filter(id__in=old_codes).delete()
    if old_assertions:
        SpentAssertion.objects.filter(id__in=old_assertions).delete()
    return len(old_codes) + len(old_assertions)
