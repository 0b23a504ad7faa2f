"""Write down what the authority answered and take the journey's next turn: wait, bind, or let the person correct."""

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from tongban.accounts.errors import AlreadyBound
from tongban.accounts.flows import bind
from tongban.accounts.models import IdentityBinding
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.names import Name
from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.proofing import events
from tongban.proofing.entries import PersonEntries, from_json
from tongban.proofing.flows.tell_result import tell_result
from tongban.proofing.models import AuthorityAnswer, Proof, Verification
from tongban.proofing.rules import Answer, Block, Result, Said, Step, Turn, after, retry_after, turn_of
from tongban.vault.purposes import Purpose

_ENDS: dict[Turn, tuple[Result, Name]] = {
    Turn.BOUND: (Result.VERIFIED, events.VERIFIED),
    Turn.TAKEN: (Result.CONFLICT, events.CONFLICTED),
    Turn.MISMATCH: (Result.MISMATCH, events.MISMATCHED),
    Turn.NO_RECORD: (Result.NO_RECORD, events.NOT_ON_RECORD),
    Turn.NO_AUTHORITY: (Result.NO_AUTHORITY, events.WITHOUT_AUTHORITY),
}


def settle(*, verification_id: UUID, said: Mapping[Block, Said]) -> Verification:
    """Settle an open verification by what was `said` to its questions and return it; a decided one is left alone."""
    with transaction.atomic():
        locked = Verification.objects.select_for_update(of=("self",)).select_related("account")
        verification = locked.get(pk=verification_id)
        if verification.decided_at is not None:
            return verification
        keep_answers(verification, said)
        verification.asks += 1
        turn = turn_of({block: one.answer for block, one in said.items()})
        step = after(Step.ASK, turn)
        if step is Step.WAIT:
            _wait(verification)
            return verification
        if step is Step.BIND:
            turn = _bind(verification, said[Block(verification.block)].by)
            after(step, turn)
        _decide(verification, turn)
    return verification


def keep_answers(verification: Verification, said: Mapping[Block, Said]) -> None:
    """Write down what is definite of what was said, in the caller's transaction."""
    now = clock.now()
    definite = [
        AuthorityAnswer(verification=verification, block=block, authority=one.by, answer=one.answer, answered_at=now)
        for block, one in said.items()
        if one.answer not in {None, Answer.UNAVAILABLE}
    ]
    # An answer known from an earlier asking is handed in again; its row stays as it was.
    AuthorityAnswer.objects.bulk_create(definite, ignore_conflicts=True)


def _wait(verification: Verification) -> None:
    pause = retry_after(verification.asks)
    # Up to a quarter longer, so that what fell due together does not stay together.
    verification.next_ask_at = clock.now() + pause + pause * (secrets.randbelow(250) / 1000)
    verification.save(update_fields=["asks", "next_ask_at"])
    if verification.asks == 1:
        record(events.WAITING, actor=Actor.system(), subject=verification.account_id, facts=_facts(verification))


def _bind(verification: Verification, authority: str) -> Turn:
    """Make the account the one holder of the identity, with a proof; TAKEN when another account holds it."""
    try:
        with transaction.atomic():
            binding = bind_identity(verification, actor=Actor.system(), assurance=AssuranceLevel.CROSS_CHECKED)
    except AlreadyBound:
        return Turn.TAKEN
    Proof.objects.create(
        verification=verification,
        binding=binding,
        authority=authority,
        assurance=AssuranceLevel.CROSS_CHECKED,
        proved_at=clock.now(),
    )
    return Turn.BOUND


def bind_identity(verification: Verification, *, actor: Actor, assurance: AssuranceLevel) -> IdentityBinding:
    """Make the account of `verification` the one holder of what it entered; raises `accounts.errors.AlreadyBound`."""
    assert verification.entries is not None  # noqa: S101 - the database keeps the entries of an open verification
    entries = from_json(Block(verification.block), verification.entries.reveal(Purpose.MATCH))
    if isinstance(entries, PersonEntries):
        return bind.bind_document(
            actor=actor,
            account=verification.account,
            document=entries.document,
            name=entries.name,
            assurance=assurance,
        )
    return bind.bind_unit(
        actor=actor,
        account=verification.account,
        uscc=entries.uscc,
        unit_name=entries.unit_name,
        unit_type=entries.unit_type,
        assurance=assurance,
    )


def _decide(verification: Verification, turn: Turn) -> None:
    result, name = _ENDS[turn]
    verification.result = result
    verification.decided_at = clock.now()
    verification.next_ask_at = None
    verification.save(update_fields=["asks", "result", "decided_at", "next_ask_at"])
    record(name, actor=Actor.system(), subject=verification.account_id, facts=_facts(verification))
    tell_result(verification=verification)


def _facts(verification: Verification) -> dict[str, str | int]:
    return {"verification": str(verification.pk), "block": verification.block, "asks": verification.asks}
