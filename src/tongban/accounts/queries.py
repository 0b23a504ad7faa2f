"""What the room reads, for itself and for the rooms above it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import EllipsisType
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, UUIDField

from tongban.accounts import plain_rows
from tongban.accounts.models import (
    IDENTITY_DOMAIN,
    PHONE_DOMAIN,
    Account,
    IdentityBinding,
    Invitation,
    KnownDevice,
    LegalProfile,
    NotMeLink,
    Passkey,
    ResetRequest,
    Session,
    StaffRole,
    Suspension,
    Totp,
)
from tongban.accounts.rules import IdentityKind, Realm, identity, login_names
from tongban.accounts.rules.attempts import Counted, Standing
from tongban.accounts.sessions import limits as limits_of
from tongban.kernel import clock
from tongban.kernel.documents import Document
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import UnitName
from tongban.kernel.uscc import Uscc
from tongban.vault import blind_index
from tongban.vault.purposes import Purpose

M = TypeVar("M", bound=Model)
# Every log-in asks these. Django takes ten times as long to write such a statement as the database to answer it.
_DOOR = f"""
SELECT {plain_rows.columns(Account, "account")}, EXISTS (
  SELECT 1 FROM accounts_suspension WHERE account_id = account.id AND ended_at IS NULL
) AS is_suspended, (
  SELECT last_seen_on FROM accounts_knowndevice WHERE account_id = account.id AND token_digest = %s
) AS device_seen_on,
  (SELECT failures FROM accounts_logintally WHERE key = %s AND remembered_until > %s) AS name_failures,
  (SELECT failures FROM accounts_logintally WHERE key = %s AND remembered_until > %s) AS network_failures,
  (SELECT failures FROM accounts_logintally WHERE key = %s AND remembered_until > %s) AS pair_failures,
  (SELECT last_failed_at FROM accounts_logintally WHERE key = %s AND remembered_until > %s) AS pair_failed_at
FROM (SELECT 1) AS attempt LEFT JOIN accounts_account account ON realm = %s AND login_name_key = %s
"""  # noqa: S608 - our own names
_UUID = UUIDField()
_DEVICE = f"""
SELECT {plain_rows.columns(KnownDevice, "device")} FROM accounts_knowndevice device
WHERE account_id = %s AND token_digest = %s
"""  # noqa: S608 - our own names


def account_named(realm: Realm, login_name: str) -> Account | None:
    """Return the account of `realm` that logs in as `login_name`, however it is written."""
    return _only(Account.objects.filter(realm=realm, login_name_key=login_names.key(login_name)))


@dataclass(frozen=True, slots=True)
class Door:
    """What a log-in needs to know: the account, whether it is suspended, whether the device was used for it, and the
    failures before that ask for a 验证码 or a pause.
    """

    account: Account | None
    is_suspended: bool
    knows_device: bool
    standing: Standing


def door(realm: Realm, login_name: str, *, device: str, tally: Mapping[Counted, str]) -> Door:
    """Return the account as `account_named`, with what is said of it: one statement, whatever it finds.

    `device` is the digest of the browser's token; `tally` has the key of each count of failures.
    """
    now = connection.ops.adapt_datetimefield_value(clock.now())
    asked = (Counted.NAME, Counted.NETWORK, Counted.PAIR, Counted.PAIR)
    keys = [value for counted in asked for value in (tally[counted], now)]
    found = plain_rows.one(Account, _DOOR, [device, *keys, realm.value, login_names.key(login_name)])
    assert found  # noqa: S101 - there is a row for every attempt
    said = vars(found)
    seen_on = found.device_seen_on = _date(said["device_seen_on"])
    return Door(
        account=found if found.pk else None,
        is_suspended=bool(said["is_suspended"]),
        knows_device=seen_on is not None,
        standing=Standing(
            name=said["name_failures"] or 0,
            network=said["network_failures"] or 0,
            pair=said["pair_failures"] or 0,
            pair_failed_at=plain_rows.moment(said["pair_failed_at"]),
        ),
    )


def _date(stored: date | str | None) -> date | None:
    """Return a day as it was stored: SQLite keeps days as texts."""
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def knows_device(account: Account, token: str) -> bool:
    """Return whether the browser with this token was used for the account."""
    return device_last_seen_on(account, token) is not None


def usable_account(account_id: UUID) -> Account | None:
    """Return the account, unless it is suspended."""
    suspended = Exists(_suspensions().filter(account=OuterRef("id")))
    return _only(Account.objects.filter(~suspended, id=account_id))


def live_suspension(account_id: UUID) -> Suspension | None:
    """Return why the account may not be used now."""
    return _only(_suspensions().filter(account_id=account_id))


def suspensions_of(account: Account) -> QuerySet[Suspension]:
    """Return every suspension of the account, the latest first."""
    return account.suspensions.select_related("by", "ended_by").order_by("-at")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as the list of them says it."""

    account: Account
    roles: Sequence[str]
    has_app: bool
    passkeys: int
    is_suspended: bool


