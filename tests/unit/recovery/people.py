"""Accounts that real-name verification is done for."""

from tests.journeys.people import some_unit, somebody
from tests.unit.proofing.conftest import on_record, unit_on_record
from tests.unit.proofing.people import person, unit
from tongban.accounts.models import Account
from tongban.proofing.flows.submit import submit

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
