"""Sign an account on at a relying party: what stands between the request and the code, and the code itself."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.sso import events, queries
from tongban.sso.flows.enter_service import Admitted, Refused, ways_in
from tongban.sso.models import AuthorizationCode, RelyingParty
from tongban.sso.rules import digest, scope_text


class Step(Enum):
    """What must happen before a code can be issued."""

    LOG_IN = auto()
    LOG_IN_AGAIN = auto()


@dataclass(frozen=True, slots=True)
class Choose:
    """The person must say as whom they enter: there are several ways, or the one they chose is not there any more."""

    ways: list[Admitted]


@dataclass(frozen=True, slots=True)
class AskConsent:
    """The person must agree to what the relying party receives of who enters in this way."""

    way: Admitted


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is at the browser: the account, its session and how and when it logged in (RFC 8176 values)."""

    account: Account
    session_id: UUID
    since: datetime
    methods: tuple[str, ...] = ("pwd",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a relying party asks for, already checked against its registration.

    `fresh_since` is the moment after which the person must have logged in, if the relying party insists; `subject` the
    account it expects (by an ID token it holds). `choice` is the way in that the person chose for this very sign-on
    (`Admitted.choice`), "" while they have not.
    """

    client: RelyingParty
    redirect_uri: str
    scopes: frozenset[str]
    code_challenge: str
    nonce: str = ""
    fresh_since: datetime | None = None
    subject: str = ""
    ask_again: bool = False
    choice: str = ""


Next = Step | Choose | AskConsent | Refused | Admitted


def next_step(*, presence: Presence | None, wish: Wish, consented: bool = False) -> Next:
    """Return what must happen first, why it cannot be, or the admission under which a code may be issued.

    `consented` tells that the person has agreed this very moment.
    """
    if presence is None:
        return Step.LOG_IN
    if not _is_expected(presence, wish):
        return Step.LOG_IN_AGAIN
    ways = ways_in(account=presence.account, client=wish.client)
    if isinstance(ways, Refused):
        return ways
    way = _chosen(ways, wish.choice)
    if way is None:
        return Choose(ways)
    return way if consented or _has_agreed(presence.account, wish, way) else AskConsent(way)


def _is_expected(presence: Presence, wish: Wish) -> bool:
    """Tell whether it is the account that the relying party expects, logged in lately enough for it."""
    if wish.fresh_since and presence.since < wish.fresh_since:
        return False
    return not wish.subject or wish.subject == queries.subject(wish.client, presence.account.id)


def _has_agreed(account: Account, wish: Wish, way: Admitted) -> bool:
    """Tell whether the account agreed before to all that is asked for, while it acted for the same unit or itself."""
    grant = queries.live_grant(account, wish.client, uscc=way.uscc)
    return not wish.ask_again and grant is not None and grant.covers(wish.scopes)


def _chosen(ways: list[Admitted], choice: str) -> Admitted | None:
    """Return the way that was chosen, or the only one. Nobody is silently taken to another than they chose."""
    if choice:
        return next((way for way in ways if way.choice == choice), None)
    return ways[0] if len(ways) == 1 else None


def issue_code(*, presence: Presence, wish: Wish, admitted: Admitted) -> str:
    """Return a fresh authorization code; only its digest is kept."""
    code = secrets.token_urlsafe(32)
    now = clock.now()
    with transaction.atomic():
        row = AuthorizationCode(
            digest=digest(code),
            client=wish.client,
            account=presence.account,
            session_id=presence.session_id,
            mandate=admitted.mandate,
            redirect_uri=wish.redirect_uri,
            scopes=scope_text(wish.scopes),
            nonce=wish.nonce,
            code_challenge=wish.code_challenge,
            auth_time=presence.since,
            amr=" ".join(presence.methods),
            assurance=admitted.assurance,
            issued_at=now,
            expires_at=now + timedelta(seconds=settings.SSO_CODE_SECONDS),
        )
        row.save(force_insert=True)
        record(
            events.ENTERED,
            actor=Actor.account(presence.account.realm, presence.account.id),
            subject=row.id,
            facts={"client_id": wish.client.client_id, "scopes": row.scopes, "unit": admitted.uscc},
        )
    return code
