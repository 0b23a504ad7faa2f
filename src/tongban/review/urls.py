"""Addresses of the room."""

from django.urls import path

from tongban.review.views import desk, export, mine, work

app_name = "review"
_CASE = "desk/cases/<uuid:case_id>/"
_MINE = "account/cases/<slug:number>/"
urlpatterns = [
    path("desk/", desk.queue, name="queue"),
    path("desk/next/", desk.take_next, name="next"),
    path("desk/statistics/", desk.statistics, name="figures"),
    path("desk/export/", export.export, name="export"),
    path(_CASE, work.case, name="case"),
    path(f"{_CASE}claim/", desk.claim, name="claim"),
    path(f"{_CASE}decide/", work.choose, name="choose"),
    path(f"{_CASE}decide/<slug:reason>/<int:round_number>/", work.decision, name="decision"),
    path(f"{_CASE}confirm/<int:round_number>/", work.second, name="confirm"),
    path(f"{_CASE}disagree/<int:round_number>/", work.disagree, name="disagree"),
    path(f"{_CASE}hand-back/", work.give_back, name="hand-back"),
    path(f"{_CASE}pass-on/", work.pass_on, name="pass-on"),
    path(f"{_CASE}step-back/", work.step_back, name="step-back"),
    path(f"{_CASE}reopen/", work.reopen, name="reopen"),
    path(f"{_CASE}note/", work.note, name="note"),
    path(f"{_CASE}files/<uuid:file_id>/", work.picture, name="picture"),
    path(_MINE, mine.case, name="my-case"),
    path(f"{_MINE}answer/", mine.answer, name="answer"),
    path(f"{_MINE}withdraw/", mine.withdraw, name="withdraw"),
]
