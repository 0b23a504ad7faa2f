"""Addresses of the room."""

from django.urls import path

from tongban.challenge import views

app_name = "challenge"
urlpatterns = [
    path("challenge/picture/", views.picture, name="picture"),
    path("challenge/audio/", views.sound, name="audio"),
    path("challenge/puzzle/", views.puzzle, name="puzzle"),
]
