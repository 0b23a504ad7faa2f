"""People and units these tests made up, by the rules of the standards."""

from tongban.kernel.check_characters import mod_11_2
from tongban.kernel.documents import Document, DocumentKind, parse_document
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.proofing.entries import PersonEntries, UnitEntries

USCC = "91110108MA00000070"


def resident_id(number: int, *, region: str = "110105") -> Document:
    """Return the resident identity card number `number` (0–999) of somebody born on 1 January 1990."""
    body = f"{region}19900101{number:03d}"
    return parse_document(DocumentKind.RESIDENT_ID, body + mod_11_2(body))


def person(number: int = 1, *, name: str = "张三") -> PersonEntries:
    return PersonEntries(name=PersonName.parse(name), document=resident_id(number))


def unit(*, uscc: str = USCC, unit_name: str = "北京示例科技有限公司", agent: int = 11) -> UnitEntries:
    return UnitEntries(
        unit_name=UnitName.parse(unit_name),
        uscc=Uscc.parse(uscc),
        unit_type=UnitType.ENTERPRISE,
        region="11",
        address="海淀区中关村大街1号",
        agent_name=PersonName.parse("李四"),
        agent_document=resident_id(agent),
        agent_phone=Mobile.parse("13800001234"),
        representative_name=PersonName.parse("王五"),
        representative_document=resident_id(12),
    )
