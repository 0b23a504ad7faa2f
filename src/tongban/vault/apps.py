"""The room `vault`."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tongban.kernel import jobs


class VaultConfig(AppConfig):
    """Keys and what they protect."""

    name = "tongban.vault"
    label = "vault"
    verbose_name = _("保险库")

    def ready(self) -> None:
        """Register the start-up checks and the job that brings rows under new keys."""
        from tongban.vault import checks, keepers  # noqa: F401, PLC0415 - checks register themselves once apps are ready
        from tongban.vault.flows import erase_evidence, reencode_evidence, reseal_evidence  # noqa: PLC0415 - likewise
        from tongban.vault.flows.reencrypt import Walker  # noqa: PLC0415 - models exist only now

        keepers.register(reseal_evidence.KEEPER)
        jobs.register(jobs.Job(name="vault.reencrypt", every=timedelta(seconds=30), run=Walker().run))
        every = timedelta(seconds=0.5)
        jobs.register(jobs.Job(name="vault.reencode_evidence", every=every, run=reencode_evidence.reencode_due))
        jobs.register(jobs.Job(name="vault.erase_evidence", every=timedelta(minutes=10), run=erase_evidence.erase_due))
        jobs.register(jobs.Job(name="vault.sweep_evidence", every=timedelta(hours=1), run=erase_evidence.sweep))
