"""Passkeys (W3C Web Authentication): what we ask of a browser, and how its answer is judged.

The person is always verified by the authenticator itself, with a PIN, a finger or a face, and no maker's certificate
is asked for: which devices people use is their matter.
"""

import ipaddress
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

MOST = 10
"""How many passkeys an account may have."""
LONGEST_ANSWER = 16_384  # characters; a credential's id alone may have 1364
_LONGEST_ID = 1023  # bytes, Web Authentication level 3, section 4


class PasskeyUse(StrEnum):
    """What a challenge is for; an answer to one counts for no other."""

    ENROL = "enrol"
    SIGN_IN = "sign_in"
    CONFIRM = "confirm"


class AnswerRefused(Exception):
    """The browser's answer proves nothing, whatever the reason."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a browser is. A passkey is made for a host name, and works there only."""

    host: str
    origin: str

    @property
    def can_have_passkeys(self) -> bool:
        """Whether browsers make passkeys here: for names, not for numbers, and only where nobody can listen."""
        try:
            ipaddress.ip_address(self.host.strip("[]"))
        except ValueError:
            return self.origin.startswith("https://") or self.host == "localhost"
        return False


@dataclass(frozen=True, slots=True)
class Known:
    """A passkey as it is kept: its id as the browser knows it, and by which ways it is reached."""

    credential_id: str
    transports: str


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey."""

    credential_id: str
    public_key: bytes
    sign_count: int
    is_synced: bool
    transports: str


def to_make(site: Site, *, name: str, handle: bytes, login_name: str, challenge: bytes, known: Sequence[Known]) -> str:
    """Return what the browser is told, as JSON, to make a passkey for `login_name`; `known` ones are not made again.

    `name` is the site's. `handle` stands for the account: nothing about the person is in it.
    """
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=name,
        user_id=handle,
        user_name=login_name,
        challenge=challenge,
        exclude_credentials=[_descriptor(one) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return options_to_json(options)


def to_use(site: Site, *, challenge: bytes, known: Sequence[Known]) -> str:
    """Return what the browser is told, as JSON, to use one of the `known` passkeys."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=[_descriptor(one) for one in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def challenge_of(answer: str) -> bytes:
    """Return the challenge that the answer is to; raises `AnswerRefused`."""
    with _refusing():
        return parse_client_data_json(base64url_to_bytes(_read(answer)["response"]["clientDataJSON"])).challenge


def id_of(answer: str) -> str:
    """Return the id of the passkey that answered; raises `AnswerRefused`."""
    with _refusing():
        return str(_read(answer)["id"])


def judge_new(answer: str, *, site: Site, challenge: bytes) -> Made:
    """Return the passkey that was made; raises `AnswerRefused`."""
    with _refusing():
        said = _read(answer)
        made = webauthn.verify_registration_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        if not 16 <= len(made.credential_id) <= _LONGEST_ID:
            raise AnswerRefused
        return Made(
            credential_id=bytes_to_base64url(made.credential_id),
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            is_synced=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
            transports=_ways(said["response"].get("transports")),
        )


def judge_used(answer: str, *, site: Site, challenge: bytes, public_key: bytes, sign_count: int) -> int:
    """Return the passkey's new count of signatures; raises `AnswerRefused`, for a count that went back too."""
    with _refusing():
        return webauthn.verify_authentication_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        ).new_sign_count


def _descriptor(known: Known) -> PublicKeyCredentialDescriptor:
    ways = [AuthenticatorTransport(way) for way in known.transports.split(",") if way]
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(known.credential_id), transports=ways or None)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn everything that a made-up answer can upset into one error."""
    try:
        yield
    except (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
        raise AnswerRefused from error


def _read(answer: str) -> dict[str, dict[str, str]]:
    if len(answer) > LONGEST_ANSWER:
        raise AnswerRefused
    said = json.loads(answer)
    if not isinstance(said, dict):
        raise AnswerRefused
    return said


def _ways(said: object) -> str:
    """Return those ways of reaching a passkey that the standard knows, in the order of the alphabet."""
    named = {way for way in said if isinstance(way, str)} if isinstance(said, list) else set()
    return ",".join(sorted(named.intersection(way.value for way in AuthenticatorTransport)))
