"""撤回: stop a verification that waits, take back its consent and forget what was submitted."""

from django.db import transaction

from tongban.accounts.models import Account
from tongban.kernel import clock
from tongban.proofing import queries
from tongban.proofing.errors import NotFromHere
from tongban.proofing.flows.close_open import close_open
from tongban.proofing.models import Draft, SensitiveConsent
from tongban.proofing.rules import Result, Step, Turn, after


def withdraw(*, actor: Account) -> None:
    """Withdraw what waits for `actor`; raises `NotFromHere` when nothing waits."""
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=actor.pk)
        after(queries.step(account), Turn.WITHDRAWN)
        consents = SensitiveConsent.objects.filter(verification__account=account, verification__decided_at__isnull=True)
        consents.update(withdrawn_at=clock.now())
        Draft.objects.filter(account=account).delete()
        if not close_open(account=account, result=Result.WITHDRAWN):
            raise NotFromHere(step=Step.WAIT, turn=Turn.WITHDRAWN)
