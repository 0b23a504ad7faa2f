"""What the platform says of itself (OpenID Connect Discovery 1.0 §3), and the keys it signs with."""

from django.conf import settings
from django.urls import reverse

from tongban.kernel.assurance import AssuranceLevel
from tongban.sso import signing
from tongban.sso.protocols.oidc.wire import Answer, Call
from tongban.sso.rules import Scope, ServiceScope, SigningAlgorithm, acr

_CLAIMS = (
    "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid", "acting_for",
    "name", "realm", "assurance", "uscc", "unit_name", "unit_type", "unit_sub", "document_kind", "document_number",
)  # fmt: skip


def discovery(_call: Call) -> Answer:
    """Return the provider's metadata."""
    algorithms = SigningAlgorithm.values
    document = {
        "issuer": settings.ADDRESS,
        "authorization_endpoint": _address("authorize"),
        "token_endpoint": _address("token"),
        "userinfo_endpoint": _address("userinfo"),
        "jwks_uri": _address("jwks"),
        "end_session_endpoint": _address("logout"),
        "scopes_supported": [scope.value for scope in (*Scope, *ServiceScope)],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_post", "private_key_jwt", "none",
        ],
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "acr_values_supported": [acr(level) for level in AssuranceLevel],
        "claim_types_supported": ["normal"],
        "claims_supported": list(_CLAIMS),
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": ["zh-CN", "en"],
    }  # fmt: skip
    return Answer.json(document, headers={"Cache-Control": "public, max-age=3600"})


def jwks(_call: Call) -> Answer:
    """Return the public keys; kept by clients for at most ten minutes, less than a new key's notice."""
    return Answer.json({"keys": signing.public_documents()}, headers={"Cache-Control": "public, max-age=600"})


def _address(endpoint: str) -> str:
    return settings.ADDRESS + reverse(f"sso:{endpoint}")
