"""我的办件: what an account has handed in, wherever it is handled: automatic verifications and manual reviews."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from tongban.accounts.models import Account
from tongban.design.labels import Text
from tongban.proofing import presenting
from tongban.proofing import queries as proofing
from tongban.proofing.models import Verification
from tongban.review import labels
from tongban.review import queries as review
from tongban.review.case_queue import kind_title
from tongban.review.models import Case
from tongban.review.rules import CaseState


@dataclass(frozen=True, slots=True)
class Line:
    """One case in the list: its number, what it is, since when, and a status tag (`kind`, `state`)."""

    url: str
    number: str
    title: Text
    at: datetime
    kind: str
    state: Text


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a verification's history, as `design`'s timeline draws it."""

    at: datetime
    title: Text
    text: Text = ""


def lines(account: Account) -> list[Line]:
    """Return the account's cases, newest first. Limits keep them few: they are put together in memory."""
    found = [
        *(verification_line(row) for row in proofing.history(account)),
        *(_review_line(row) for row in review.cases_for_account(account.id)),
    ]
    return sorted(found, key=lambda line: line.at, reverse=True)


def verification_line(row: Verification) -> Line:
    """Return the line of an automatic verification."""
    badge = presenting.result_badge(row)
    return Line(
        url=reverse("site:verification", args=[row.id]),
        number=f"{localtime(row.submitted_at):%Y%m%d}-{row.id.hex[-8:].upper()}",
        title=_("实名认证"),
        at=row.submitted_at,
        kind=badge.kind,
        state=badge.text,
    )


def verification_history(row: Verification) -> list[Happened]:
    """Return what happened to an automatic verification, newest first."""
    events = [Happened(row.submitted_at, _("提交"), _("您提交了实名认证信息。"))]
    if row.decided_at is not None:
        events.append(Happened(row.decided_at, presenting.result_badge(row).text))
    elif row.asks > 1:
        sentence = _("核验服务暂时没有答复，系统会自动重试，不需要重复提交。")
        events.append(Happened(row.submitted_at, _("等待核验"), sentence))
    return events[::-1]


def _review_line(row: Case) -> Line:
    return Line(
        url=reverse("review:my-case", args=[row.number]),
        number=row.number,
        title=kind_title(row.kind),
        at=row.opened_at,
        kind=labels.STATE_KINDS[CaseState(row.state)],
        state=review.state_text(row),
    )
