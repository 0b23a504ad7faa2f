"""The room in Django's eyes."""

from datetime import timedelta

from django.apps import AppConfig

from tongban.kernel import jobs


class AccountsConfig(AppConfig):
    """Accounts, log-in, sessions, bound identities."""

    name = "tongban.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register what the worker does for this room."""
        from tongban.accounts.sessions import end_expired  # noqa: PLC0415 - models are ready only now

        jobs.register(jobs.Job(name="accounts.sessions", every=timedelta(minutes=5), run=end_expired))
