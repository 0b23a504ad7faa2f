"""Whatever people type about themselves is a canary: it must not turn up where it does not belong.

Every journey is watched. What its visitors type into fields of personal data and secrets must never appear in a log
line, in the facts of an audit event, in an address, or on the page of a visitor who did not type it. The desk is where
staff may see what a person submitted; its pages are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from tests.journeys.visitor import Visitor
from tongban.audit.models import Event

PERSONAL = {
    "手机号码", "预留手机号", "新手机号码", "经办人手机号码", "姓名", "证件号码", "法定代表人姓名",
    "法定代表人证件号码",
    "经办人姓名", "经办人证件号码", "联系人姓名", "密码", "确认密码", "新密码", "短信验证码", "手机验证码",
}  # fmt: skip
_STAFF = ("/desk/", "/staff/")
_SHORTEST_ON_PAGES = 3
"""Names of two characters may be words of a page."""


@dataclass
class Canaries:
    """What was typed by whom, and where one could find it."""

    typed: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    pages: list[tuple[int, str, str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    logs: list[Any] = field(default_factory=list)

    def everything(self) -> set[str]:
        """Return all that was typed."""
        return {value for values in self.typed.values() for value in values}

    def escaped(self, log_text: str) -> list[str]:
        """Return where a canary was found; a right journey returns nothing."""
        facts = [str(event) for event in Event.objects.values_list("name", "facts", "actor_id")]
        places = {"log": [log_text, *map(str, self.logs)], "audit": facts, "address": self.addresses}
        found = [
            f"{value!r} in {kind}: {text[:200]}"
            for value in self.everything()
            for kind, texts in places.items()
            for text in texts
            if value in text
        ]
        return found + list(self._on_foreign_pages())

    def _on_foreign_pages(self) -> Iterable[str]:
        for visitor, path, text in self.pages:
            foreign = self.everything() - self.typed[visitor]
            for value in foreign:
                if len(value) >= _SHORTEST_ON_PAGES and value in text and not path.startswith(_STAFF):
                    yield f"{value!r} on somebody else's page {path}"


@contextmanager
def watched(monkeypatch: Any) -> Iterator[Canaries]:
    """Watch every visitor for the length of a journey."""
    canaries = Canaries()
    fill, receive = Visitor._fill_one, Visitor._receive

    def watched_fill(self: Visitor, label: str, value: Any) -> None:
        if label in PERSONAL and isinstance(value, str) and value.strip():
            canaries.typed[id(self)].add(value.strip())
        fill(self, label, value)

    def watched_receive(self: Visitor, response: Any, url: str, **options: Any) -> Visitor:
        canaries.addresses.append(url)
        if "html" in response.get("Content-Type", "") and not response.streaming:
            canaries.pages.append((id(self), url, response.content.decode()))
        if location := response.get("Location"):
            canaries.addresses.append(location)
        return receive(self, response, url, **options)

    monkeypatch.setattr(Visitor, "_fill_one", watched_fill)
    monkeypatch.setattr(Visitor, "_receive", watched_receive)
    with structlog.testing.capture_logs() as logs:
        canaries.logs = logs
        yield canaries
