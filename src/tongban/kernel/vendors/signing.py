"""Signatures of requests: Alibaba Cloud ACS3-HMAC-SHA256 and Tencent Cloud TC3-HMAC-SHA256.

Sources: Alibaba Cloud "V3 request structure and signature" (help.aliyun.com 2593177), Tencent Cloud "Signature v3"
(cloud.tencent.com/document/api/1150/49447). Both hash a canonical request and sign the hash; they differ in what is
canonical and in how the key is derived. The examples of both pages are tests.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

ACS3 = "ACS3-HMAC-SHA256"
TC3 = "TC3-HMAC-SHA256"


def canonical_query(params: Mapping[str, str]) -> str:
    """Return `params` sorted by name and percent-encoded (RFC 3986): the query itself, and what is signed of it."""
    return "&".join(f"{_encode(name)}={_encode(params[name])}" for name in sorted(params))


def acs3(*, key_id: str, key_secret: str, method: str, query: str, headers: Mapping[str, str], body: bytes) -> str:
    """Return the value of Authorization for a request to the path "/" of Alibaba Cloud.

    `headers` are the signed ones: host, content-type where there is a body, and every x-acs-… header.
    """
    canonical, names = _canonical(method, query, headers, body)
    signature = hmac.new(key_secret.encode(), f"{ACS3}\n{_digest(canonical)}".encode(), hashlib.sha256).hexdigest()
    return f"{ACS3} Credential={key_id},SignedHeaders={names},Signature={signature}"


def tc3(*, key_id: str, key_secret: str, service: str, at: int, headers: Mapping[str, str], body: bytes) -> str:
    """Return the value of Authorization for a POST to the path "/" of Tencent Cloud.

    `at` is the Unix time that X-TC-Timestamp says too; `headers` are the signed ones: content-type and host at least.
    """
    canonical, names = _canonical("POST", "", headers, body)
    day = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    key = f"TC3{key_secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    to_sign = f"{TC3}\n{at}\n{scope}\n{_digest(canonical)}"
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{TC3} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"


def body_digest(body: bytes) -> str:
    """Return the SHA-256 of `body` in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def _canonical(method: str, query: str, headers: Mapping[str, str], body: bytes) -> tuple[str, str]:
    """Return the canonical request and the names of its signed headers."""
    lowered = {name.lower(): value.strip() for name, value in headers.items()}
    names = sorted(lowered)
    lines = "".join(f"{name}:{lowered[name]}\n" for name in names)
    signed = ";".join(names)
    return "\n".join([method, "/", query, lines, signed, body_digest(body)]), signed


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")
