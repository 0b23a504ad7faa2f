"""The room in Django's eyes."""

from datetime import timedelta

from django.apps import AppConfig

from tongban.accounts import ticks
from tongban.accounts.events_out import IdentityBound, PhoneProved
from tongban.kernel import events, jobs
from tongban.vault import keepers


class TransferConfig(AppConfig):
    """Accounts that were brought over from another platform."""

    name = "tongban.transfer"
    label = "transfer"

    def ready(self) -> None:
        """Register the worker's jobs, what the vault and the log-in have to know."""
        from tongban.accounts import hints  # noqa: PLC0415 - models exist only now
        from tongban.transfer import checks, gate, pacing, queries  # noqa: F401, PLC0415 - checks register themselves
        from tongban.transfer.flows import grant_mandates, reseal_passwords, retire_passwords  # noqa: PLC0415

        events.subscribe(IdentityBound, grant_mandates.after_binding)
        events.subscribe(PhoneProved, grant_mandates.after_phone)
        gate.connect()
        hints.register("transfer", queries.login_name_behind)
        ticks.register("transfer", pacing.tick)
        keepers.register(reseal_passwords.KEEPER)
        every = timedelta(hours=1)
        jobs.register(jobs.Job(name="transfer.passwords", every=every, run=retire_passwords.retire_passwords))
