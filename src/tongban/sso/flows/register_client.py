"""Register a relying party, give it a new secret, close it. Operators do this on the command line."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.catalogue.rules import Audience
from tongban.design import translations
from tongban.design.spoken import Translations, other_codes
from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.sso import events, queries
from tongban.sso.errors import ClientRefused
from tongban.sso.flows.end_access import end_access
from tongban.sso.flows.keep_signing_keys import ensure_signing_key
from tongban.sso.models import ClientToken, RedirectUri, RelyingParty, Sector
from tongban.sso.rules import (
    ClientAuthentication,
    Scope,
    ServiceScope,
    SigningAlgorithm,
    UriUse,
    check_address,
    check_client_id,
    digest,
    scope_text,
    service_scope_text,
)

TEXTS = ("name", "recipient", "purpose")
"""What people read of a relying party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where browsers are sent: codes, after logging out, to begin a sign-on, and the page people then want."""

    redirect_uris: Sequence[str] = ()
    post_logout_redirect_uris: Sequence[str] = ()
    initiate_login_uri: str = ""
    target_link_uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientData:
    """What an operator says about a relying party. `sector` defaults to the client alone.

    `scopes` are those of people (`Scope`) and those of the client itself (`ServiceScope`); one that has only the latter
    signs nobody in and has no addresses. `translations` are name, recipient and purpose in other languages.
    """

    client_id: str
    name: str
    recipient: str
    purpose: str
    addresses: Addresses
    scopes: Sequence[str] = (Scope.OPENID, Scope.PROFILE)
    audience: str = Audience.BOTH
    required_assurance: AssuranceLevel = AssuranceLevel.CROSS_CHECKED
    authentication: str = ClientAuthentication.SECRET
    public_keys: dict[str, object] = field(default_factory=dict)
    id_token_algorithm: str = SigningAlgorithm.ES256
    sector: str = ""
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """A relying party as it was registered; `secret` is shown once and stored nowhere ("" for those without one)."""

    client: RelyingParty
    secret: str

    def __repr__(self) -> str:
        return f"Registered({self.client.client_id})"


def register_client(*, actor: Actor, data: ClientData) -> Registered:
    """Register a relying party; raises `ClientRefused`."""
    _check(data)
    secret = secrets.token_urlsafe(32) if data.authentication == ClientAuthentication.SECRET else ""
    try:
        with transaction.atomic():
            client = _insert(data, secret)
            record(
                events.CLIENT_REGISTERED,
                actor=actor,
                subject=client.id,
                facts={
                    "client_id": client.client_id,
                    "scopes": client.scopes,
                    "service_scopes": client.service_scopes,
                    "authentication": data.authentication,
                },
            )
    except IntegrityError as error:
        raise ClientRefused(reason="taken", detail=data.client_id) from error
    if client.scopes:
        ensure_signing_key(actor=actor, algorithm=data.id_token_algorithm)
    queries.forget_form_targets()
    return Registered(client, secret)


def replace_secret(*, actor: Actor, client_id: str) -> Registered:
    """Give a relying party a new secret, from now on the only one; raises `ClientUnknown`, `ClientRefused`.

    What was got in the client's own name with the old secret ends, as it may have been a thief's.
    """
    client = queries.relying_party(client_id)
    if client.authentication != ClientAuthentication.SECRET:
        raise ClientRefused(reason="has_no_secret", detail=client_id)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        RelyingParty.objects.filter(id=client.id).update(secret_digest=digest(secret))
        ClientToken.objects.filter(client=client, revoked_at=None).update(
            revoked_at=clock.now(), revoked_reason="secret_replaced"
        )
        record(events.SECRET_REPLACED, actor=actor, subject=client.id, facts={"client_id": client_id})
    return Registered(client, secret)


def change_addresses(*, actor: Actor, client_id: str, addresses: Addresses) -> None:
    """Replace all addresses of a relying party; raises `ClientUnknown`, `ClientRefused`."""
    client = queries.relying_party(client_id)
    _check_addresses(addresses, signs_in=bool(client.scopes))
    with transaction.atomic():
        RelyingParty.objects.filter(id=client.id).update(
            initiate_login_uri=addresses.initiate_login_uri, target_link_uri=addresses.target_link_uri
        )
        RedirectUri.objects.filter(client=client).delete()
        _insert_addresses(client, addresses)
        record(events.ADDRESSES_CHANGED, actor=actor, subject=client.id, facts={"client_id": client_id})
    queries.forget_form_targets()


def change_translations(*, actor: Actor, client_id: str, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Replace the name, recipient and purpose in other languages; raises `ClientUnknown`, `ClientRefused`.

    Consents that were given before keep what was shown then.
    """
    client = queries.relying_party(client_id)
    read = _read_translations(texts, {name: getattr(client, name) for name in TEXTS})
    with transaction.atomic():
        RelyingParty.objects.filter(id=client.id).update(translations=read)
        record(events.TRANSLATIONS_CHANGED, actor=actor, subject=client.id, facts={"client_id": client_id})


