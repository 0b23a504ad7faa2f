"""The room in Django's eyes."""

from django.apps import AppConfig


class TransferConfig(AppConfig):
    """Accounts that were brought over from another platform."""

    name = "tongban.transfer"
    label = "transfer"
