"""The addresses of the service hall."""

from django.urls import path

from tongban.site.views import account, hall, help_centre, messages, metrics, notices, pages, probes

app_name = "site"
urlpatterns = [
    path("", hall.home, name="home"),
    path("search/", hall.search, name="search"),
    path("display/", hall.display, name="display"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<slug:slug>/", notices.notice, name="notice"),
    path("help/transfer/", help_centre.transfer_guide, name="transfer-guide"),
    path("help/transfer/<slug:part>/", help_centre.transfer_guide, name="transfer-guide-part"),
    path("help/", help_centre.help_centre, name="help"),
    path("terms/", pages.terms, name="terms"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("account/", account.account, name="account"),
    path("account/cases/", account.cases, name="cases"),
    path("account/cases/<uuid:verification_id>/", account.verification, name="verification"),
    path("account/messages/", messages.messages, name="messages"),
    path("account/messages/read/", messages.mark_all_read, name="messages-read"),
    path("account/messages/<uuid:message_id>/", messages.message, name="message"),
    path("livez", probes.livez, name="livez"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
