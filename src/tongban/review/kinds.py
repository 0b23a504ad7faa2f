"""The kinds of case. A room that wants people to decide something registers its kind in `AppConfig.ready`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tongban.audit.actors import Actor
from tongban.design.kept_texts import said_in_every_language
from tongban.design.labels import Text
from tongban.review.errors import KindUnknown, ReasonUnknown
from tongban.review.models import Case
from tongban.review.outcomes import DecisionView
from tongban.review.rules import Outcome


@dataclass(frozen=True, slots=True)
class Reason:
    """A ready-made reason: what the desk calls it, and the text the person reads unless the reviewer edits it."""

    code: str
    outcome: Outcome
    title: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the platform knows about a case. `kind` is that of `status_tag`: good, wait, bad, info or plain."""

    label: Text
    value: Text
    kind: str = "plain"


def _no_facts(case: Case) -> Sequence[Fact]:
    return ()


def _as_typed(name: str, value: str) -> Text:
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of case.

    `apply` carries a decision out, inside its transaction; it raises `ApplyRefused` when that is impossible (nothing
    is decided then). It is called for every outcome, also for a return. `facts` tells what the platform knows.
    `template` draws the claimed data for the desk (context: `case`, `data`, `rows`); the default lists the data whose
    names are in `labels`, in that order. `words` says a value of the data in words: choices are kept as codes, so that
    each reviewer reads them in their own language. `slots` names the evidence by slot. `answer_url` leads to the page
    on which a person corrects a returned case; without it the room's own page takes a written answer.
    """

    name: str
    title: Text
    apply: Callable[[Case, DecisionView, Actor], None]
    reasons: tuple[Reason, ...]
    four_eyes: bool = False
    facts: Callable[[Case], Sequence[Fact]] = _no_facts
    template: str = "review/parts/claimed.html"
    labels: Mapping[str, Text] = field(default_factory=dict)
    slots: Mapping[str, Text] = field(default_factory=dict)
    words: Callable[[str, str], Text] = _as_typed
    answer_url: Callable[[Case], str] | None = None
    working_days: int | None = None

    def reason(self, code: str) -> Reason:
        """Return the reason called `code`; raises `ReasonUnknown`."""
        for reason in self.reasons:
            if reason.code == code:
                return reason
        raise ReasonUnknown(kind=self.name, reason=code)

    def in_our_language(self, text: str) -> str:
        """Return what a ready-made text, unedited in another language, says in the one spoken now; of others ""."""
        for reason in self.reasons:
            if text and text in said_in_every_language(reason.text).values():
                ours = str(reason.text)
                return "" if ours == text else ours
        return ""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let cases of `kind` be opened; raises `ValueError` when another kind has its name."""
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(kind.name)


def kind(name: str) -> Kind:
    """Return the kind called `name`; raises `KindUnknown`."""
    if name not in _kinds:
        raise KindUnknown(kind=name)
    return _kinds[name]


def registered() -> list[Kind]:
    """Return every kind, ordered by name."""
    return [_kinds[name] for name in sorted(_kinds)]
