"""Calls to one address of one vendor: repetitions where they are safe, a circuit breaker, one line in the log."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from tongban.kernel.vendors import transport
from tongban.kernel.vendors.breaker import Breaker
from tongban.kernel.vendors.errors import NotReached, Throttled, Unanswered, VendorError
from tongban.kernel.vendors.transport import Question, Reply

log = structlog.get_logger("tongban.vendors")
Answer = Mapping[str, Any]
"""The JSON object a vendor answered with."""

_TRIES = 3
_FIRST_PAUSE = 0.1
_breakers: dict[tuple[str, str], Breaker] = {}


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `action` is the vendor's name of the operation.

    `repeatable`: asking twice does no harm (a look-up). What is not repeatable is sent again only when it surely never
    left this machine or was turned away unread. `quiet`: who asks shows the failure themselves.
    """

    vendor: str
    action: str
    address: str
    within: float
    repeatable: bool
    proxy: str = ""
    quiet: bool = False


def breaker(vendor: str, address: str) -> Breaker:
    """Return this process's breaker for `address` of `vendor`."""
    return _breakers.setdefault((vendor, address), Breaker())


def forget_breakers() -> None:
    """Close every circuit: for tests, in which vendors come and go."""
    _breakers.clear()


def make(call: Call, ask: Callable[[], Question], read: Callable[[Reply], Answer]) -> Answer:
    """Make `call` and return the answer; `ask` signs one question (each try needs a fresh one), `read` its reply.

    Raises `VendorError`. All tries and the pauses between them end by `call.within` seconds.
    """
    deadline = time.monotonic() + call.within
    pause = _FIRST_PAUSE
    tries = 0
    while True:
        tries += 1
        try:
            return _try(call, ask, read, deadline)
        except VendorError as error:
            if not call.quiet:
                _log(call, error, tries)
            # Full jitter: clients that failed together do not come back together.
            wait = pause * (0.5 + secrets.randbelow(1000) / 1000)
            if not _may_repeat(call, error) or tries == _TRIES or time.monotonic() + wait >= deadline:
                raise
        time.sleep(wait)
        pause *= 2


def _may_repeat(call: Call, error: VendorError) -> bool:
    if isinstance(error, NotReached):
        return not breaker(call.vendor, call.address).is_open
    return isinstance(error, Throttled) or (call.repeatable and isinstance(error, Unanswered))


def _try(call: Call, ask: Callable[[], Question], read: Callable[[Reply], Answer], deadline: float) -> Answer:
    circuit = breaker(call.vendor, call.address)
    if not circuit.lets_pass():
        raise NotReached(vendor=call.vendor, action=call.action, reason="circuit open")
    try:
        reply = transport.post(ask(), within=deadline - time.monotonic(), proxy=call.proxy)
        answer = read(reply)
    except transport.Failed as failure:
        circuit.failed()
        kind = Unanswered if failure.has_left else NotReached
        raise kind(vendor=call.vendor, action=call.action, reason=failure.reason) from None
    except Unanswered:
        circuit.failed()
        raise
    except VendorError:
        circuit.succeeded()
        raise
    circuit.succeeded()
    return answer


def _log(call: Call, error: VendorError, tries: int) -> None:
    # No traceback: its frames hold what was asked.
    log.warning(
        "vendor call failed",
        vendor=call.vendor,
        action=call.action,
        error=error.code,
        reason=error.reason,
        request_id=error.request_id,
        tries=tries,
    )


def json_object(call: Call, reply: Reply) -> Answer:
    """Return the JSON object in `reply`; raises `Unanswered` when there is none: a proxy's page, half an answer."""
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Unanswered(vendor=call.vendor, action=call.action, reason=f"no JSON, status {reply.status}")
    return found
