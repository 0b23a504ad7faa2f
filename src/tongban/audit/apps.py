"""The room `audit`."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from tongban.kernel import jobs


class AuditConfig(AppConfig):
    """Collects the event names of every room and gives the worker its sealing job."""

    name = "tongban.audit"
    label = "audit"
    verbose_name = _("审计")

    def ready(self) -> None:
        """Fill the catalogue of names, register the sealing job and the start-up checks."""
        from tongban.audit import checks  # noqa: F401, PLC0415 - checks register themselves once apps are ready
        from tongban.audit.flows.seal import seal_waiting  # noqa: PLC0415 - models exist only now

        autodiscover_modules("events")
        jobs.register(jobs.Job(name="audit.seal", every=timedelta(seconds=1), run=seal_waiting))
