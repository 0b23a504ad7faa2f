"""Alibaba Cloud's RPC-style operations, signed with ACS3-HMAC-SHA256.

Parameters travel in the query of a POST, where the metadata of the operations used here places them. The query is
inside TLS; nothing of ours writes it down.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from tongban.kernel import clock
from tongban.kernel.vendors import channel, signing
from tongban.kernel.vendors.channel import Answer, Call
from tongban.kernel.vendors.errors import Refused, Throttled, Unanswered, VendorError, safe_code, safe_request_id
from tongban.kernel.vendors.transport import Question, Reply

VENDOR = "alibaba"


@dataclass(frozen=True, slots=True, repr=False)
class Alibaba:
    """An account at Alibaba Cloud and one of its services at `address` (https://…, without a path)."""

    key_id: str
    key_secret: str
    address: str
    proxy: str = ""

    def call(
        self,
        action: str,
        version: str,
        params: Mapping[str, str],
        *,
        done: frozenset[str],
        within: float,
        repeatable: bool,
        quiet: bool = False,
    ) -> Answer:
        """Call `action` and return what it answered; `within` in seconds. Raises `VendorError`.

        `done` are the values of the field Code that stand for an answer; any other is `Refused` for that reason.
        """
        call = Call(VENDOR, action, self.address, within, repeatable, self.proxy, quiet)
        return channel.make(
            call, lambda: self._question(action, version, params), lambda reply: _read(call, reply, done)
        )

    def _question(self, action: str, version: str, params: Mapping[str, str]) -> Question:
        query = signing.canonical_query(params)
        headers = {
            "host": urlsplit(self.address).netloc,
            "x-acs-action": action,
            "x-acs-version": version,
            "x-acs-date": clock.real().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-content-sha256": signing.body_digest(b""),
        }
        authorization = signing.acs3(
            key_id=self.key_id, key_secret=self.key_secret, method="POST", query=query, headers=headers, body=b""
        )
        sent = {**headers, "authorization": authorization, "accept": "application/json", "content-length": "0"}
        return Question(f"{self.address}/?{query}", sent, b"")


def _read(call: Call, reply: Reply, done: frozenset[str]) -> Answer:
    answer = channel.json_object(call, reply)
    if reply.status == 200 and str(answer.get("Code")) in done:
        return answer
    reason, request_id = safe_code(answer.get("Code")), safe_request_id(answer.get("RequestId"))
    raise _kind(reply.status, reason)(vendor=call.vendor, action=call.action, reason=reason, request_id=request_id)


def _kind(status: int, reason: str) -> type[VendorError]:
    if status >= 500 or reason == "unreadable":
        return Unanswered
    return Throttled if reason.startswith("Throttling") else Refused