def close_client(*, actor: Actor, client_id: str, reason: str) -> None:
    """Close a relying party: nobody can enter it any more, its tokens end; raises `ClientUnknown`."""
    client = queries.relying_party(client_id)
    with transaction.atomic():
        RelyingParty.objects.filter(id=client.id).update(closed_at=clock.now(), closed_reason=reason)
        end_access(actor=actor, reason="client_closed", client=client)
        record(events.CLIENT_CLOSED, actor=actor, subject=client.id, facts={"client_id": client_id, "reason": reason})
    queries.forget_form_targets()


def _insert(data: ClientData, secret: str) -> RelyingParty:
    name = data.sector or data.client_id
    sector = Sector.objects.filter(name=name).first()
    if sector is None:
        sector = Sector(name=name, salt=secrets.token_hex(32))
        sector.save(force_insert=True)
    client = RelyingParty.objects.create(
        client_id=data.client_id,
        name=data.name,
        recipient=data.recipient,
        purpose=data.purpose,
        translations=_read_translations(data.translations, {name: getattr(data, name) for name in TEXTS}),
        sector=sector,
        audience=data.audience,
        required_assurance=data.required_assurance,
        scopes=scope_text(data.scopes),
        service_scopes=service_scope_text(data.scopes),
        authentication=data.authentication,
        secret_digest=digest(secret) if secret else "",
        public_keys=data.public_keys,
        id_token_algorithm=data.id_token_algorithm,
        initiate_login_uri=data.addresses.initiate_login_uri,
        target_link_uri=data.addresses.target_link_uri,
    )
    _insert_addresses(client, data.addresses)
    return client


def _insert_addresses(client: RelyingParty, addresses: Addresses) -> None:
    uses = ((UriUse.SIGN_IN, addresses.redirect_uris), (UriUse.SIGN_OUT, addresses.post_logout_redirect_uris))
    RedirectUri.objects.bulk_create(
        RedirectUri(client=client, use=use, uri=uri) for use, uris in uses for uri in dict.fromkeys(uris)
    )


def _check(data: ClientData) -> None:
    if not check_client_id(data.client_id):
        raise ClientRefused(reason="id", detail=data.client_id)
    for name in TEXTS:
        if not getattr(data, name).strip():
            raise ClientRefused(reason="incomplete", detail=name)
    _check_scopes(data)
    _check_addresses(data.addresses, signs_in=bool(scope_text(data.scopes)))
    _check_public_keys(data)


def _read_translations(texts: Mapping[str, Mapping[str, str]], originals: Mapping[str, str]) -> Translations:
    def wrong(place: str, problem: str) -> ClientRefused:
        return ClientRefused(reason="translation", detail=f"{place}: {problem}")

    for code in texts:
        if code not in other_codes():
            raise wrong(code, f"expected one of {', '.join(other_codes())}")
    return translations.read(texts, originals=originals, place="", wrong=wrong)


def _check_scopes(data: ClientData) -> None:
    """Demand `openid` of who signs people in, and proof of itself of who acts in its own name (RFC 6749 §4.4)."""
    wanted = set(data.scopes)
    own = wanted & set(ServiceScope)
    of_people = wanted - own
    if not wanted or of_people - set(Scope) or (of_people and Scope.OPENID not in of_people):
        raise ClientRefused(reason="scopes", detail=" ".join(data.scopes))
    if own and data.authentication == ClientAuthentication.NONE:
        raise ClientRefused(reason="public", detail=" ".join(sorted(own)))


def _check_addresses(addresses: Addresses, *, signs_in: bool) -> None:
    """Demand a redirect address of who signs people in, and no address at all of who does not."""
    if signs_in and not addresses.redirect_uris:
        raise ClientRefused(reason="incomplete", detail="redirect_uris")
    if not signs_in and addresses != Addresses():
        raise ClientRefused(reason="addresses", detail="for clients that sign people in")
    loopback: bool = settings.SSO_LOOPBACK_REDIRECTS
    starts = [uri for uri in (addresses.initiate_login_uri, addresses.target_link_uri) if uri]
    for uri in (*addresses.redirect_uris, *addresses.post_logout_redirect_uris, *starts):
        if wrong := check_address(uri, loopback=loopback):
            raise ClientRefused(reason=f"address_{wrong}", detail=uri)


def _check_public_keys(data: ClientData) -> None:
    """Demand public keys of those who sign their assertions, and refuse private ones from anybody."""
    if data.authentication != ClientAuthentication.PRIVATE_KEY_JWT:
        if data.public_keys:
            raise ClientRefused(reason="keys", detail="only for private_key_jwt")
        return
    try:
        keys = KeySet.import_key_set(data.public_keys)  # type: ignore[arg-type]  # checked by joserfc itself
    except (JoseError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ClientRefused(reason="keys", detail="not a JWK set") from error
    if not keys.keys or any(key.key_type not in {"EC", "RSA"} or key.is_private for key in keys.keys):
        raise ClientRefused(reason="keys", detail="public EC or RSA keys only")
