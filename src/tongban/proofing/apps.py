"""The room in Django's eyes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProofingConfig(AppConfig):
    """Real-name verification."""

    name = "tongban.proofing"
    label = "proofing"
    verbose_name = _("实名认证")
