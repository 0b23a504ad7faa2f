"""Throw away what is worth nothing any more."""

from datetime import timedelta

from tongban.kernel import clock
from tongban.sso.models import AuthorizationCode, ClientToken, SpentAssertion

KEPT = timedelta(days=1)
"""How long spent codes and their tokens stay, so that a late replay is still noticed."""
_BATCH = 500


def sweep() -> int:
    """Delete one batch of long-expired codes (their tokens with them), client tokens and assertions. A job.

    Returns how many rows went.
    """
    now = clock.now()
    codes = AuthorizationCode.objects.filter(expires_at__lte=now - KEPT).values_list("id", flat=True)[:_BATCH]
    assertions = SpentAssertion.objects.filter(expires_at__lte=now).values_list("id", flat=True)[:_BATCH]
    tokens = ClientToken.objects.filter(expires_at__lte=now).values_list("id", flat=True)[:_BATCH]
    old_codes, old_assertions, old_tokens = list(codes), list(assertions), list(tokens)
    if old_codes:
        AuthorizationCode.objects.filter(id__in=old_codes).delete()
    if old_assertions:
        SpentAssertion.objects.filter(id__in=old_assertions).delete()
    if old_tokens:
        ClientToken.objects.filter(id__in=old_tokens).delete()
    return len(old_codes) + len(old_assertions) + len(old_tokens)
