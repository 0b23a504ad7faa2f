"""What the demonstration holds before a walk begins: accounts of verified people and units, cases that wait.

Runs in a process of its own, beside the running demonstration, through the rooms' flows: see `walk.prepare`.
"""

import json
import time
from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password

from tests.browser.paper import paper
from tongban.accounts.errors import ResetOpen
from tongban.accounts.flows.open_account import give_consent, open_account
from tongban.accounts.flows.reset_credential import request_reset
from tongban.accounts.models import Account, LegalProfile
from tongban.accounts.rules import InvitationKind, Realm
from tongban.audit.actors import Actor
from tongban.demo import rules
from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import Uscc
from tongban.proofing.entries import PersonEntries, UnitEntries
from tongban.proofing.flows.consent_to_pictures import consent_to_pictures
from tongban.proofing.flows.send_to_review import send_to_review
from tongban.proofing.flows.submit import submit
from tongban.proofing.forms import CONSENT_VERSION
from tongban.vault import holders
from tongban.vault.flows.accept_evidence import accept_evidence
from tongban.vault.models import EvidenceFile

_FIRST_CASE = 800  # sequence number in the documents of people with cases: no other made-up person has it


def main(what: dict[str, Any]) -> None:
    """Make `what` and print the numbers of the cases as JSON.

    `people`, `units` as `_person` and `_unit` take them, `cases` a number, `resets` login names of staff.
    """
    encoded = make_password(what["password"])
    for one in what.get("people", []):
        _person(**one, encoded=encoded)
    for one in what.get("units", []):
        _unit(**one, encoded=encoded)
    for login_name in what.get("resets", []):
        _ask_for_reset(login_name)
    waiting = [_pictured(place, encoded) for place in range(what.get("cases", 0))]
    _wait_for_the_worker()
    print(json.dumps([send_to_review(actor=account, consent_version=CONSENT_VERSION).number for account in waiting]))


def _account(realm: Realm, login_name: str, phone: str, encoded: str) -> Account:
    account = open_account(realm=realm, login_name=login_name, encoded_password=encoded, phone=Mobile.parse(phone))
    give_consent(account)
    return account


def _person(*, login_name: str, phone: str, id_number: str, encoded: str) -> None:
    """Make the account of a person the demo authority knows, verified."""
    person = next(one for one in rules.people() if one.number == id_number)
    entries = PersonEntries(name=PersonName.parse(person.name), document=Document(person.document, person.number))
    submit(
        actor=_account(Realm.NATURAL, login_name, phone, encoded),
        entries=entries,
        consent_version=CONSENT_VERSION,
    )


def _unit(*, login_name: str, phone: str, uscc: str, agent: str, encoded: str) -> None:
    """Make the account of a unit the demo authority knows, verified; `agent` is the 证件号码 of its 经办人."""
    unit = next(one for one in rules.units() if one.uscc == uscc)
    person = next(one for one in rules.people() if one.number == agent)
    name, representative = UnitName.parse(unit.name), unit.legal_representative
    account = _account(Realm.LEGAL, login_name, phone, encoded)
    LegalProfile.objects.create(
        account=account,
        unit_name=name.value,
        unit_name_key=name.matching_key,
        uscc=unit.uscc,
        unit_type=unit.unit_type,
        contact_name=person.name,
    )
    entries = UnitEntries(
        unit_name=name,
        uscc=Uscc.parse(unit.uscc),
        unit_type=unit.unit_type,
        region="11",
        address="",
        agent_name=PersonName.parse(person.name),
        agent_document=Document(person.document, person.number),
        agent_phone=Mobile.parse(phone),
        representative_name=PersonName.parse(representative.name),
        representative_document=Document(representative.document, representative.number),
    )
    submit(actor=account, entries=entries, consent_version=CONSENT_VERSION)


def _ask_for_reset(login_name: str) -> None:
    """Let an operator ask for a new authenticator app of a member of staff, unless somebody has."""
    operator = Account.objects.get(realm=Realm.STAFF, login_name="operator.two")
    colleague = Account.objects.get(realm=Realm.STAFF, login_name=login_name)
    with suppress(ResetOpen):
        request_reset(operator=operator, account=colleague, what=InvitationKind.FACTOR, reason="手机丢失，当面核实过。")


def _pictured(place: int, encoded: str) -> Account:
    """Make the account of a person whom no authority knows and who has uploaded both pictures."""
    account = _account(Realm.NATURAL, f"waiting-{place}", f"139002{place:05d}", encoded)
    number = rules.resident_number("110105", date(1909, 5, 6), _FIRST_CASE + place)
    entries = PersonEntries(name=PersonName.parse("欧阳令仪"), document=Document(DocumentKind.RESIDENT_ID, number))
    verification = submit(actor=account, entries=entries, consent_version=CONSENT_VERSION)
    consent_to_pictures(actor=account, verification=verification, version=CONSENT_VERSION)
    for slot in ("front", "back"):
        accept_evidence(
            actor=Actor.account(account.realm, account.pk),
            holder=holders.of_account(account.pk),
            slot=slot,
            content=paper(slot, number),
        )
    return account


def _wait_for_the_worker() -> None:
    """Wait until every picture is drawn anew."""
    deadline = time.monotonic() + 60
    while EvidenceFile.objects.filter(state="received").exists():
        assert time.monotonic() < deadline, "the worker draws no pictures"
        time.sleep(0.2)
