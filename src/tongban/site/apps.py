"""The room in Django's eyes."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Home, notices, help, search, 在线办事."""

    name = "tongban.site"
    label = "site"
