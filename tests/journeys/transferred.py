"""Accounts as an import leaves them: with a sealed legacy password and a phone that nobody has proved here."""

from hashlib import new, pbkdf2_hmac

import bcrypt
from cryptography.hazmat.primitives import hashes

from tongban.accounts.models import PHONE_DOMAIN, Account, LegalProfile
from tongban.accounts.rules import Realm, login_names
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.kernel.mobile import Mobile
from tongban.transfer.hashers import PasswordSealer
from tongban.transfer.legacy_hash import LegacyHash, LegacyKind
from tongban.transfer.models import Batch, LegacyAccount
from tongban.transfer.rules import TABLES, Kind, Outcome
from tongban.vault import blind_index

STRONG = "Drei-Quitten-im-Korb"
WEAK = "torch123"
USCC = "91110108MA00000070"
LEGACY_PHONE = "13700137000"
_REALMS = {Outcome.E1: Realm.LEGAL, Outcome.E3: Realm.LEGAL}


def md5_of(password: str) -> str:
    """Return the hash the legacy platform kept of `password`."""
    return f"md5${_digest('md5', password.encode())}"


def of_every_kind(password: str) -> dict[LegacyKind, str]:
    """Return a hash of `password` of every kind there is."""
    secret, salt = password.encode(), b"pepper"
    digests = {name: _digest(name, secret) for name in ("md5", "sha1", "sha256", "sm3")}
    salted = {f"{name}-salted": f"{name}$pepper${_digest(name, salt + secret)}" for name in digests}
    rounds = {
        f"pbkdf2-{name}": f"pbkdf2-{name}$1000$pepper${pbkdf2_hmac(name, secret, salt, 1000).hex()}"
        for name in ("sha1", "sha256", "sha512")
    }
    plain = {name: f"{name}${digest}" for name, digest in digests.items()}
    found = {**plain, **salted, **rounds, "bcrypt": bcrypt.hashpw(secret, bcrypt.gensalt(4)).decode()}
    return {kind: found[kind] for kind in LegacyKind}


def _digest(function: str, data: bytes) -> str:
    if function == "sm3":
        digest = hashes.Hash(hashes.SM3())
        digest.update(data)
        return digest.finalize().hex()
    return new(function, data, usedforsecurity=False).hexdigest()


def transferred(
    outcome: Outcome = Outcome.P1,
    *,
    login_name: str = "",
    password: str = STRONG,
    legacy_hash: str = "",
    phone: str = LEGACY_PHONE,
    uscc: str = USCC,
) -> Account:
    """Return an account that was brought over with this outcome."""
    kind = Kind.UNIT if outcome.startswith("E") else Kind.PERSON
    realm, mobile, now = _REALMS.get(outcome, Realm.NATURAL), Mobile.parse(phone), clock.now()
    name = login_name or ("HJ_" if outcome in {Outcome.E3, Outcome.P3} else "") + (uscc if kind is Kind.UNIT else phone)
    account_id, index = new_id(), blind_index.of(PHONE_DOMAIN, mobile.value)
    encoded = PasswordSealer().seal(LegacyHash.parse(legacy_hash or md5_of(password)), account_id)
    account = Account.objects.create(
        id=account_id,
        realm=realm,
        login_name=name,
        login_name_key=login_names.key(name),
        password=encoded,
        phone=mobile.value,
        phone_index=index,
        transferred_at=now,
    )
    if realm is Realm.LEGAL:
        LegalProfile.objects.create(
            account=account, unit_name="甲公司", unit_name_key="甲公司", uscc=uscc, unit_type="enterprise"
        )
    number = Batch.objects.count() + 1
    batch = Batch.objects.create(kind=kind, file_name="torch.csv", file_digest=f"{number:064}")
    LegacyAccount.objects.create(
        id=account.id,
        batch=batch,
        row=1,
        kind=kind,
        uscc=uscc if kind is Kind.UNIT else "",
        phone=mobile.value,
        phone_index=index,
        fingerprint="x",
        outcome=outcome,
        reason=next(row.reason for row in TABLES[kind] if row.outcome == outcome),
        login_name=name,
        account_id=account.id,
    )
    return account