def staff() -> list[Colleague]:
    """Return everybody on the staff, by login name."""
    apps = _confirmed_apps().filter(account=OuterRef("id"))
    people = Account.objects.filter(realm=Realm.STAFF).order_by("login_name_key")
    marked = people.annotate(
        has_app=Exists(apps),
        passkey_count=Count("passkeys", filter=Q(passkeys__ended_at__isnull=True)),
        is_suspended=Exists(_suspensions().filter(account=OuterRef("id"))),
    )
    roles: dict[UUID, list[str]] = defaultdict(list)
    for account_id, role in StaffRole.objects.filter(ended_at__isnull=True).values_list("account_id", "role"):
        roles[account_id].append(role)
    return [
        Colleague(
            account,
            sorted(roles[account.id]),
            has_app=account.has_app,
            passkeys=account.passkey_count,
            is_suspended=account.is_suspended,
        )
        for account in marked
    ]


def open_resets() -> QuerySet[ResetRequest]:
    """Return the requests that wait for a second operator, the oldest first."""
    waiting = ResetRequest.objects.filter(settled_at__isnull=True)
    return waiting.select_related("account", "requested_by").order_by("requested_at")


def accounts_with_phone(phone: Mobile) -> QuerySet[Account]:
    """Return the accounts that have proved `phone`."""
    indexes = blind_index.candidates(PHONE_DOMAIN, phone.value)
    return Account.objects.filter(phone_index__in=indexes, phone_proved_at__isnull=False)


def phone_of(account: Account, purpose: Purpose) -> Mobile | None:
    """Return the account's phone; staff may have none. One that came with a transfer need not be proved."""
    return Mobile.parse(account.phone.reveal(purpose)) if account.phone else None


def legal_profile(account: Account) -> LegalProfile | None:
    """Return what the account says about its unit; `None` outside the legal realm."""
    return _only(LegalProfile.objects.filter(account=account))


def live_binding(account: Account | UUID, kind: IdentityKind) -> IdentityBinding | None:
    """Return what the account is bound to now."""
    account_id = account.id if isinstance(account, Account) else account
    return _only(_live().filter(account_id=account_id, kind=kind))


def live_bindings(account_ids: Iterable[UUID], kind: IdentityKind) -> Mapping[UUID, IdentityBinding]:
    """Return what each of the accounts is bound to now, by account, in one statement: for lists."""
    found = _live().filter(account_id__in=set(account_ids), kind=kind)
    return {binding.account_id: binding for binding in found}


def is_same_person_as_before(account: UUID) -> bool:
    """Return whether the document bound to the account replaced one with the same number, or none."""
    bindings = IdentityBinding.objects.filter(account_id=account, kind=IdentityKind.DOCUMENT).order_by("-bound_at")
    now, *before = bindings[:2]
    return not before or (now.document_kind, now.country, _number(now)) == (
        before[0].document_kind,
        before[0].country,
        _number(before[0]),
    )


def holder_of_document(document: Document) -> IdentityBinding | None:
    """Return the live binding of the document, whosever it is."""
    return _holder(IdentityKind.DOCUMENT, document.identity)


