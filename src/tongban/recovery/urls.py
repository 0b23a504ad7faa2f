"""Addresses of the room."""

from django.urls import path

from tongban.accounts.rules import Realm
from tongban.recovery.views import contact, forgotten, reset

app_name = "recovery"
urlpatterns = [
    path("recover/", forgotten.forgotten, name="forgotten"),
    path("recover/natural/login-name/", reset.login_name, {"realm": Realm.NATURAL}, name="reset-natural"),
    path("recover/legal/login-name/", reset.login_name, {"realm": Realm.LEGAL}, name="reset-legal"),
    path("recover/new-password/", reset.new_password, name="new-password"),
    path("recover/done/", reset.done, name="done"),
    path("recover/legal/contact/", contact.ask, name="contact"),
    path("recover/legal/contact/asked/", contact.asked, name="contact-asked"),
]
