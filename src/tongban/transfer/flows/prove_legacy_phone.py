"""The owner of a brought-over account proves the phone that came with it."""

from django.db import transaction

from tongban.accounts.flows.prove_phone import prove_phone
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.challenge.flows.check_code import CheckedCode
from tongban.challenge.flows.spend_code import spend_code


def prove_legacy_phone(*, actor: Actor, account: Account, code: CheckedCode) -> None:
    """Let the phone count as proved; `code` is what `check_code` returned for it. Raises `CodeRejected`."""
    with transaction.atomic():
        spend_code(actor=actor, checked=code)
        prove_phone(actor=actor, account=account)
