"""Which account a session belongs to. Passwords are judged by `flows.log_in`, never by a Django backend."""

from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from tongban.accounts import queries
from tongban.accounts.models import Account

PATH = "tongban.accounts.backend.AccountBackend"


class AccountBackend(BaseBackend):
    """Finds the account of a session."""

    def get_user(self, user_id: UUID) -> Account | None:
        """Return the account, or `None` when it is gone or suspended: whatever session was made a moment ago."""
        return queries.usable_account(user_id)
