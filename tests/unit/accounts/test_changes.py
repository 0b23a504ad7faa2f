"""Changing password and phone, where the pages do not reach."""

import pytest
from django.test import Client

from tests.journeys.people import PASSWORD, somebody
from tests.unit.challenge.person import Person
from tongban.accounts import queries
from tongban.accounts.flows.change_password import change_password
from tongban.accounts.flows.change_phone import change_phone
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.accounts.views import security
from tongban.audit.actors import Actor
from tongban.challenge.errors import CodeRejected
from tongban.challenge.rules import CodePurpose
from tongban.kernel.mobile import Mobile
from tongban.notify.models import Sms
from tongban.notify.queries import messages_for
from tongban.vault.purposes import Purpose

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = Actor.system()


def phoneless() -> Account:
    account = somebody("staff.wang", realm=Realm.STAFF)
    Account.objects.filter(id=account.id).update(phone=None, phone_index=None, phone_proved_at=None)
    return Account.objects.get(id=account.id)


def test_who_has_no_phone_is_told_on_the_platform_only() -> None:
    account = phoneless()
    assert queries.phone_of(account, Purpose.SHOW_OWNER) is None
    change_password(actor=ACTOR, account=account, current=PASSWORD, new="Drei-Quitten-am-Zaun")
    person = Person(purpose=CodePurpose.CHANGE_PHONE_NEW)
    before = Sms.objects.count() + 1
    code = person.checks(person.asks_and_reads())
    change_phone(actor=ACTOR, account=account, phone=Mobile.parse(person.phone), new_code=code)
    assert Sms.objects.count() == before, "only the code itself"
    assert [message.title for message in messages_for(account.id)] == ["手机号码已更换", "密码已修改"]


@pytest.mark.parametrize("step", ["confirm_owner", "change_phone"])
def test_a_code_spent_in_the_very_moment_is_said(client: Client, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def spent(**_: object) -> None:
        raise CodeRejected(code="challenge.code_spent")

    monkeypatch.setattr(security, step, spent)
    monkeypatch.setattr(security, "judge_code", lambda *_, **__: object())
    monkeypatch.setattr(security, "_owner_is_confirmed", lambda _: step == "change_phone")
    client.force_login(somebody())
    path = "/account/security/phone/new/" if step == "change_phone" else "/account/security/phone/"
    answer = client.post(path, {"password": PASSWORD, "code": "123456", "phone": "13900139000"})
    assert "不再有效。请重新获取" in answer.content.decode()
