"""The list of cases as CSV, for auditors: no personal data, and nothing a spreadsheet would take for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from tongban.design.labels import Text
from tongban.review import labels
from tongban.review.case_queue import kind_title
from tongban.review.models import Case, Decision
from tongban.review.rules import CaseState
from tongban.review.working_days import HERE

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets recognise UTF-8 by it."""
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_COLUMNS: Mapping[str, Text] = {
    "number": _("编号"),
    "kind": _("类型"),
    "state": _("状态"),
    "round": _("轮次"),
    "opened_at": _("提交时间"),
    "due_on": _("办理期限"),
    "ended_at": _("办结时间"),
    "reason": _("理由"),
    "decided_by": _("审核员"),
    "confirmed_by": _("复核员"),
}
_A_DAY = timedelta(days=1)
_CHUNK = 2000


def safe(value: object) -> str:
    """Return the text of a cell; one that would begin a formula gets an apostrophe in front (OWASP, CSV injection)."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def lines(*, first: date, last: date) -> Iterator[str]:
    """Yield the CSV, line by line: the cases opened from `first` to `last` (dates in Beijing), oldest first."""
    decision = Decision.objects.filter(case=OuterRef("pk")).order_by("-round")
    cases = Case.objects.filter(opened_at__gte=_start(first), opened_at__lt=_start(last + _A_DAY)).annotate(
        reason=Subquery(decision.values("reason")[:1]),
        decided_by=Subquery(decision.values("decided_by__login_name")[:1]),
        confirmed_by=Subquery(decision.values("confirmed_by__login_name")[:1]),
    )
    yield BYTE_ORDER_MARK + _line(_COLUMNS.values())
    for row in cases.order_by("opened_at", "id").values(*_COLUMNS).iterator(_CHUNK):
        shown = {**row, "kind": kind_title(row["kind"]), "state": labels.STATES[CaseState(row["state"])]}
        yield _line(_cell(shown[column]) for column in _COLUMNS)


def _start(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), HERE)


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(HERE).strftime("%Y-%m-%d %H:%M")
    return "" if value is None else value


def _line(cells: Iterable[object]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([safe(cell) for cell in cells])
    return written.getvalue()
