"""A person agrees, refuses, or takes an agreement back."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.sso import events
from tongban.sso.errors import ConsentGone
from tongban.sso.flows.end_access import end_access
from tongban.sso.models import Grant, RelyingParty
from tongban.sso.rules import scope_text


def give_consent(*, account: Account, client: RelyingParty, scopes: Iterable[str], uscc: str = "") -> Grant:
    """Remember that `account` agrees that `client` receives what `scopes` say, beside what it agreed to before.

    `uscc` is the unit it acts for ("": itself): what it agrees to in the name of one says nothing about another.
    """
    actor = Actor.account(account.realm, account.id)
    now = clock.now()
    with transaction.atomic():
        # The account's row is the lock: two windows may agree at the same moment.
        Account.objects.select_for_update().filter(id=account.id).first()
        earlier = Grant.objects.filter(account=account, client=client, uscc=uscc, ended_at=None).first()
        text = scope_text([*scopes, *(earlier.scopes.split() if earlier else ())])
        if earlier:
            Grant.objects.filter(id=earlier.id).update(ended_at=now, ended_reason="renewed")
        grant = Grant.objects.create(
            account=account,
            client=client,
            uscc=uscc,
            scopes=text,
            purpose=client.purpose,
            translations={
                code: {"purpose": said["purpose"]} for code, said in client.translations.items() if "purpose" in said
            },
            given_at=now,
        )
        facts = {"client_id": client.client_id, "scopes": text, "unit": uscc}
        record(events.CONSENT_GIVEN, actor=actor, subject=grant.id, facts=facts)
    return grant


def refuse_consent(*, account: Account, client: RelyingParty, scopes: Iterable[str]) -> None:
    """Write down that `account` does not agree; what it agreed to before stands."""
    with transaction.atomic():
        record(
            events.CONSENT_REFUSED,
            actor=Actor.account(account.realm, account.id),
            subject=client.id,
            facts={"client_id": client.client_id, "scopes": scope_text(scopes)},
        )


def withdraw_consent(*, account: Account, grant_id: UUID) -> None:
    """Take a consent back: the client's tokens end, and it asks anew next time. Raises `ConsentGone`."""
    actor = Actor.account(account.realm, account.id)
    with transaction.atomic():
        mine = Grant.objects.select_related("client").filter(id=grant_id, account=account, ended_at=None)
        grant = mine.first()
        if grant is None or not mine.update(ended_at=clock.now(), ended_reason="withdrawn"):
            raise ConsentGone(grant_id)
        end_access(actor=actor, reason="consent_withdrawn", account=account, client=grant.client, uscc=grant.uscc)
        facts = {"client_id": grant.client.client_id, "scopes": grant.scopes, "unit": grant.uscc}
        record(events.CONSENT_WITHDRAWN, actor=actor, subject=grant.id, facts=facts)
