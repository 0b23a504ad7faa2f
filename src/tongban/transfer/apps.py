"""The room in Django's eyes."""

from datetime import timedelta

from django.apps import AppConfig

from tongban.kernel import jobs


class TransferConfig(AppConfig):
    """Accounts that were brought over from another platform."""

    name = "tongban.transfer"
    label = "transfer"

    def ready(self) -> None:
        """Register the worker's jobs and what the vault has to know."""
        from tongban.transfer import checks  # noqa: F401, PLC0415 - checks register themselves once apps are ready
        from tongban.transfer.flows import reseal_passwords, retire_passwords  # noqa: PLC0415 - models exist only now
        from tongban.vault import keepers  # noqa: PLC0415

        keepers.register(reseal_passwords.KEEPER)
        every = timedelta(hours=1)
        jobs.register(jobs.Job(name="transfer.passwords", every=every, run=retire_passwords.retire_passwords))
