"""The addresses of this room."""

from django.urls import path

from tongban.sso.views import authorize, consents, enter, logout, machine

app_name = "sso"
urlpatterns = [
    path("services/<slug:slug>/enter/", enter.enter, name="enter"),
    path("account/consents/", consents.consents, name="consents"),
    path("account/consents/<uuid:grant_id>/withdraw/", consents.withdraw, name="withdraw"),
    path(".well-known/openid-configuration", machine.discovery, name="discovery"),
    path("oidc/authorize", authorize.authorize, name="authorize"),
    path("oidc/act-as", authorize.act_as, name="act-as"),
    path("oidc/consent", authorize.consent, name="consent"),
    path("oidc/log-in-again", authorize.log_in_again, name="log-in-again"),
    path("oidc/token", machine.token, name="token"),
    path("oidc/userinfo", machine.userinfo, name="userinfo"),
    path("oidc/jwks", machine.jwks, name="jwks"),
    path("oidc/logout", logout.log_out, name="logout"),
    path("oidc/logout/confirmed", logout.log_out_confirmed, name="log-out-confirmed"),
]
