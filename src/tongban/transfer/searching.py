"""What the flows of the search share: budgets, and how a finding is written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.challenge.errors import ChallengeError, TooManyRequests
from tongban.kernel.mobile import Mobile
from tongban.transfer import events
from tongban.transfer.answers import ANSWERS, Answer, NotBroughtOver
from tongban.transfer.models import LegacyAccount
from tongban.transfer.rules import Kind, Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search found: the outcome, what goes with it, the login name ("": none to tell) and the legacy account."""

    outcome: Outcome | NotBroughtOver
    answer: Answer
    login_name: str
    legacy_id: UUID | None

    def __repr__(self) -> str:
        return f"Finding({self.outcome.value})"


def finding(legacy: LegacyAccount | None, otherwise: NotBroughtOver) -> Finding:
    """Return what is said of `legacy`, or `otherwise` when there is none."""
    if legacy is None:
        return Finding(otherwise, ANSWERS[otherwise], "", None)
    outcome = Outcome(legacy.outcome)
    return Finding(outcome, ANSWERS[outcome], legacy.login_name, legacy.id)


def count_network(actor: Actor, network: str) -> None:
    """Use up one search of the person's network, as the client tells it; raises `TooManyRequests`."""
    budget = limits.limits("transfer/network", settings.TRANSFER_SEARCH_RATES_NETWORK)
    limits.consume_all((limit, f"{actor.id}|{network}") for limit in budget)


def count_proof(phone: Mobile, network: str) -> None:
    """Use up one search of a proved phone, and one searcher of the day unless this network was there already.

    Counts in the caller's transaction, so that a search that is refused has used up nothing; raises
    `TooManyRequests`.
    """
    pairs = [(limit, phone.value) for limit in limits.limits("transfer/phone", settings.TRANSFER_SEARCH_RATES_PHONE)]
    for limit in limits.limits("transfer/searchers", settings.TRANSFER_SEARCHERS_PER_PERSON):
        once, searcher = limits.Limit(f"{limit.name}/once", 1, limit.period), f"{phone.value}|{network}"
        if not limits.exceeded(once, searcher):
            pairs += [(once, searcher), (limit, phone.value)]
    limits.consume_all(pairs)


def write_down(actor: Actor, kind: Kind, found: Finding) -> None:
    """Record a search: who asked for what kind and what came out, never of whom."""
    facts = {"kind": kind.value, "outcome": found.outcome.value}
    record(events.SEARCHED, actor=actor, subject=found.legacy_id, facts=facts)


def write_refusal(actor: Actor, kind: Kind, error: ChallengeError) -> None:
    """Record a search that was refused, in a transaction of its own: that of the search was rolled back."""
    facts: Mapping[str, str] = {"kind": kind.value, "reason": error.code}
    if isinstance(error, TooManyRequests):
        facts = {**facts, "limit": str(error.params["limit"])}
    with transaction.atomic():
        record(events.SEARCH_REFUSED, actor=actor, facts=facts)
