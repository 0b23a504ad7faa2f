"""Addresses of the room."""

from django.urls import path

from tongban.accounts.rules import Realm
from tongban.accounts.views import factors, log_in, log_out, new_password, not_me, operating, register, security, staff

app_name = "accounts"
urlpatterns = [
    path("log-in/", log_in.choose_window, name="log-in"),
    path("log-in/natural/", log_in.window, {"realm": Realm.NATURAL}, name="log-in-natural"),
    path("log-in/legal/", log_in.window, {"realm": Realm.LEGAL}, name="log-in-legal"),
    path("staff/log-in/", staff.window, name="log-in-staff"),
    path("staff/log-in/code/", staff.second_factor, name="second-factor"),
    path("staff/log-in/app/", staff.enrol, name="enrol-factor"),
    path("staff/log-in/passkey/", staff.enrol_passkey, name="enrol-passkey"),
    path("staff/confirm/", factors.confirm, name="confirm-factor"),
    path("staff/invitations/<str:token>/", staff.invitation, name="invitation"),
    path("not-me/<str:token>/", not_me.not_me, name="not-me"),
    path("log-in/new-password/", new_password.replace_weak, name="replace-weak-password"),
    path("log-in/suspended/", log_in.suspended, name="suspended"),
    path("desk/staff/", operating.staff, name="staff"),
    path("desk/staff/<uuid:account_id>/reset/", operating.request_reset, name="request-reset"),
    path("desk/staff/resets/<uuid:request_id>/approve/", operating.approve_reset, name="approve-reset"),
    path("desk/staff/resets/<uuid:request_id>/decline/", operating.decline_reset, name="decline-reset"),
    path("desk/accounts/", operating.find, name="find-account"),
    path("desk/accounts/<uuid:account_id>/", operating.account, name="account"),
    path("desk/accounts/<uuid:account_id>/suspend/", operating.suspend, name="suspend"),
    path("desk/accounts/<uuid:account_id>/lift/", operating.lift, name="lift"),
    path("log-out/", log_out.log_out, name="log-out"),
    path("register/", register.choose, name="register"),
    path("register/natural/", register.natural, name="register-natural"),
    path("register/legal/", register.legal, name="register-legal"),
    path("register/under-14/", register.under_14, name="under-14"),
    path("account/security/", security.security, name="security"),
    path("account/security/password/", security.change_password, name="change-password"),
    path("account/security/passkeys/new/", factors.new_passkey, name="new-passkey"),
    path("account/security/passkeys/<uuid:passkey_id>/remove/", factors.drop_passkey, name="remove-passkey"),
    path("account/security/app/", factors.new_app, name="new-app"),
    path("account/security/phone/", security.confirm_phone_owner, name="change-phone"),
    path("account/security/phone/new/", security.new_phone, name="change-phone-new"),
    path("account/security/sessions/end-others/", security.end_others, name="end-other-sessions"),
    path("account/security/sessions/<uuid:session_id>/end/", security.end_one, name="end-session"),
]