def holder_of_unit(uscc: Uscc) -> IdentityBinding | None:
    """Return the live binding of the unit, whosever it is."""
    return _holder(IdentityKind.UNIT, identity(IdentityKind.UNIT, uscc.value))


def unit_is_known(uscc: Uscc) -> bool:
    """Return whether a legal account claims the unit or is verified for it; two statements, whatever they find."""
    claimed = LegalProfile.objects.filter(uscc=uscc.value, released_at__isnull=True).exists()
    indexes = blind_index.candidates(IDENTITY_DOMAIN, identity(IdentityKind.UNIT, uscc.value))
    return _live().filter(kind=IdentityKind.UNIT, index__in=indexes).exists() or claimed


def holder_of_unit_name(unit_name: UnitName) -> IdentityBinding | None:
    """Return the live binding of the unit with this name, whosever it is."""
    return _only(_live().filter(unit_name_key=unit_name.matching_key))


def confirmed_totp(account: Account) -> Totp | None:
    """Return the authenticator app whose codes count for the account."""
    return _confirmed_apps().filter(account=account).first()


def _confirmed_apps() -> QuerySet[Totp]:
    return Totp.objects.filter(ended_at__isnull=True, confirmed_at__isnull=False)


def passkeys(account: Account) -> QuerySet[Passkey]:
    """Return the account's passkeys, the oldest first."""
    return Passkey.objects.filter(account=account, ended_at__isnull=True).order_by("created_at")


def has_second_factor(account: Account) -> bool:
    """Return whether there is anything with which the account's log-in could be completed."""
    return confirmed_totp(account) is not None or passkeys(account).exists()


def token_digest(token: str) -> str:
    """Return what is kept of a one-time link's token: it is random and long, so a plain hash cannot be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


def device_last_seen_on(account: Account, token: str) -> date | None:
    """Return when the browser with this token was last used for the account; `None` when it never was.

    A log-in that came through `door` has asked already.
    """
    if not isinstance(account.device_seen_on, EllipsisType):
        return account.device_seen_on
    key = _UUID.get_db_prep_value(account.id, connection)
    found = plain_rows.one(KnownDevice, _DEVICE, [key, token_digest(token)])
    return found.last_seen_on if found else None


def live_not_me_link(token: str) -> NotMeLink | None:
    """Return the link of a notice, as long as it works."""
    live = NotMeLink.objects.filter(used_at__isnull=True, expires_at__gt=clock.now()).select_related("account")
    return live.filter(token_digest=token_digest(token)).first()


def live_invitation(token: str) -> Invitation | None:
    """Return what a one-time link stands for, as long as it works."""
    live = Invitation.objects.live(clock.now()).select_related("account")
    return live.filter(token_digest=token_digest(token)).first()


def sessions_of(account: Account) -> QuerySet[Session]:
    """Return the account's sessions whose time is not over, the one used last first."""
    now, limits = clock.now(), limits_of(account.realm)
    alive = Session.objects.filter(last_seen_at__gt=now - limits.idle, created_at__gt=now - limits.absolute)
    return alive.filter(account=account).order_by("-last_seen_at")


def _suspensions() -> QuerySet[Suspension]:
    return Suspension.objects.filter(ended_at__isnull=True)


def _live() -> QuerySet[IdentityBinding]:
    return IdentityBinding.objects.filter(released_at__isnull=True)


def _holder(kind: IdentityKind, value: str) -> IdentityBinding | None:
    """Return the live binding of an identity; the kind leads the database's index, without it every row is read."""
    return _only(_live().filter(kind=kind, index__in=blind_index.candidates(IDENTITY_DOMAIN, value)))


def _number(binding: IdentityBinding) -> str:
    return binding.number.reveal(Purpose.MATCH) if binding.number else ""


def _only(rows: QuerySet[M]) -> M | None:
    """Return the one row there can be, if it is there: no order to sort by, which `first()` would add."""
    return next(iter(rows), None)
