"""The room in Django's eyes."""

from datetime import timedelta

from django.apps import AppConfig

from tongban.accounts.events_out import CredentialChanged, Suspended
from tongban.kernel import events, jobs
from tongban.mandates.events_out import MandateEnded
from tongban.web.content_policy import add_form_targets


class SsoConfig(AppConfig):
    """Relying parties, consent, OpenID Connect."""

    name = "tongban.sso"
    label = "sso"

    def ready(self) -> None:
        """Tell every page where forms may lead in the end, and the worker what to keep in order."""
        from tongban.sso import queries  # noqa: PLC0415 - models are ready only now
        from tongban.sso.flows.end_access import (  # noqa: PLC0415
            after_credential_change,
            after_mandate,
            after_suspension,
        )
        from tongban.sso.flows.keep_signing_keys import keep_signing_keys  # noqa: PLC0415
        from tongban.sso.flows.sweep import sweep  # noqa: PLC0415

        events.subscribe(CredentialChanged, after_credential_change)
        events.subscribe(Suspended, after_suspension)
        events.subscribe(MandateEnded, after_mandate)
        add_form_targets(queries.form_targets)
        jobs.register(jobs.Job(name="sso.signing_keys", every=timedelta(hours=1), run=keep_signing_keys))
        jobs.register(jobs.Job(name="sso.sweep", every=timedelta(minutes=5), run=sweep))
