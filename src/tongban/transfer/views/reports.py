"""账号转移: which files were imported, what became of their rows, which were bad. Persons' numbers are masked."""

import csv
from collections.abc import Iterator
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.accounts.callers import account_of
from tongban.accounts.rules import Realm, Role
from tongban.design import menus
from tongban.transfer import queries
from tongban.transfer.labels import state_of
from tongban.transfer.models import Batch
from tongban.transfer.rules import Outcome
from tongban.transfer.sentences import BAD, COLUMNS, OUTCOMES
from tongban.web.doors import signed_in

_READERS = (Role.OPERATOR, Role.AUDITOR)
_BATCHES, _BAD_ROWS = 20, 50


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    menu = menus.desk(account_of(request).roles, request.path)
    return render(request, f"transfer/reports/{template}.html", {"desk_menu": menu, **context})


@signed_in(realm=Realm.STAFF, role=_READERS)
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """账号转移: the files, the latest first."""
    page = Paginator(queries.batches(), _BATCHES).get_page(request.GET.get("page"))
    rows = [(batch, state_of(batch)) for batch in page]
    return _page(request, "batches", {"heading": _("账号转移"), "page": page, "rows": rows})


@signed_in(realm=Realm.STAFF, role=_READERS)
@require_safe
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One file: how many rows had which outcome, and the bad rows, page by page."""
    found = get_object_or_404(Batch, id=batch_id)
    page = Paginator(queries.bad_rows_of(found), _BAD_ROWS).get_page(request.GET.get("page"))
    bad = [(row, COLUMNS[row.column], BAD[row.reason]) for row in page]
    counts = [(outcome, OUTCOMES[Outcome(outcome)], number) for outcome, number in sorted(found.counts.items())]
    context = {"batch": found, "state": state_of(found), "counts": counts, "page": page, "bad": bad}
    return _page(request, "batch", {"heading": found.file_name, **context})


@signed_in(realm=Realm.STAFF, role=_READERS)
@require_safe
def rows(request: HttpRequest, batch_id: UUID) -> StreamingHttpResponse:
    """Every row of one file, as CSV."""
    found = get_object_or_404(Batch, id=batch_id)
    answer = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="transfer-{found.id}.csv"'
    return answer


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def _lines(found: Batch) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(queries.REPORT_HEADER)
    for line in queries.report(found):
        yield writer.writerow(line.cells)
