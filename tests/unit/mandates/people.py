"""Units that give, people who act for them, services they do it in."""

from uuid import UUID

from tests.journeys.people import somebody
from tongban.accounts.flows.bind import bind_document, bind_unit
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.catalogue.models import Service
from tongban.catalogue.rules import Audience
from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.documents import DocumentKind, parse_document
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.mandates.flows.accept import accept
from tongban.mandates.flows.offer import offer
from tongban.mandates.models import Mandate
from tongban.mandates.presenting import name_of
from tongban.vault.purposes import Purpose

SYSTEM = Actor.system()
HNTE, TSME = "high-tech-enterprise", "technology-sme"
USCC, OTHER_USCC = "91110108MA01ET88XL", "91110108MA00000070"
UNIT_NAME, OTHER_NAME = "北京示例科技有限公司", "上海样本仪器有限公司"
ID_NUMBER, OTHER_NUMBER = "11010519491231002X", "34052419800101001X"
PHONE, OTHER_PHONE = "13800000001", "13800000003"


def some_services() -> None:
    """Make the two services for units, one for people, and one without an entry."""
    rows = (
        (HNTE, "高企认定", Audience.LEGAL, "hnte"),
        (TSME, "科小企评价", Audience.LEGAL, "tsme"),
        ("talent", "科技人才信息登记", Audience.NATURAL, "tsme-talent"),
        ("on-paper", "窗口办理", Audience.LEGAL, ""),
    )
    for position, (slug, name, audience, client_id) in enumerate(rows):
        Service.objects.create(
            slug=slug, name=name, summary="…", audience=audience, category="公共服务", position=position,
            required_assurance=AssuranceLevel.CROSS_CHECKED, client_id=client_id, search_text="",
            how_to_apply="" if client_id else "请到窗口。", loaded_at=clock.now(),
        )  # fmt: skip


def verify_person(account: Account, *, name: str = "张三", number: str = ID_NUMBER) -> Account:
    """Bind the account to a person's document."""
    document = parse_document(DocumentKind.RESIDENT_ID, number)
    bind_document(
        actor=SYSTEM, account=account, document=document, name=PersonName.parse(name),
        assurance=AssuranceLevel.CROSS_CHECKED,
    )  # fmt: skip
    return account


def verify_unit(account: Account, *, uscc: str = USCC, name: str = UNIT_NAME) -> Account:
    """Bind the account to a unit."""
    bind_unit(
        actor=SYSTEM, account=account, uscc=Uscc.parse(uscc), unit_name=UnitName.parse(name),
        unit_type=UnitType.ENTERPRISE, assurance=AssuranceLevel.CROSS_CHECKED,
    )  # fmt: skip
    return account


def some_person(
    login_name: str = "zhang.san", phone: str = PHONE, name: str = "张三", number: str = ID_NUMBER
) -> Account:
    """Return a verified person."""
    return verify_person(somebody(login_name, phone), name=name, number=number)


def another_person() -> Account:
    """Return 李四, verified."""
    return some_person("li.si", OTHER_PHONE, "李四", OTHER_NUMBER)


def some_unit() -> Account:
    """Return a verified unit."""
    return verify_unit(somebody("unit.one", "13800000002", Realm.LEGAL))


def another_unit() -> Account:
    """Return another verified unit."""
    return verify_unit(somebody("unit.two", "13800000004", Realm.LEGAL), uscc=OTHER_USCC, name=OTHER_NAME)


def offered(unit: Account, *services: str, name: str = "张三", contact: str = PHONE, days: int = 90) -> UUID:
    """Let the unit offer 高企认定 (or `services`) to 张三."""
    return offer(actor=unit, name=PersonName.parse(name), contact=contact, services=services or (HNTE,), days=days)


def given(unit: Account, person: Account, *services: str, days: int = 90) -> Mandate:
    """Let the unit offer to the person, who accepts; return the first mandate."""
    name = name_of(person, Purpose.MATCH)
    bundle = offered(unit, *services, name=name, contact=person.login_name, days=days)
    return accept(actor=person, bundle=bundle)[0]
