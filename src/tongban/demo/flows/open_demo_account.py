"""Open one account of a made-up person or unit and, where it is to be verified, let the demo authority verify it."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts.flows.open_account import give_consent, open_account
from tongban.accounts.models import Account, LegalProfile
from tongban.accounts.queries import account_named
from tongban.accounts.rules import Realm
from tongban.demo import rules
from tongban.kernel.documents import Document
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import Uscc
from tongban.proofing.entries import Entries, PersonEntries, UnitEntries
from tongban.proofing.flows.submit import submit
from tongban.proofing.queries import latest

Holder = rules.Person | rules.Unit


def open_demo_account(
    *,
    realm: Realm,
    login_name: str,
    password: str,
    phone: str,
    holder: Holder | None = None,
    verified: bool = False,
) -> Account:
    """Return the account: the one that is there, on every run but the first.

    A unit's account claims to be `holder`; a person's has one only when it is to be `verified`.
    """
    account = account_named(realm, login_name) or _open(realm, login_name, password, phone, holder)
    if verified and holder and latest(account) is None:
        submit(actor=account, entries=_entries(holder, phone), consent_version="demo")
    return account


def _open(realm: Realm, login_name: str, password: str, phone: str, holder: Holder | None) -> Account:
    encoded = make_password(password)
    with transaction.atomic():
        proved = Mobile.parse(phone) if phone else None
        account = open_account(realm=realm, login_name=login_name, encoded_password=encoded, phone=proved)
        if realm is not Realm.STAFF:
            give_consent(account)
        if isinstance(holder, rules.Unit):
            _claim(account, holder)
    return account


def _claim(account: Account, unit: rules.Unit) -> None:
    LegalProfile.objects.create(
        account=account,
        unit_name=unit.name,
        unit_name_key=UnitName.parse(unit.name).matching_key,
        uscc=unit.uscc,
        unit_type=unit.unit_type,
        contact_name=unit.legal_representative.name,
    )


def _entries(holder: Holder, phone: str) -> Entries:
    if isinstance(holder, rules.Person):
        return PersonEntries(name=PersonName.parse(holder.name), document=Document(holder.document, holder.number))
    agent, representative = rules.people()[2], holder.legal_representative
    return UnitEntries(
        unit_name=UnitName.parse(holder.name),
        uscc=Uscc.parse(holder.uscc),
        unit_type=holder.unit_type,
        region="11",
        address="",
        agent_name=PersonName.parse(agent.name),
        agent_document=Document(agent.document, agent.number),
        agent_phone=Mobile.parse(phone),
        representative_name=PersonName.parse(representative.name),
        representative_document=Document(representative.document, representative.number),
    )
