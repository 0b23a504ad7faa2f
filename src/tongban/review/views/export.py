"""导出: the list of cases for an auditor."""

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tongban.accounts.rules import Role
from tongban.review.flows.export_cases import export_cases
from tongban.review.forms import ExportForm
from tongban.review.views.desk import menu
from tongban.review.views.people import signed_in_account
from tongban.review.working_days import today
from tongban.web.doors import signed_in


@signed_in(realm="staff", role=Role.AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Ask for the dates, then send the file."""
    form = ExportForm(request.POST or None, today=today())
    if request.method == "POST" and form.is_valid():
        return _file(request, form)
    context = {
        "heading": _("导出办件清单"),
        "desk_menu": menu(request),
        "form": form,
        "submit_label": _("下载 CSV 文件"),
    }
    return render(request, "review/export.html", context)


def _file(request: HttpRequest, form: ExportForm) -> StreamingHttpResponse:
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    lines = export_cases(auditor=signed_in_account(request), first=first, last=last)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="cases-{first:%Y%m%d}-{last:%Y%m%d}.csv"'
    return answer
