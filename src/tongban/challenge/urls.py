"""Addresses of the room."""

from django.urls import path

from tongban.challenge import views

app_name = "challenge"
urlpatterns = [path("challenge/picture/", views.picture, name="picture")]
