"""The addresses of this room."""

from django.urls import path

from tongban.mandates.views import both, given, held

app_name = "mandates"
urlpatterns = [
    path("account/mandates/", held.held, name="held"),
    path("account/mandates/request/", held.ask, name="request"),
    path("account/mandates/offers/<uuid:bundle>/", held.answer, name="answer"),
    path("account/mandates/history/", both.history, name="history"),
    path("account/mandates/waiting/<uuid:bundle>/withdraw/", both.withdraw, name="withdraw"),
    path("account/mandates/<uuid:mandate_id>/end/", both.end, name="end"),
    path("account/representatives/", given.given, name="given"),
    path("account/representatives/offer/", given.offer, name="offer"),
    path("account/representatives/requests/<uuid:bundle>/", given.decide, name="decide"),
]
