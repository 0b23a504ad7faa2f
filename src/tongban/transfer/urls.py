"""The addresses of this room."""

from django.urls import path

from tongban.transfer.views import first_log_in, reports, search_api

app_name = "transfer"
urlpatterns = [
    path("account/transfer/", first_log_in.first_log_in, name="first-log-in"),
    path("account/transfer/phone/", first_log_in.phone, name="phone"),
    path("account/transfer/unit/", first_log_in.ask_unit, name="ask-unit"),
    path("desk/transfers/", reports.batches, name="batches"),
    path("desk/transfers/<uuid:batch_id>/", reports.batch, name="batch"),
    path("desk/transfers/<uuid:batch_id>/rows.csv", reports.rows, name="batch-rows"),
    path("api/transfer/openapi.json", search_api.description, name="openapi"),
    path("api/transfer/unit-searches", search_api.unit_search, name="unit-search"),
    path("api/transfer/person-codes", search_api.person_code, name="person-code"),
    path("api/transfer/person-searches", search_api.person_search, name="person-search"),
]
