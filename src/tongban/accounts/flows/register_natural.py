"""自然人注册: a person opens an account with a login name, a password and a proved phone."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts import events
from tongban.accounts.flows.open_account import give_consent, open_account
from tongban.accounts.models import Account
from tongban.accounts.password_policy import check_new_password
from tongban.accounts.rules import Realm, login_names
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge.flows.check_code import CheckedCode
from tongban.challenge.flows.spend_code import spend_code
from tongban.kernel.mobile import Mobile


def register_natural(*, actor: Actor, login_name: str, password: str, phone: Mobile, code: CheckedCode) -> Account:
    """Open a natural account; `code` is what `check_code` returned for `phone`.

    Raises `LoginNameRefused`, `PasswordRefused`; only then, with the phone proved, `LoginNameTaken`; and
    `CodeRejected` when the code was spent meanwhile. After an error the code lives on.
    """
    name = login_names.check(login_name, phone=phone)
    check_new_password(password, realm=Realm.NATURAL, context=(name, phone.value))
    encoded = make_password(password)  # slow on purpose: before the transaction, not inside it
    with transaction.atomic():
        spend_code(actor=actor, checked=code)
        account = open_account(realm=Realm.NATURAL, login_name=name, encoded_password=encoded, phone=phone)
        give_consent(account)
        record(events.REGISTERED, actor=actor, subject=account.id, facts={"realm": Realm.NATURAL.value})
    return account
