"""单位用户（法人）注册: somebody opens an account for a unit, which is a claim until the unit is verified."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts import events, queries
from tongban.accounts.errors import UnitTaken
from tongban.accounts.flows.open_account import give_consent, open_account
from tongban.accounts.models import Account, LegalProfile
from tongban.accounts.password_policy import check_new_password
from tongban.accounts.rules import Realm, login_names
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge.flows.check_code import CheckedCode
from tongban.challenge.flows.spend_code import spend_code
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc


@dataclass(frozen=True, slots=True)
class UnitClaim:
    """What is said about the unit."""

    name: UnitName
    uscc: Uscc
    unit_type: UnitType
    contact_name: PersonName


def register_legal(
    *, actor: Actor, login_name: str, password: str, unit: UnitClaim, phone: Mobile, code: CheckedCode
) -> Account:
    """Open a legal account that claims `unit`; `code` is what `check_code` returned for `phone`.

    Any number of accounts may claim a unit, until one of them is verified for it. Raises `LoginNameRefused`,
    `PasswordRefused`; only then, with the phone proved, `UnitTaken` and `LoginNameTaken`; and `CodeRejected` when the
    code was spent meanwhile. After an error the code lives on.
    """
    name = login_names.check(login_name, phone=phone, uscc=unit.uscc)
    check_new_password(password, realm=Realm.LEGAL, context=(name, phone.value, unit.name.value, unit.uscc.value))
    encoded = make_password(password)  # slow on purpose: before the transaction, not inside it
    with transaction.atomic():
        spend_code(actor=actor, checked=code)
        _check_free(unit)
        account = open_account(realm=Realm.LEGAL, login_name=name, encoded_password=encoded, phone=phone)
        LegalProfile.objects.create(
            account=account,
            unit_name=unit.name.value,
            unit_name_key=unit.name.matching_key,
            uscc=unit.uscc.value,
            unit_type=unit.unit_type,
            contact_name=unit.contact_name.value,
        )
        give_consent(account)
        record(events.REGISTERED, actor=actor, subject=account.id, facts={"realm": Realm.LEGAL.value})
    return account


def _check_free(unit: UnitClaim) -> None:
    if queries.holder_of_unit(unit.uscc):
        raise UnitTaken(field="uscc")
    if queries.holder_of_unit_name(unit.name):
        raise UnitTaken(field="unit_name")
