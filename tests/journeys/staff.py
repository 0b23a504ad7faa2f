"""Members of staff as journeys meet them: their accounts, their authenticator apps, their log-in."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from tests.journeys.visitor import Visitor
from tongban.accounts.flows.open_account import open_account
from tongban.accounts.models import Account, StaffRole, Totp
from tongban.accounts.rules import Realm, Role, totp
from tongban.kernel import clock
from tongban.vault.purposes import Purpose

STAFF_PASSWORD = "Vier Pinguine im Fahrstuhl"
STAFF_WINDOW = "/staff/log-in/"


def member(login_name: str = "reviewer.li", *roles: Role, enrolled: bool = True) -> Account:
    """Return the account of somebody on the staff that exists already, with an authenticator app if `enrolled`."""
    account = open_account(
        realm=Realm.STAFF, login_name=login_name, encoded_password=make_password(STAFF_PASSWORD), phone=None
    )
    for role in roles:
        StaffRole.objects.create(account=account, role=role)
    if enrolled:
        Totp.objects.create(account=account, secret=totp.new_secret(), confirmed_at=clock.now())
    return account


def app_code(account: Account, at: datetime | None = None) -> str:
    """Return what the account's authenticator app shows now, or showed `at` a moment."""
    app = Totp.objects.get(account=account, ended_at__isnull=True)
    return totp.code_of(app.secret.reveal(Purpose.SHOW_OWNER), totp.step_at(at or clock.now()))


def give_password(visitor: Visitor, login_name: str, password: str = STAFF_PASSWORD) -> Visitor:
    """Take the first step of 工作人员登录."""
    return visitor.get(STAFF_WINDOW).fill({"登录名": login_name, "密码": password}).submit("登录")


def log_in_staff(visitor: Visitor, account: Account) -> Visitor:
    """Take both steps."""
    return give_password(visitor, account.login_name).fill({"动态验证码": app_code(account)}).submit("登录")
