"""Addresses of the room."""

from django.urls import path

from tongban.accounts.rules import Realm
from tongban.accounts.views import log_in, log_out, register, security, staff

app_name = "accounts"
urlpatterns = [
    path("log-in/", log_in.choose_window, name="log-in"),
    path("log-in/natural/", log_in.window, {"realm": Realm.NATURAL}, name="log-in-natural"),
    path("log-in/legal/", log_in.window, {"realm": Realm.LEGAL}, name="log-in-legal"),
    path("staff/log-in/", staff.window, name="log-in-staff"),
    path("staff/log-in/code/", staff.second_factor, name="second-factor"),
    path("staff/log-in/app/", staff.enrol, name="enrol-factor"),
    path("staff/invitations/<str:token>/", staff.invitation, name="invitation"),
    path("log-out/", log_out.log_out, name="log-out"),
    path("register/", register.choose, name="register"),
    path("register/natural/", register.natural, name="register-natural"),
    path("register/legal/", register.legal, name="register-legal"),
    path("register/under-14/", register.under_14, name="under-14"),
    path("account/security/", security.security, name="security"),
    path("account/security/password/", security.change_password, name="change-password"),
    path("account/security/phone/", security.confirm_phone_owner, name="change-phone"),
    path("account/security/phone/new/", security.new_phone, name="change-phone-new"),
    path("account/security/sessions/end-others/", security.end_others, name="end-other-sessions"),
    path("account/security/sessions/<uuid:session_id>/end/", security.end_one, name="end-session"),
]
