"""Counts failed log-ins, each attempt before its outcome is known: parallel guesses cannot slip past the count."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from tongban.accounts import plain_rows
from tongban.accounts.models import Account, LogInTally
from tongban.accounts.rules import Realm, login_names
from tongban.accounts.rules.attempts import Counted, Pace, Standing
from tongban.audit.statements import Statement, unhurried
from tongban.challenge.rules import Limit
from tongban.kernel import clock
from tongban.vault import digests

_DOMAIN = "accounts.log_in_tally"
# The statements of every log-in, in plain SQL: Django cannot say "insert, or else add one", and takes longer to write
# the others than the database to carry them out.
_STANDING = """
SELECT key, failures, last_failed_at FROM accounts_logintally
WHERE key IN (%s, %s, %s, %s, %s) AND remembered_until > %s
"""
_NETWORK = "SELECT failures FROM accounts_logintally WHERE key = %s AND remembered_until > %s"
_COUNT = """
INSERT INTO accounts_logintally (key, failures, last_failed_at, remembered_until)
VALUES (%s, 1, %s, %s), (%s, 1, %s, %s), (%s, 1, %s, %s), (%s, 1, %s, %s), (%s, 1, %s, %s)
ON CONFLICT (key) DO UPDATE SET
  failures = CASE WHEN accounts_logintally.remembered_until <= excluded.last_failed_at THEN 1
                  ELSE accounts_logintally.failures + 1 END,
  last_failed_at = excluded.last_failed_at,
  remembered_until = excluded.remembered_until
RETURNING key, failures, """
# The rows are there: the attempt was counted. An UPDATE would find them in an order of its own, and two log-ins of one
# person would wait for each other; rows that are inserted are taken in the order in which they stand here.
_SETTLE = """
INSERT INTO accounts_logintally (key, failures, last_failed_at, remembered_until)
VALUES (%s, 0, %s, %s), (%s, 0, %s, %s), (%s, 0, %s, %s), (%s, 0, %s, %s), (%s, 0, %s, %s)
ON CONFLICT (key) DO UPDATE SET
  failures = CASE WHEN accounts_logintally.key = %s
                    OR accounts_logintally.key = %s AND accounts_logintally.failures > %s
                  THEN accounts_logintally.failures - 1 ELSE 0 END
WHERE accounts_logintally.failures > 0
"""


def pace() -> Pace:
    """Return the numbers in force."""
    return Pace(
        name_failures=settings.LOG_IN_FAILURES,
        network_failures=settings.LOG_IN_FAILURES_NETWORK,
        window=timedelta(seconds=settings.LOG_IN_WINDOW_SECONDS),
        first_delay=timedelta(seconds=settings.LOG_IN_FIRST_DELAY_SECONDS),
        longest_delay=timedelta(seconds=settings.LOG_IN_LONGEST_DELAY_SECONDS),
        in_a_row=settings.AUTHENTICATOR_FAILURES,
        in_a_row_window=timedelta(days=settings.AUTHENTICATOR_FAILURES_DAYS),
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """The five counts that one log-in concerns, by the digests they are kept under."""

    keys: dict[Counted, str]

    @classmethod
    def of(cls, *, realm: Realm, login_name_key: str, network: str, device: str = "") -> "Tally":
        """Return the counts for a login name (as compared) typed in the window of `realm`, from `network`.

        `device` is the digest of what the browser shows as its token, or "" when it shows none.
        """
        name = f"{realm}|{login_name_key}"
        of = {
            Counted.NAME: name,
            Counted.NETWORK: network,
            Counted.PAIR: f"{network}|{name}",
            Counted.IN_A_ROW: name,
            Counted.DEVICE: f"{device}|{name}",
        }
        keys = digests.Digester(_DOMAIN).keyed_all(f"{counted}|{value}".encode() for counted, value in of.items())
        return cls(dict(zip(of, keys, strict=True)))

    def standing(self) -> Standing:
        """Return the failures that still count."""
        with connection.cursor() as cursor:
            cursor.execute(_STANDING, [*self.keys.values(), _to_database(clock.now())])
            found = {key: (failures, at) for key, failures, at in cursor.fetchall()}
        counts = {counted.field: found[key][0] for counted, key in self.keys.items() if key in found}
        _failures, pair_failed_at = found.get(self.keys[Counted.PAIR], (0, None))
        return Standing(**counts, pair_failed_at=plain_rows.moment(pair_failed_at))

    def count(self) -> Standing:
        """Count one attempt as failed and return the failures before it."""
        now = clock.now()
        numbers = pace()
        # Always in the same order, so that two callers never wait for each other.
        rows = sorted((key, now + numbers.remembered_for(counted)) for counted, key in self.keys.items())
        values = [value for key, until in rows for value in (key, _to_database(now), _to_database(until))]
        with connection.cursor() as cursor:
            cursor.execute(_COUNT + unhurried(), values)
            failures = {key: count for key, count, _unhurried in cursor.fetchall()}
        return Standing(**{counted.field: failures[key] - 1 for counted, key in self.keys.items()})

    def settlement(self) -> Statement:
        """Return what takes the attempt back, because it succeeded.

        Failures of the name are forgotten, those of the network stay. A password that was disabled on unknown devices
        stays so: a known one opened the account.
        """
        now = _to_database(clock.now())
        rows = [value for key in sorted(self.keys.values()) for value in (key, now, now)]
        in_a_row = [self.keys[Counted.IN_A_ROW], settings.AUTHENTICATOR_FAILURES]
        return Statement(_SETTLE, [*rows, self.keys[Counted.NETWORK], *in_a_row])


def in_a_row(name: str) -> Limit:
    """Return the limit for failures in a row of an authenticator that is no log-in's first; `name` says of which."""
    period = timedelta(days=settings.AUTHENTICATOR_FAILURES_DAYS)
    return Limit(f"{name}/in-a-row", times=settings.AUTHENTICATOR_FAILURES, period=period)


