"""Somebody with a phone and a browser who asks for codes and types them."""

from dataclasses import dataclass, replace
from typing import Any, Self

from tongban.audit.actors import Actor
from tongban.challenge.errors import CodeRejected
from tongban.challenge.flows.check_code import CheckedCode, check_code
from tongban.challenge.flows.issue_code import IssuedCode, issue_code
from tongban.challenge.flows.redeem_code import redeem_code
from tongban.challenge.rules import CodePurpose
from tongban.kernel.mobile import Mobile
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.queries import DemoMessage, demo_outbox


@dataclass(frozen=True)
class Person:
    phone: str = "13812345678"
    browser: str = "browser-1"
    network: str = "203.0.113.7"
    purpose: CodePurpose = CodePurpose.REGISTER

    def but(self, **other: Any) -> Self:
        return replace(self, **other)

    def asks(self, *, deliver: bool = True) -> IssuedCode:
        return issue_code(**self._bound, network=self.network, deliver=deliver)

    def reads(self) -> list[DemoMessage]:
        """Let the worker deliver; return what the phone has received so far, newest first."""
        deliver_due()
        return [message for message in demo_outbox() if message.to == self.phone]

    def asks_and_reads(self) -> str:
        self.asks()
        return self.reads()[0].code

    def types(self, code: str) -> str:
        """Return "accepted", or the code of the refusal."""
        try:
            redeem_code(**self._bound, code=code)
        except CodeRejected as refusal:
            return refusal.code
        return "accepted"

    def checks(self, code: str) -> CheckedCode:
        return check_code(**self._bound, code=code)

    @property
    def _bound(self) -> dict[str, Any]:
        return {
            "actor": Actor.anonymous(),
            "purpose": self.purpose,
            "phone": Mobile.parse(self.phone),
            "browser": self.browser,
        }


def other_than(code: str) -> str:
    """Return another code of the same length."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"
