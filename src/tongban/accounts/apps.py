"""The room in Django's eyes."""

from datetime import timedelta

from django.apps import AppConfig

from tongban.accounts.rules import Realm
from tongban.kernel import jobs
from tongban.web import doors


class AccountsConfig(AppConfig):
    """Accounts, log-in, sessions, bound identities."""

    name = "tongban.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register what the worker does for this room, and where people log in."""
        # Models are ready only now.
        from tongban.accounts import checks, credentials, passkey_challenges, sessions, tally  # noqa: F401, PLC0415
        from tongban.accounts.flows import recognise_device, redeem_totp  # noqa: PLC0415
        from tongban.vault import keepers  # noqa: PLC0415

        keepers.register(credentials.KEEPER)
        jobs.register(jobs.Job(name="accounts.sessions", every=timedelta(minutes=5), run=sessions.end_expired))
        jobs.register(jobs.Job(name="accounts.log_in_tallies", every=timedelta(minutes=5), run=tally.forget))
        jobs.register(jobs.Job(name="accounts.totp_uses", every=timedelta(hours=1), run=redeem_totp.forget))
        jobs.register(
            jobs.Job(name="accounts.passkey_challenges", every=timedelta(hours=1), run=passkey_challenges.forget)
        )
        jobs.register(jobs.Job(name="accounts.devices", every=timedelta(hours=1), run=recognise_device.forget))
        doors.set_window(None, "accounts:log-in")
        doors.set_window(Realm.NATURAL, "accounts:log-in-natural")
        doors.set_window(Realm.LEGAL, "accounts:log-in-legal")
        doors.set_window(Realm.STAFF, "accounts:log-in-staff")
