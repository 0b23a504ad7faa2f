"""The room in Django's eyes."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Manual review: cases, the desk, deadlines."""

    name = "tongban.review"
    label = "review"
