"""The accounts that were on the legacy platform, what stood here before them, and what is to come of each.

The units and people are the same ones every time, and so are the salts of their hashes: an import that was done is
found done.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import bcrypt
from cryptography.hazmat.primitives import hashes

from tongban.accounts.rules import Realm
from tongban.demo import rules
from tongban.demo.accounts import PASSWORD
from tongban.transfer.legacy_hash import LegacyKind

EACH = 5
"""Accounts of every outcome."""
LEGACY_PASSWORD = "harvest-bridge-canvas-41"  # noqa: S105 - printed on purpose
WEAK_PASSWORD = "torch2019"  # noqa: S105 - likewise: it has to be replaced at the first log-in
_UNITS = ("E0a", "E0b", "E1", "E2", "E3", "E4")
_PERSONS = ("P0", "P1", "P2", "P3", "P4")
_NOTES: Mapping[str, str] = {
    "E0a": "两个平台都没有账号",
    "E0b": "政务服务平台有法人账号，尚未实名认证",
    "E1": "登录名空闲，原样转移",
    "E2": "登录名相同的法人账号已实名认证",
    "E3": "登录名被别人占用，加前缀 HJ_",
    "E4": "单位已用另一登录名实名认证，转为自然人账号",
    "P0": "两个平台都没有账号",
    "P1": "登录名空闲，原样转移",
    "P2": "登录名相同的自然人账号，手机号码已验证",
    "P3": "登录名被别人占用，加前缀 HJ_",
    "P4": "本人已用另一登录名实名认证，不另建账号",
}
_FUNCTIONS: Mapping[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - what a legacy platform did
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha256": hashes.SHA256(),
    "sm3": hashes.SM3(),
}
_ROUNDS = 20_000
_BCRYPT_COST = 8


@dataclass(frozen=True, slots=True)
class Before:
    """An account of the platform that stood before the import."""

    realm: Realm
    login_name: str
    phone: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class TorchAccount:
    """One account to search for: `key` is the USCC or phone, `phone` the legacy account's.

    `unit` is whom a unit's account is of; `person` whom the account is of that stood before (P4). `kind` says how the
    legacy platform hashed the password; None: there was no account there.
    """

    outcome: str
    key: str
    phone: str
    password: str
    expected_login: str
    note: str
    before: Before | None
    kind: LegacyKind | None
    unit: rules.Unit | None = None
    person: rules.Person | None = None

    def shown(self) -> dict[str, str]:
        """Return what `/demo/torch.json` says."""
        return {
            "outcome": self.outcome,
            "realm_before": self.before.realm.value if self.before else "none",
            "key": self.key,
            "password": self.password,
            "expected_login": self.expected_login,
            "note": self.note,
            "phone": self.phone,
        }

    def hashed(self) -> str:
        """Return the password as the legacy platform wrote it down."""
        if self.kind is None:
            raise ValueError(self.outcome)
        there = WEAK_PASSWORD if self.password == WEAK_PASSWORD else LEGACY_PASSWORD
        return legacy_hash(self.kind, there, salt=hashlib.sha256(self.key.encode()).hexdigest()[:16])


@cache
def units() -> tuple[rules.Unit, ...]:
    """Return the units of `accounts`; the demo authority confirms all of them."""
    taken = frozenset(unit.name for unit in rules.units())
    answers = ["match"] * EACH * len(_UNITS)
    return rules.make_units(answers, seed=20260103, organisation="MADM1", sequence=700, taken=taken)


@cache
def people() -> tuple[rules.Person, ...]:
    """Return the people of `accounts` who were verified before (P4)."""
    return rules.make_people(EACH, seed=20260104, sequence=900)


@cache
def accounts() -> tuple[TorchAccount, ...]:
    """Return every account to search for, five of each outcome, and one whose password is too weak."""
    persons = list(_of_persons())
    persons.insert(2 * EACH - 1, _with_weak_password())  # neither the first nor the last P1
    return (*_of_units(), *persons)


def _of_units() -> Iterator[TorchAccount]:
    kinds = list(LegacyKind)
    for number, unit in enumerate(units()):
        outcome, turn = _UNITS[number // EACH], number % EACH
        phone, other = f"1390001{number:04d}", f"1390003{number:04d}"
        before = {
            "E0b": Before(Realm.LEGAL, f"torch-unit-{turn + 1}", phone),
            # The last two are met by unit and phone alone: they were never verified.
            "E2": Before(Realm.LEGAL, unit.uscc, phone, verified=turn < EACH - 2),
            "E3": Before(Realm.LEGAL, unit.uscc, other),
            "E4": Before(Realm.LEGAL, f"torch-bound-{turn + 1}", other, verified=True),
        }.get(outcome)
        yield TorchAccount(
            outcome=outcome,
            key=unit.uscc,
            phone=phone,
            password=_password(outcome),
            expected_login=_login(outcome, unit.uscc, before),
            note=_NOTES[outcome],
            before=before,
            kind=None if outcome in {"E0a", "E0b"} else kinds[number % len(kinds)],
            unit=unit,
        )


def _of_persons() -> Iterator[TorchAccount]:
    kinds = list(LegacyKind)
    for number in range(EACH * len(_PERSONS)):
        outcome, turn = _PERSONS[number // EACH], number % EACH
        phone, other = f"1390002{number:04d}", f"1390004{number:04d}"
        before = {
            "P2": Before(Realm.NATURAL, phone, phone),
            "P3": Before(Realm.NATURAL, phone, other),
            "P4": Before(Realm.NATURAL, f"torch-person-{turn + 1}", phone, verified=True),
        }.get(outcome)
        yield TorchAccount(
            outcome=outcome,
            key=phone,
            phone=phone,
            password=_password(outcome),
            expected_login=_login(outcome, phone, before),
            note=_NOTES[outcome],
            before=before,
            kind=None if outcome == "P0" else kinds[number % len(kinds)],
            person=people()[turn] if outcome == "P4" else None,
        )


def _with_weak_password() -> TorchAccount:
    """Return one more P1, whose password breaks the rules of the platform."""
    phone = "13900029000"
    note = f"{_NOTES['P1']}；原密码太简单，第一次登录时须换新密码"
    kind = LegacyKind.MD5
    return TorchAccount("P1", phone, phone, WEAK_PASSWORD, phone, note, None, kind)


def _password(outcome: str) -> str:
    if outcome in {"E0a", "P0"}:
        return ""
    return PASSWORD if outcome in {"E0b", "E2", "P2", "P4"} else LEGACY_PASSWORD


def _login(outcome: str, key: str, before: Before | None) -> str:
    if outcome in {"E0a", "P0"}:
        return ""
    if outcome in {"E3", "P3"}:
        return f"HJ_{key}"
    return before.login_name if before and outcome in {"E0b", "P4"} else key


def legacy_hash(kind: LegacyKind, password: str, *, salt: str) -> str:
    """Return a password hashed as a legacy platform did, in the form of an import file."""
    secret, function = password.encode(), kind.value.removesuffix("-salted")
    if kind is LegacyKind.BCRYPT:
        return bcrypt.hashpw(secret, f"$2b${_BCRYPT_COST:02d}$".encode() + _bcrypt_salt(salt)).decode()
    if function.startswith("pbkdf2-"):
        digest = hashlib.pbkdf2_hmac(function.removeprefix("pbkdf2-"), secret, salt.encode(), _ROUNDS)
        return f"{kind.value}${_ROUNDS}${salt}${digest.hex()}"
    if function == kind.value:
        return f"{kind.value}${_digest(function, secret)}"
    return f"{function}${salt}${_digest(function, salt.encode() + secret)}"


def _digest(function: str, data: bytes) -> str:
    digest = hashes.Hash(_FUNCTIONS[function])
    digest.update(data)
    return digest.finalize().hex()


def _bcrypt_salt(salt: str) -> bytes:
    """Return sixteen bytes in bcrypt's own base64."""
    plain, own = (
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        (b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
    )
    return base64.b64encode(salt.encode()).rstrip(b"=").translate(bytes.maketrans(plain, own))