def enable(account: Account) -> None:
    """Forget failures in a row, on known devices too: the password is another one now."""
    digests_of_devices = account.devices.values_list("token_digest", flat=True)
    keys = [_key_in_a_row(account), *(_key_of_device(account, device) for device in digests_of_devices)]
    with transaction.atomic():
        locked = LogInTally.objects.select_for_update().filter(key__in=keys).order_by("key")
        LogInTally.objects.filter(key__in=[tally.key for tally in locked]).update(failures=0)


def is_disabled(account: Account) -> bool:
    """Return whether the password opens nothing from unknown devices, because it was tried too often."""
    reached = LogInTally.objects.filter(key=_key_in_a_row(account), failures__gte=settings.AUTHENTICATOR_FAILURES)
    return reached.filter(remembered_until__gt=clock.now()).exists()


def needs_human_check(*, realm: Realm, login_name: str, network: str) -> bool:
    """Return whether the next log-in under this name from `network` needs a 验证码."""
    key = login_names.key(login_name)
    return Tally.of(realm=realm, login_name_key=key, network=network).standing().needs_human_check(pace())


def network_needs_human_check(network: str) -> bool:
    """Return whether the next log-in from `network` needs a 验证码, whatever the login name."""
    with connection.cursor() as cursor:
        cursor.execute(_NETWORK, [_digest(Counted.NETWORK, network), _to_database(clock.now())])
        found = cursor.fetchone()
    return Standing(network=found[0] if found else 0).needs_human_check(pace())


def forget() -> int:
    """Delete counts that count no more, at most a batch, and return how many went."""
    with transaction.atomic():
        # Never those that a log-in is about to count anew.
        free = LogInTally.objects.select_for_update(skip_locked=True).filter(remembered_until__lte=clock.now())
        batch = [tally.key for tally in free[:500]]
        return LogInTally.objects.filter(key__in=batch).delete()[0] if batch else 0


def _key_in_a_row(account: Account) -> str:
    return _digest(Counted.IN_A_ROW, f"{account.realm}|{account.login_name_key}")


def _key_of_device(account: Account, device: str) -> str:
    return _digest(Counted.DEVICE, f"{device}|{account.realm}|{account.login_name_key}")


def _digest(counted: Counted, value: str) -> str:
    return digests.keyed(_DOMAIN, f"{counted}|{value}")


def _to_database(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
