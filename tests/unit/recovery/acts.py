"""What people do, without pages."""

import re
from typing import Any

from tests.unit.challenge.person import Person
from tests.unit.proofing.people import person, unit
from tests.unit.vault import pictures as samples
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.challenge.flows.check_code import CheckedCode
from tongban.challenge.rules import CodePurpose
from tongban.kernel.mobile import Mobile
from tongban.recovery.flows.keep_appeal import begin_appeal, keep_appeal
from tongban.recovery.flows.send_reset_code import send_reset_code
from tongban.recovery.flows.submit_appeal import submit_appeal
from tongban.recovery.labels import SLOTS
from tongban.recovery.models import Appeal
from tongban.recovery.queries import Claim
from tongban.review.models import Case
from tongban.vault.flows.accept_evidence import accept_evidence

NOBODY = Actor.anonymous()
NEW_PHONE = "13900000009"
NEW_PASSWORD = "Korb-voll-reifer-Quitten"


def claim(**other: Any) -> Claim:
    """Return what the owner of the first account says."""
    said: dict[str, Any] = {"realm": Realm.NATURAL, "login_name": "zhang.san", "phone": Mobile.parse("13800000001")}
    return Claim(**{**said, **other})


def checked_code(said: Claim) -> CheckedCode:
    """Ask for a code and type it."""
    typist = Person(phone=said.phone.value, purpose=CodePurpose.RESET_PASSWORD)
    send_reset_code(actor=NOBODY, claim=said, browser=typist.browser, network=typist.network)
    return typist.checks(typist.reads()[0].code)


def filled(realm: Realm = Realm.NATURAL) -> dict[str, str]:
    """Return what 张三, or his unit, fills in."""
    if realm is Realm.NATURAL:
        known = person()
        return {
            "name": known.name.value,
            "document_kind": known.document.kind,
            "document_number": known.document.number,
            "phone": NEW_PHONE,
            "reason": "手机号码停用了",
        }
    known_unit = unit()
    return {
        "unit_name": known_unit.unit_name.value,
        "unit_type": known_unit.unit_type,
        "uscc": known_unit.uscc.value,
        "representative_name": known_unit.representative_name.value,
        "document_kind": known_unit.representative_document.kind,
        "document_number": known_unit.representative_document.number,
        "agent_name": "赵六",
        "phone": NEW_PHONE,
        "reason": "经办人离职了",
    }


def draft(realm: Realm = Realm.NATURAL, **other: str) -> Appeal:
    """Return an appeal that only has to be handed in."""
    appeal = begin_appeal(realm=realm, holder=f"browser:{realm}", data={})
    typist = Person(phone=NEW_PHONE, purpose=CodePurpose.APPEAL)
    code = typist.checks(typist.asks_and_reads())
    phone = Mobile.parse(NEW_PHONE)
    keep_appeal(actor=NOBODY, appeal=appeal, data={**filled(realm), **other}, phone=phone, code=code)
    for slot in SLOTS[realm]:
        if slot != "renaming":
            accept_evidence(actor=NOBODY, holder=appeal.holder, slot=slot, content=samples.with_gps())
    return appeal


def appealed(realm: Realm = Realm.NATURAL, **other: str) -> Case:
    """Hand an appeal in."""
    return submit_appeal(actor=NOBODY, appeal_id=draft(realm, **other).id)


def token_in(phone: str, what: str) -> str:
    """Return the token of the latest link of a kind ("stop" or "link") that the phone was sent."""
    for message in Person(phone=phone).reads():
        if found := re.search(rf"/recover/{what}/([^/]+)/", message.text):
            return found[1]
    raise LookupError(what)
