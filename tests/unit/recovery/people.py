"""Accounts that real-name verification is done for, and what happens to their appeals."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.journeys.people import some_unit, somebody
from tests.unit.proofing.conftest import on_record, unit_on_record
from tests.unit.proofing.people import person, unit
from tests.unit.review.desk import reviewer, senior
from tests.unit.vault import pictures as samples
from tongban.accounts.models import Account
from tongban.proofing.flows.submit import submit
from tongban.review.flows.claim_case import claim_case
from tongban.review.flows.decide import confirm, decide
from tongban.review.models import Case
from tongban.review.rules import CaseState

UNIT_PHONE = "13800000012"


def verified_person(login_name: str = "zhang.san", phone: str = "13800000001") -> Account:
    """Return the account of 张三, whom the register knows."""
    account = somebody(login_name, phone)
    on_record(person())
    submit(actor=account, entries=person(), consent_version="test")
    return account


def verified_unit(login_name: str = "unit.two", phone: str = UNIT_PHONE) -> Account:
    """Return the account of 北京示例科技有限公司, which the register knows."""
    entries = unit()
    account = some_unit(login_name, phone, uscc=entries.uscc.value, name="北京示例")
    unit_on_record(entries)
    submit(actor=account, entries=entries, consent_version="test")
    return account


def pictures(*slots: str) -> dict[str, Any]:
    """Return a photo for each label."""
    return {slot: SimpleUploadedFile("IMG_0001.JPG", samples.with_gps(), "image/jpeg") for slot in slots}


def decide_twice(reason: str = "hand_over", *, text: str = "请查收短信。") -> Case:
    """Let two reviewers decide the one case; a return needs only the first. Seniors do, if one has to."""
    case = Case.objects.get()
    reviewers = senior if case.senior_only else reviewer
    first, second = reviewers(), reviewers()
    claim_case(reviewer=first, case_id=case.id)
    decide(reviewer=first, case_id=case.id, round=case.round, reason=reason, text=text)
    case.refresh_from_db()
    if case.state == CaseState.AWAITING_SECOND:
        claim_case(reviewer=second, case_id=case.id)
        confirm(reviewer=second, case_id=case.id, round=case.round)
        case.refresh_from_db()
    return case
