"""The accounts that exist from the start, passwords and all: their people are made up."""

from dataclasses import dataclass

from tongban.accounts.rules import Realm, Role
from tongban.demo import rules

PASSWORD = "lantern-river-orchard-72"  # noqa: S105 - printed on purpose


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that exists from the start; `holder` is the place of its person or unit among the made-up ones.

    A member of staff is nobody's holder; `role` is theirs then, and `totp_secret` that of their authenticator app.
    """

    realm: Realm
    login_name: str
    role: str
    note: str
    holder: int = 0
    phone: str = ""
    totp_secret: str = ""
    password: str = PASSWORD

    @property
    def verified(self) -> bool:
        """Whether real-name verification is done for it."""
        return self.role == "verified"

    def shown(self) -> dict[str, str]:
        """Return what `/demo/accounts.json` says."""
        return {
            "realm": self.realm.value,
            "login_name": self.login_name,
            "password": self.password,
            "phone": self.phone,
            "role": self.role,
            "totp_secret": self.totp_secret,
            "note": self.note,
        }


def _staff(login_name: str, role: Role, note: str, totp_secret: str) -> DemoAccount:
    return DemoAccount(Realm.STAFF, login_name, role.value, note, totp_secret=totp_secret)


ACCOUNTS = (
    DemoAccount(Realm.NATURAL, "demo-person", "verified", "自然人，已实名认证", 0, "13800000001"),
    DemoAccount(Realm.NATURAL, "demo-newcomer", "registered", "自然人，尚未实名认证", 1, "13800000002"),
    DemoAccount(Realm.LEGAL, rules.units()[0].uscc, "verified", "法人，已实名认证", 0, "13800000003"),
    DemoAccount(Realm.LEGAL, "demo-unit", "registered", "法人，尚未实名认证", 1, "13800000004"),
    DemoAccount(Realm.NATURAL, "demo-agent", "verified", "自然人，已实名认证，单位授权其代办", 2, "13800000005"),
    _staff("reviewer.one", Role.REVIEWER, "审核员", "TONGBANREVIEWERONEDEMOSECRETAAAA"),
    _staff("reviewer.two", Role.REVIEWER, "审核员", "TONGBANREVIEWERTWODEMOSECRETAAAA"),
    _staff("senior.one", Role.SENIOR_REVIEWER, "高级审核员", "TONGBANSENIORONEDEMOSECRETAAAAAA"),
    _staff("auditor.one", Role.AUDITOR, "审计员", "TONGBANAUDITORONEDEMOSECRETAAAAA"),
    _staff("operator.one", Role.OPERATOR, "运维", "TONGBANOPERATORONEDEMOSECRETAAAA"),
    _staff("operator.two", Role.OPERATOR, "运维", "TONGBANOPERATORTWODEMOSECRETAAAA"),
    _staff("operator.three", Role.OPERATOR, "运维", "TONGBANOPERATORTHREEDEMOSECRETAA"),
)
