"""Tencent Cloud's API 3.0, signed with TC3-HMAC-SHA256. Parameters travel as JSON in the body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tongban.kernel import clock
from tongban.kernel.vendors import channel, signing
from tongban.kernel.vendors.channel import Answer, Call
from tongban.kernel.vendors.errors import Refused, Throttled, Unanswered, VendorError, safe_code, safe_request_id
from tongban.kernel.vendors.transport import Question, Reply

VENDOR = "tencent"


@dataclass(frozen=True, slots=True, repr=False)
class Tencent:
    """An account at Tencent Cloud and its `service` (faceid, ocr, sms) at `address` (https://…, without a path)."""

    key_id: str
    key_secret: str
    service: str
    address: str
    region: str = ""
    proxy: str = ""

    def call(
        self,
        action: str,
        version: str,
        params: Mapping[str, Any],
        *,
        within: float,
        repeatable: bool,
        quiet: bool = False,
    ) -> Answer:
        """Call `action` and return the object Response; `within` in seconds. Raises `VendorError`."""
        call = Call(VENDOR, action, self.address, within, repeatable, self.proxy, quiet)
        body = json.dumps(params, ensure_ascii=False).encode()
        return channel.make(call, lambda: self._question(action, version, body), lambda reply: _read(call, reply))

    def _question(self, action: str, version: str, body: bytes) -> Question:
        at = int(clock.real().timestamp())
        signed = {
            "content-type": "application/json; charset=utf-8",
            "host": urlsplit(self.address).netloc,
            "x-tc-action": action.lower(),
        }
        authorization = signing.tc3(
            key_id=self.key_id, key_secret=self.key_secret, service=self.service, at=at, headers=signed, body=body
        )
        sent = {
            "content-type": signed["content-type"],
            "host": signed["host"],
            "content-length": str(len(body)),
            "x-tc-action": action,
            "x-tc-version": version,
            "x-tc-timestamp": str(at),
            "authorization": authorization,
            **({"x-tc-region": self.region} if self.region else {}),
        }
        return Question(self.address + "/", sent, body)


def _read(call: Call, reply: Reply) -> Answer:
    """Return Response, or raise what its Error means. Errors too arrive with status 200."""
    response = channel.json_object(call, reply).get("Response")
    if not isinstance(response, dict):
        raise Unanswered(vendor=call.vendor, action=call.action, reason=f"no Response, status {reply.status}")
    error = response.get("Error")
    if error is None:
        return response
    reason = safe_code(error.get("Code") if isinstance(error, dict) else None)
    request_id = safe_request_id(response.get("RequestId"))
    raise _kind(reason)(vendor=call.vendor, action=call.action, reason=reason, request_id=request_id)


def _kind(code: str) -> type[VendorError]:
    if code.startswith("RequestLimitExceeded"):
        return Throttled
    return Unanswered if code.startswith("InternalError") or code == "unreadable" else Refused
