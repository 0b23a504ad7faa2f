"""Addresses of the demo: `/demo/…`."""

from django.urls import path

from tongban.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/outbox.json", views.outbox, name="outbox"),
    path("demo/captcha.json", views.captcha, name="captcha"),
    path("demo/accounts.json", views.accounts, name="accounts"),
    path("demo/torch.json", views.torch_accounts, name="torch"),
    path("demo/register.json", views.register, name="register"),
    path("demo/authority", views.authority, name="authority"),
    path("demo/clock", views.moved_clock, name="clock"),
]
