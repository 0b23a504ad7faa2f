"""The room `vault`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    """Keys and what they protect."""

    name = "tongban.vault"
    label = "vault"
    verbose_name = _("保险库")
