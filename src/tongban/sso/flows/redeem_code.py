"""Redeem an authorization code: once, by whom it was issued to, with the proof that goes with it."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from django.conf import settings
from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.mandates.queries import stands
from tongban.sso import events
from tongban.sso.errors import CodeRejected
from tongban.sso.models import AccessToken, AuthorizationCode, RelyingParty
from tongban.sso.rules import digest, verifier_proves


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a code was worth: the access token (in clear, the only time) and the row it was issued from."""

    access_token: str
    expires_in: int
    code: AuthorizationCode


def redeem_code(*, client: RelyingParty, code: str, redirect_uri: str, verifier: str) -> Redeemed:
    """Exchange `code` for an access token; raises `CodeRejected`.

    A code that was spent before ends the token that was issued for it (RFC 6749 §4.1.2): one of the two who hold the
    code is a thief, and nobody can tell which.
    """
    related = ("client", "account", "session", "mandate")
    row = AuthorizationCode.objects.select_related(*related).filter(digest=digest(code)).first()
    if row is None:  # never issued, swept, or the session it was born in has ended
        raise CodeRejected(reason="unknown")
    if row.client_id != client.id:
        _refuse(row, client, "foreign")
    if row.redeemed_at is not None:
        _replayed(row, client)
    if wrong := _what_does_not_fit(row, redirect_uri, verifier):
        _refuse(row, client, wrong)
    token = secrets.token_urlsafe(32)
    if not _spend(row, token):
        _replayed(row, client)
    return Redeemed(access_token=token, expires_in=settings.SSO_ACCESS_TOKEN_SECONDS, code=row)


def _what_does_not_fit(row: AuthorizationCode, redirect_uri: str, verifier: str) -> str:
    if clock.now() >= row.expires_at:
        return "expired"
    if row.mandate_id and not stands(row.mandate_id):
        return "mandate"
    if redirect_uri != row.redirect_uri:
        return "redirect"
    return "" if verifier_proves(verifier, row.code_challenge) else "verifier"


def _spend(row: AuthorizationCode, token: str) -> bool:
    """Spend the code and write the token in one transaction; False when somebody else was first."""
    now = clock.now()
    with transaction.atomic():
        if not AuthorizationCode.objects.filter(id=row.id, redeemed_at=None).update(redeemed_at=now):
            return False
        AccessToken(
            digest=digest(token),
            code=row,
            client_id=row.client_id,
            account_id=row.account_id,
            session_id=row.session_id,
            mandate_id=row.mandate_id,
            scopes=row.scopes,
            issued_at=now,
            expires_at=now + timedelta(seconds=settings.SSO_ACCESS_TOKEN_SECONDS),
        ).save(force_insert=True)
    return True


def _refuse(row: AuthorizationCode, client: RelyingParty, reason: str) -> NoReturn:
    """Write the refusal down and raise `CodeRejected`."""
    with transaction.atomic():
        facts = {"reason": reason, "issued_to": row.client.client_id}
        record(events.CODE_REFUSED, actor=Actor.client(client.client_id), subject=row.id, facts=facts)
    raise CodeRejected(reason=reason)


def _replayed(row: AuthorizationCode, client: RelyingParty) -> NoReturn:
    """End the token that the code was exchanged for, once, and raise `CodeRejected`."""
    now = clock.now()
    with transaction.atomic():
        if AuthorizationCode.objects.filter(id=row.id, replayed_at=None).update(replayed_at=now):
            AccessToken.objects.filter(code=row, revoked_at=None).update(revoked_at=now, revoked_reason="code_replayed")
            record(events.CODE_REPLAYED, actor=Actor.client(client.client_id), subject=row.id)
    raise CodeRejected(reason="spent")
