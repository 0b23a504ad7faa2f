"""What people of the journeys do again and again: read a picture, read an SMS, register, log in."""

from django.contrib.auth.hashers import make_password

from tests.journeys.visitor import Visitor
from tongban.accounts.flows.open_account import open_account
from tongban.accounts.models import Account, LegalProfile
from tongban.accounts.rules import Realm
from tongban.challenge.queries import last_answer
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.queries import demo_outbox

PASSWORD = "Zwei-Birnen-im-Korb"
WINDOW = {Realm.NATURAL: "/log-in/natural/", Realm.LEGAL: "/log-in/legal/"}


def picture(visitor: Visitor) -> str:
    """Look at the 验证码 of the page and return what it says."""
    (image,) = visitor.page.xpath(".//img[contains(@src, '/challenge/picture/')]/@src")
    assert visitor.client.get(image).status_code == 200
    answer = last_answer(visitor.client.session["browser"])
    assert answer
    return answer


def sms(phone: str) -> str:
    """Return the code of the latest SMS to `phone`."""
    deliver_due()
    return next(message.code for message in demo_outbox() if message.to == phone)


def texts(phone: str) -> list[str]:
    """Return every SMS to `phone`, newest first."""
    deliver_due()
    return [message.text for message in demo_outbox() if message.to == phone]


def prove_phone(visitor: Visitor, phone: str) -> None:
    """Fill in the phone, the 验证码 and the code that arrives."""
    visitor.fill({"手机号码": phone, "验证码": picture(visitor)}).submit("获取验证码")
    assert visitor.errors == []
    visitor.fill({"短信验证码": sms(phone)})


def log_in(visitor: Visitor, realm: Realm, login_name: str, password: str = PASSWORD) -> Visitor:
    """Log in at the window of `realm`."""
    visitor.get(WINDOW[realm])
    return visitor.fill({"登录名": login_name, "密码": password}).submit("登录")


def somebody(login_name: str = "zhang.san", phone: str = "13800000001", realm: Realm = Realm.NATURAL) -> Account:
    """Return a person's account that exists already."""
    encoded = make_password(PASSWORD)
    return open_account(realm=realm, login_name=login_name, encoded_password=encoded, phone=Mobile.parse(phone))


def some_unit(
    login_name: str = "unit.one", phone: str = "13800000002", *, uscc: str = "91110108MA00000070", name: str = "甲公司"
) -> Account:
    """Return a unit's account that exists already and claims to be `name` with `uscc`."""
    account = somebody(login_name, phone, Realm.LEGAL)
    unit = UnitName.parse(name)
    LegalProfile.objects.create(
        account=account,
        unit_name=unit.value,
        unit_name_key=unit.matching_key,
        uscc=Uscc.parse(uscc).value,
        unit_type=UnitType.ENTERPRISE,
        contact_name="李四",
    )
    return account
