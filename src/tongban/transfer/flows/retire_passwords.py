"""Erase the sealed legacy passwords that open nothing any more, once LEGACY_PASSWORDS_UNTIL has passed."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.transfer import events
from tongban.transfer.hashers import PREFIX, is_over
from tongban.transfer.models import SlowPasswordKind

BATCH = 500


def retire_passwords() -> int:
    """Erase one batch and return how many went; their owners set a new password by 忘记密码."""
    if not is_over():
        return 0
    nothing = make_password(None)
    with transaction.atomic():
        sealed = Account.objects.filter(password__startswith=PREFIX).values_list("pk", flat=True)
        batch = list(sealed[:BATCH])
        gone = Account.objects.filter(pk__in=batch, password__startswith=PREFIX).update(password=nothing)
        if not batch:
            SlowPasswordKind.objects.all().delete()
        if gone:
            record(events.PASSWORDS_RETIRED, actor=Actor.system(), facts={"accounts": gone})
    return gone
