"""Addresses of the room."""

from django.urls import path

from tongban.accounts.rules import Realm
from tongban.recovery.views import appeal, contact, forgotten, links, objection, reset, status

app_name = "recovery"
urlpatterns = [
    path("recover/", forgotten.forgotten, name="forgotten"),
    path("recover/natural/login-name/", reset.login_name, {"realm": Realm.NATURAL}, name="reset-natural"),
    path("recover/legal/login-name/", reset.login_name, {"realm": Realm.LEGAL}, name="reset-legal"),
    path("recover/new-password/", reset.new_password, name="new-password"),
    path("recover/done/", reset.done, name="done"),
    path("recover/natural/appeal/", appeal.natural, name="appeal-natural"),
    path("recover/legal/appeal/", appeal.legal, name="appeal-legal"),
    path("recover/legal/appeal/details/", appeal.details, name="appeal-details"),
    path("recover/legal/appeal/letter/", appeal.letter, name="appeal-letter"),
    path("recover/appeals/check/", appeal.check, name="appeal-check"),
    path("recover/appeals/submitted/", appeal.submitted, name="submitted"),
    path("recover/appeals/status/", status.ask, name="status"),
    path("recover/appeals/progress/", status.progress, name="progress"),
    path("recover/appeals/correct/", status.correct, name="correct"),
    path("recover/objection/", objection.object_to, name="object"),
    path("recover/stop/<str:token>/", links.stop, name="stop"),
    path("recover/link/<str:token>/", links.link, name="link"),
    path("recover/legal/contact/", contact.ask, name="contact"),
    path("recover/legal/contact/asked/", contact.asked, name="contact-asked"),
]
