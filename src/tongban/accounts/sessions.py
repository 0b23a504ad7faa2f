"""The session engine (`SESSION_ENGINE`): sessions as rows that can be listed, ended and outlived by nobody.

Differences to Django's database sessions: the row holds a digest of the key, so that a stolen table opens nothing; a
session ends after a pause and after a longest life, which depend on the realm; a new key at log-in costs one statement;
the session of an account keeps its id when only its key changes.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import connection, transaction
from django.db.models import UUIDField

from tongban.accounts import plain_rows
from tongban.accounts.models import Account, Session
from tongban.accounts.rules import Realm
from tongban.accounts.rules.session_limits import SessionLimits
from tongban.kernel import clock

METHODS = "amr"
"""Where a session keeps by what its person was recognised, as values of RFC 8176."""
_KEY_BYTES = 24  # 192 bits, as 48 characters; a character at a time cost as much as a statement
_USER_AGENT_LENGTH = 256
# Every request of the signed-in asks these two; Django takes ten times as long to write them as one statement.
_SESSION = f"""
SELECT {plain_rows.columns(Session, "visit")} FROM accounts_session visit WHERE key_digest = %s AND NOT EXISTS (
  SELECT 1 FROM accounts_suspension held WHERE held.account_id = visit.account_id AND held.ended_at IS NULL
)
"""  # noqa: S608 - our own names
_UUID = UUIDField()
_ACCOUNT = f"SELECT {plain_rows.columns(Account, 'account')} FROM accounts_account account WHERE id = %s"  # noqa: S608 - ours
_SEEN_EVERY = timedelta(seconds=60)
"""How exactly the last use is known; a write at every request would be dear."""


def limits(realm: str | None) -> SessionLimits:
    """Return the limits for sessions of `realm`; visitors who are not signed in have the citizens'."""
    staff = realm == Realm.STAFF
    return SessionLimits(
        idle=timedelta(minutes=settings.SESSION_IDLE_MINUTES_STAFF if staff else settings.SESSION_IDLE_MINUTES),
        absolute=timedelta(hours=settings.SESSION_HOURS_STAFF if staff else settings.SESSION_HOURS),
    )


def _digest(key: str) -> str:
    # The key is random and long: a plain hash cannot be turned round.
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """One session. `describe` says where it comes from, before it is first saved."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._row: Session | None = None
        self._key_is_ours = False  # a key that only the browser vouches for is never given to a new row
        self._network = ""
        self._user_agent = ""

    @property
    def row(self) -> Session | None:
        """The row of the session as it was loaded or saved; `None` before the first save.

        Its id stays the same while an account is signed in.
        """
        self.get("")
        return self._row

    @property
    def ends_at(self) -> datetime | None:
        """When the session ends if nothing more happens; `None` before the first save."""
        return _ends_at(self.row) if self.row else None

    def describe(self, *, network: str, user_agent: str) -> None:
        """Remember where the session comes from, for its owner to recognise it."""
        self._network, self._user_agent = network, user_agent[:_USER_AGENT_LENGTH]

    def load(self) -> dict[str, Any]:
        """Return the content, or nothing when there is no such session, its time is over or its account suspended.

        Suspending ends every session; one that was being made at that moment is not found either.
        """
        row = _find(_digest(self.session_key or ""))
        now = clock.now()
        if row is None or now >= _ends_at(row):
            self._session_key = None
            return {}
        if now >= row.last_seen_at + _SEEN_EVERY:
            Session.objects.filter(id=row.id).update(last_seen_at=now)
            row.last_seen_at = now
        self._row, self._key_is_ours = row, True
        return self.decode(row.data)

    def exists(self, session_key: str) -> bool:
        """Return whether a session has this key."""
        return Session.objects.filter(key_digest=_digest(session_key)).exists()

    def create(self) -> None:
        """Start a session with a new key now."""
        self.cycle_key()
        self.save(must_create=True)

    def cycle_key(self) -> None:
        """Take a new key and keep the content; the row follows when the session is saved."""
        self.get("")
        self._take_new_key()
        self.modified = True

    def flush(self) -> None:
        """End the session."""
        self.clear()
        self.delete()
        self._session_key = self._row = None

    def save(self, must_create: bool = False) -> None:
        """Write the content; raises `UpdateError` when the session has been ended meanwhile."""
        content = dict(self.items())
        if self.session_key is None or not self._key_is_ours:
            self._take_new_key()
        account_id = UUID(content[SESSION_KEY]) if SESSION_KEY in content else None
        values = {"key_digest": _digest(self.session_key or ""), "data": self.encode(content)}
        if self._row is None or must_create or self._row.account_id != account_id:
            self._replace(account_id, values)
        elif not Session.objects.filter(id=self._row.id).update(**values):
            raise UpdateError

    def _take_new_key(self) -> None:
        self._session_key = secrets.token_hex(_KEY_BYTES)
        self._key_is_ours = True

    def _replace(self, account_id: UUID | None, values: dict[str, str]) -> None:
        """Insert a fresh row; the row of the visit before it (another account, or nobody) goes."""
        now = clock.now()
        row = Session(
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
            network=self._network,
            user_agent=self._user_agent,
            **values,
        )
        if self._row is None:
            row.insert(hurried=False)
        else:
            with transaction.atomic():
                Session.objects.filter(id=self._row.id).delete()
                row.insert(hurried=False)
        self._row = row

    def delete(self, session_key: str | None = None) -> None:
        """End the session with this key, or this one."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key_digest=_digest(key)).delete()

    def get_expire_at_browser_close(self) -> bool:
        """Return that the cookie carries no date: the server alone decides."""
        return True

    @classmethod
    def clear_expired(cls) -> None:
        """Delete every session whose time is over."""
        end_expired()


def end_expired() -> int:
    """Delete sessions whose time is over, as many as one batch holds, and return how many."""
    now = clock.now()
    longest = [limits(realm) for realm in (None, Realm.STAFF)]
    idle = max(limit.idle for limit in longest)
    absolute = max(limit.absolute for limit in longest)
    over = Session.objects.filter(last_seen_at__lte=now - idle) | Session.objects.filter(created_at__lte=now - absolute)
    batch = list(over.values_list("id", flat=True)[:500])
    return Session.objects.filter(id__in=batch).delete()[0] if batch else 0


def _find(key_digest: str) -> Session | None:
    """Return the session and, with it, its account, unless that is suspended."""
    row = plain_rows.one(Session, _SESSION, [key_digest])
    if row is not None:
        key = _UUID.get_db_prep_value(row.account_id, connection)
        row.account = plain_rows.one(Account, _ACCOUNT, [key]) if key else None
    return row


def _ends_at(row: Session) -> datetime:
    realm = row.account.realm if row.account else None
    return limits(realm).ends_at(created_at=row.created_at, last_seen_at=row.last_seen_at)
