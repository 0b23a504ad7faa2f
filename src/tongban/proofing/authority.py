"""What every authority that can confirm an identity must do; the setting AUTHORITY names those in use, in order.

A question goes to the first authority that covers it, and to the next one only when that one has no answer just now.
An answer is never doubted by asking another authority: it would cost, and two registers that differ prove nothing.

An adapter answers one question at a time. It must return within `within` seconds: one that talks to a network takes its
time-outs from them, and answers UNAVAILABLE for everything that is no answer (time-out, refused connection, quota,
maintenance). It keeps nothing of what it was asked.
"""

import time
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.proofing.entries import PersonQuestion, Question
from tongban.proofing.errors import AuthorityMisconfigured
from tongban.proofing.rules import Answer, Said

log = structlog.get_logger("tongban.proofing")


@runtime_checkable
class Authority(Protocol):
    """An office, or a service in front of it, that knows who people and units are."""

    name: str
    """Stable short name; it stands on every proof."""

    def covers_person(self, kind: DocumentKind) -> bool:
        """Whether persons with this kind of document can be checked at all."""
        ...

    def covers_unit(self, unit_type: UnitType) -> bool:
        """Whether units of this type can be checked at all."""
        ...

    def check_person(self, *, name: PersonName, document: Document, within: float) -> Answer | None:
        """Say whether `document` belongs to `name`; `within` in seconds. `None`: this one cannot be asked about."""
        ...

    def check_unit(
        self,
        *,
        unit_name: UnitName,
        uscc: Uscc,
        representative_name: PersonName,
        representative_document: Document,
        within: float,
    ) -> Answer | None:
        """Say whether the unit `uscc` has this name and this legal representative; `within` in seconds.

        `None`: this one cannot be asked about, though others of its type can (a foreign representative, say).
        """
        ...


def configured() -> tuple[Authority, ...]:
    """Return the authorities of the setting AUTHORITY in their order; raises `AuthorityMisconfigured`."""
    if not settings.AUTHORITY:
        raise AuthorityMisconfigured
    return tuple(_made(path) for path in settings.AUTHORITY)


def _made(path: str) -> Authority:
    try:
        made: object = import_string(path)()
    except ImportError:
        raise AuthorityMisconfigured from None
    if not isinstance(made, Authority):
        raise AuthorityMisconfigured
    return made


def ask(authorities: Sequence[Authority], question: Question, *, within: float) -> Said:
    """Put `question` to each authority that covers it, until one has an answer; `within` seconds in all.

    Each gets a fair share of the time that is left, so that a slow first one leaves the second a chance.
    """
    covering = [authority for authority in authorities if _covers(authority, question)]
    deadline = time.monotonic() + within
    said = Said(None, "")
    for number, authority in enumerate(covering):
        share = (deadline - time.monotonic()) / (len(covering) - number)
        answer = _answer(authority, question, share) if share > 0 else Answer.UNAVAILABLE
        if answer is Answer.UNAVAILABLE:
            said = Said(answer, authority.name)
        elif answer is not None:
            return Said(answer, authority.name)
    return said


def _covers(authority: Authority, question: Question) -> bool:
    if isinstance(question, PersonQuestion):
        return authority.covers_person(question.document.kind)
    return authority.covers_unit(question.unit_type)


def _answer(authority: Authority, question: Question, within: float) -> Answer | None:
    """Put one question; a network error an adapter let through is no answer either, and nothing is lost."""
    try:
        return _put(authority, question, within)
    except OSError:
        log.exception("authority failed", authority=authority.name, block=question.block)
        return Answer.UNAVAILABLE


def _put(authority: Authority, question: Question, within: float) -> Answer | None:
    if isinstance(question, PersonQuestion):
        return authority.check_person(name=question.name, document=question.document, within=within)
    return authority.check_unit(
        unit_name=question.unit_name,
        uscc=question.uscc,
        representative_name=question.representative_name,
        representative_document=question.representative_document,
        within=within,
    )
