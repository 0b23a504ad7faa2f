"""Reading: relying parties, consents, claims."""

import time
from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from django.db import DatabaseError
from django.db.models import QuerySet

from tongban.accounts.models import Account, IdentityBinding
from tongban.accounts.queries import live_binding
from tongban.accounts.rules import IdentityKind
from tongban.mandates.models import Mandate
from tongban.proofing.queries import kind_of
from tongban.sso import signing
from tongban.sso.errors import ClientUnknown
from tongban.sso.models import AccessToken, ClientToken, Grant, RedirectUri, RelyingParty
from tongban.sso.rules import Scope, UriUse, origin, pairwise_subject, unit_subject
from tongban.vault.purposes import Purpose

_SECONDS_ORIGINS_ARE_KEPT = 30.0
_origins: tuple[float, frozenset[str]] = (-_SECONDS_ORIGINS_ARE_KEPT, frozenset())


def relying_party(client_id: str) -> RelyingParty:
    """Return the open relying party; raises `ClientUnknown`."""
    if "\x00" in client_id:  # a name in a header or an assertion: PostgreSQL takes none into a comparison
        raise ClientUnknown(client_id)
    found = RelyingParty.objects.select_related("sector").filter(client_id=client_id, closed_at=None).first()
    if found is None:
        raise ClientUnknown(client_id)
    return found


def registered(client: RelyingParty, *, use: UriUse, uri: str) -> bool:
    """Tell whether exactly `uri` is registered for `use`."""
    return RedirectUri.objects.filter(client=client, use=use, uri=uri).exists()


def form_targets() -> Iterable[str]:
    """Return the origins that a form of ours may lead to in the end: those of all open relying parties.

    Asked for every page, so the answer is kept for a while.
    """
    global _origins  # noqa: PLW0603 - one process keeps one answer
    read_at, known = _origins
    if time.monotonic() - read_at >= _SECONDS_ORIGINS_ARE_KEPT:
        with suppress(DatabaseError):  # a page that tells of a broken database must not need it
            known = _read_origins()
        _origins = (time.monotonic(), known)
    return known


def _read_origins() -> frozenset[str]:
    uris = RedirectUri.objects.filter(client__closed_at=None).values_list("uri", flat=True)
    starts = RelyingParty.objects.filter(closed_at=None).exclude(initiate_login_uri="")
    return frozenset(map(origin, [*uris, *starts.values_list("initiate_login_uri", flat=True)]))


def forget_form_targets() -> None:
    """Read `form_targets` anew at the next page: after a change in this process, and between tests."""
    global _origins  # noqa: PLW0603 - one process keeps one answer
    _origins = (-_SECONDS_ORIGINS_ARE_KEPT, frozenset())


def live_grant(account: Account, client: RelyingParty, *, uscc: str = "") -> Grant | None:
    """Return what `account` has agreed to give `client` while it acts for the unit `uscc` ("": for itself)."""
    return Grant.objects.filter(account=account, client=client, uscc=uscc, ended_at=None).first()


def live_grants(account: Account) -> QuerySet[Grant]:
    """Return all live consents of an account, the latest first."""
    return Grant.objects.filter(account=account, ended_at=None).select_related("client").order_by("-given_at")


def binding_of(account: Account) -> IdentityBinding | None:
    """Return the live tie that an account acts under: a person's document, or a unit."""
    return live_binding(account, kind_of(account))


def subject(client: RelyingParty, account_id: UUID) -> str:
    """Return the name `client`'s sector knows an account by. The same for ever, and foreign to every other sector."""
    return pairwise_subject(salt=signing.salt_of(client.sector), account=account_id.bytes)


def unit_name(client: RelyingParty, uscc: str) -> str:
    """Return the name `client`'s sector knows a unit by: the same for ever, whoever acts for it."""
    return unit_subject(salt=signing.salt_of(client.sector), uscc=uscc)


def acting_for(client: RelyingParty, mandate: Mandate) -> dict[str, str | int]:
    """Return the claim `acting_for`: whom the person acts for, and until when they may."""
    ends = {"until": int(mandate.until.timestamp())} if mandate.until else {}
    return {"sub": unit_name(client, mandate.uscc), **ends}


def session_name(client: RelyingParty, session_id: UUID) -> str:
    """Return `sid`: the name `client`'s sector knows a session by."""
    return pairwise_subject(salt=signing.salt_of(client.sector), account=b"session" + session_id.bytes)


def access_token(digest: str) -> AccessToken | None:
    """Return the token with this digest, if the session it was born in still lives."""
    related = ("client__sector", "account", "session", "mandate")
    return AccessToken.objects.select_related(*related).filter(digest=digest, client__closed_at=None).first()


def client_token(digest: str) -> ClientToken | None:
    """Return the token a client got in its own name, if the client is open."""
    return ClientToken.objects.select_related("client").filter(digest=digest, client__closed_at=None).first()


def claims(token: AccessToken) -> dict[str, object]:
    """Return what the scopes of a live token release, from live bindings only: an unverified claim is nobody's name.

    Whoever acts by a mandate is named as themselves, with the unit beside them.
    """
    wanted = frozenset(token.scopes.split())
    released: dict[str, object] = {}
    if token.mandate is not None:
        released["acting_for"] = acting_for(token.client, token.mandate)
    if not wanted - {Scope.OPENID}:
        return released
    binding = binding_of(token.account)
    unit = _unit(binding, token.mandate)
    if Scope.PROFILE in wanted:
        released |= _profile(token.account, binding, unit)
    if unit and Scope.UNIT in wanted:
        released |= {"uscc": unit.uscc, "unit_name": unit.unit_name, "unit_type": unit.unit_type}
        released["unit_sub"] = unit_name(token.client, unit.uscc)
    if binding and binding.number and Scope.DOCUMENT_NUMBER in wanted:
        released["document_kind"] = binding.document_kind
        released["document_number"] = binding.number.reveal(Purpose.RELEASE_CLAIM)
    return released


def _unit(binding: IdentityBinding | None, mandate: Mandate | None) -> IdentityBinding | None:
    """Return the unit that the account is, or acts for."""
    if mandate is None:
        return binding if binding and binding.kind == IdentityKind.UNIT else None
    return live_binding(mandate.unit_id, IdentityKind.UNIT) if mandate.unit_id else None


def _profile(account: Account, binding: IdentityBinding | None, unit: IdentityBinding | None) -> dict[str, object]:
    released: dict[str, object] = {"realm": account.realm}
    if binding:
        released["assurance"] = min(one.assurance for one in (binding, unit) if one)
    if binding and binding.name:
        released["name"] = binding.name.reveal(Purpose.RELEASE_CLAIM)
    return released
