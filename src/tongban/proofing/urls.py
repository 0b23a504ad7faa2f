"""Addresses of the room."""

from django.urls import path

from tongban.proofing import views

app_name = "proofing"
urlpatterns = [
    path("account/profile/", views.profile, name="profile"),
    path("account/profile/edit/", views.edit_profile, name="edit-profile"),
    path("account/profile/withdraw/", views.withdraw, name="withdraw"),
]
