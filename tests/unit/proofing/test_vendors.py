"""The vendors' look-ups as authorities: every documented answer, whom they know, one after another."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from tests.unit.proofing.people import USCC, person, unit
from tests.vendors.offices import Office
from tests.vendors.server import KEY_ID, KEY_SECRET, Vendor, lost_question, says, serving, slow
from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.uscc import UnitType, Uscc
from tongban.kernel.vendors import channel
from tongban.proofing.adapters import alibaba, tencent
from tongban.proofing.adapters.alibaba import AlibabaAuthority
from tongban.proofing.adapters.tencent import TencentAuthority
from tongban.proofing.authority import Authority, ask, configured
from tongban.proofing.entries import PersonEntries, UnitEntries
from tongban.proofing.rules import Answer, Said

ALIBABA = "tongban.proofing.adapters.alibaba.AlibabaAuthority"
TENCENT = "tongban.proofing.adapters.tencent.TencentAuthority"
VENDORS: list[Authority] = [AlibabaAuthority(), TencentAuthority()]
both = pytest.mark.parametrize("authority", VENDORS, ids=lambda authority: authority.name)


@pytest.fixture
def office() -> Office:
    """An office that knows 张三 and one company."""
    company = unit()
    representative = (
        company.unit_name.value,
        company.representative_name.value,
        company.representative_document.number,
    )
    return Office(people={person().document.number: "张三"}, units={USCC: representative})


@pytest.fixture
def vendor(office: Office, settings: Settings) -> Iterator[Vendor]:
    """Both vendors at one address, with one key."""
    channel.forget_breakers()
    with serving(office.answers()) as running:
        for name in ("ALIBABA_CLOUDAUTH_ADDRESS", "TENCENT_FACEID_ADDRESS", "TENCENT_OCR_ADDRESS"):
            setattr(settings, name, running.address)
        settings.ALIBABA_KEY_ID = settings.TENCENT_KEY_ID = KEY_ID
        settings.ALIBABA_KEY_SECRET = settings.TENCENT_KEY_SECRET = KEY_SECRET
        yield running
    channel.forget_breakers()


def check(authority: Authority, entries: PersonEntries, *, within: float = 2.0) -> Answer | None:
    return authority.check_person(name=entries.name, document=entries.document, within=within)


def check_unit(authority: Authority, entries: UnitEntries) -> Answer | None:
    return authority.check_unit(
        unit_name=entries.unit_name,
        uscc=entries.uscc,
        representative_name=entries.representative_name,
        representative_document=entries.representative_document,
        within=2.0,
    )


@both
def test_persons_match_differ_or_are_unknown(authority: Authority, vendor: Vendor) -> None:
    assert check(authority, person()) is Answer.MATCH
    assert check(authority, person(name="张四")) is Answer.MISMATCH
    assert check(authority, person(2)) is Answer.NO_RECORD


@both
def test_units_match_differ_or_are_unknown(authority: Authority, vendor: Vendor) -> None:
    assert check_unit(authority, unit()) is Answer.MATCH
    assert check_unit(authority, unit(unit_name="北京另一科技有限公司")) is Answer.MISMATCH
    assert check_unit(authority, replace(unit(), representative_document=person(5).document)) is Answer.MISMATCH
    assert check_unit(authority, unit(uscc="91440300MA0000012Q")) is Answer.NO_RECORD


@both
@pytest.mark.parametrize("status", ["0", "2", "3", "4", "5", "6", ""])
def test_a_unit_that_is_not_in_business_is_for_a_person_to_judge(
    authority: Authority, status: str, vendor: Vendor, office: Office
) -> None:
    office.status = status
    assert check_unit(authority, unit()) is Answer.NO_RECORD


@both
def test_only_whom_four_elements_know_is_asked_about(authority: Authority, vendor: Vendor) -> None:
    assert [kind for kind in DocumentKind if authority.covers_person(kind)] == [DocumentKind.RESIDENT_ID]
    assert {kind for kind in UnitType if authority.covers_unit(kind)} == {UnitType.ENTERPRISE, UnitType.OTHER}
    institution = replace(unit(), uscc=Uscc.parse("12100000400000624D"))
    assert check_unit(authority, institution) is None
    passport = Document(DocumentKind.PASSPORT, "X1234567", "GBR")
    assert check_unit(authority, replace(unit(), representative_document=passport)) is None
    assert vendor.asked == []


def alibaba_says(code: str, **inner: Any) -> Any:
    return says({"Code": code, "Message": "…", "RequestId": "A-1", **inner})


@pytest.mark.parametrize("code", ["400", "402", "403", "410", "411", "412", "500"])
def test_what_alibaba_says_of_itself_is_no_answer(code: str, vendor: Vendor) -> None:
    vendor.lasting = alibaba_says(code)
    assert check(AlibabaAuthority(), person()) is Answer.UNAVAILABLE
    assert check_unit(AlibabaAuthority(), unit()) is Answer.UNAVAILABLE


def test_a_name_alibaba_cannot_read_is_a_case_for_a_person(vendor: Vendor) -> None:
    vendor.moods[:] = [alibaba_says("401"), says({"Code": "InvalidParameter"}, status=401)]
    assert check(AlibabaAuthority(), person()) is Answer.NO_RECORD
    assert check_unit(AlibabaAuthority(), unit()) is Answer.NO_RECORD


@pytest.mark.parametrize(
    "lie",
    [
        {},
        {"ResultObject": None, "Result": None},
        {"ResultObject": {"BizCode": "9"}, "Result": {"BizCode": "9"}},
        {"ResultObject": {}, "Result": {"BizCode": "1", "ReasonDetail": "EntNameFlag", "Status": "1"}},
    ],
)
def test_success_without_a_result_is_no_answer_of_alibaba(lie: Mapping[str, Any], vendor: Vendor) -> None:
    vendor.lasting = alibaba_says("200", **lie)
    assert check(AlibabaAuthority(), person()) is Answer.UNAVAILABLE
    assert check_unit(AlibabaAuthority(), unit()) is Answer.UNAVAILABLE


@pytest.mark.parametrize(("result", "answer"), tencent.PERSON.items())
def test_every_result_of_tencent_has_a_meaning(result: str, answer: Answer, vendor: Vendor) -> None:
    vendor.lasting = says({"Response": {"Result": result}})
    assert check(TencentAuthority(), person()) is answer


SAME = dict.fromkeys(("IsCreditCodeConsistent", "IsEntNameConsistent", "IsLrNameConsistent", "IsIdNumConsistent"), True)


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        ({"StatusCode": 0, "VerifyResult": 1, "OperatingStatus": "1", **SAME}, Answer.MATCH),
        ({"StatusCode": 0, "VerifyResult": 0, "OperatingStatus": "-10002", **SAME}, Answer.NO_RECORD),
        ({"StatusCode": 0, "VerifyResult": 0, "OperatingStatus": "1", **SAME}, Answer.MISMATCH),
        ({"StatusCode": 1}, Answer.UNAVAILABLE),
        ({"StatusCode": 0}, Answer.UNAVAILABLE),
        ({"StatusCode": 0, "VerifyResult": 1, "OperatingStatus": "1"}, Answer.UNAVAILABLE),
        (
            {"StatusCode": 0, "VerifyResult": 1, "OperatingStatus": "1", **SAME, "IsIdNumConsistent": False},
            Answer.UNAVAILABLE,
        ),
        ({"Error": {"Code": "FailedOperation.UnKnown", "Message": "…"}}, Answer.UNAVAILABLE),
    ],
)
def test_what_tencent_says_of_a_unit(found: Mapping[str, Any], answer: Answer, vendor: Vendor) -> None:
    vendor.lasting = says({"Response": found})
    assert check_unit(TencentAuthority(), unit()) is answer


def test_success_without_a_result_is_no_answer_of_tencent(vendor: Vendor) -> None:
    vendor.lasting = says({"Response": {"Result": None}})
    assert check(TencentAuthority(), person()) is Answer.UNAVAILABLE


@both
def test_what_is_no_answer_is_unavailable(authority: Authority, vendor: Vendor) -> None:
    for mood in (slow(3), lost_question(), says(b"<html>"), says({}, status=503)):
        vendor.lasting = mood
        assert check(authority, person(), within=0.5) is Answer.UNAVAILABLE


@both
def test_a_wrong_key_is_no_answer(authority: Authority, vendor: Vendor, settings: Settings) -> None:
    settings.ALIBABA_KEY_SECRET = settings.TENCENT_KEY_SECRET = "wrong"
    assert check(authority, person()) is Answer.UNAVAILABLE


# One after another


@pytest.fixture
def two(vendor: Vendor, settings: Settings) -> Vendor:
    """Alibaba is asked first, then Tencent; the test holds the second one's server."""
    settings.AUTHORITY = [ALIBABA, TENCENT]
    return vendor


def said(entries: PersonEntries | UnitEntries, *, within: float = 2.0) -> Said:
    return ask(configured(), entries.questions()[0], within=within)


def test_the_first_answers_alone(two: Vendor) -> None:
    assert said(person()) == Said(Answer.MATCH, "alibaba")
    assert said(person(name="张四")) == Said(Answer.MISMATCH, "alibaba")
    assert said(person(2)) == Said(Answer.NO_RECORD, "alibaba")
    assert {action for action, _params in two.asked} == {"Id2MetaVerify"}


def test_the_second_answers_when_the_first_has_none(two: Vendor, settings: Settings) -> None:
    settings.ALIBABA_KEY_SECRET = "wrong"
    assert said(person()) == Said(Answer.MATCH, "tencent")
    assert said(unit()) == Said(Answer.MATCH, "tencent")


def test_a_slow_first_leaves_the_second_time(two: Vendor) -> None:
    two.moods[:] = [slow(5)]
    assert said(person(), within=3.0) == Said(Answer.MATCH, "tencent")


def test_when_none_answers_there_is_no_answer(two: Vendor) -> None:
    two.lasting = lost_question()
    assert said(person()).answer is Answer.UNAVAILABLE
    assert said(person(), within=0).answer is Answer.UNAVAILABLE


def test_whom_none_can_be_asked_about_is_said(two: Vendor) -> None:
    institution = replace(unit(), uscc=Uscc.parse("12100000400000624D"))
    assert said(institution) == Said(None, "")
    assert said(replace(person(), document=Document(DocumentKind.PASSPORT, "X1234567", "GBR"))) == Said(None, "")


def test_the_one_that_covers_a_kind_is_asked(two: Vendor) -> None:
    law_firm = replace(unit(), unit_type=UnitType.OTHER, uscc=Uscc.parse("311100000000006043"))
    two.lasting = lost_question()
    assert said(law_firm) == Said(Answer.UNAVAILABLE, "alibaba")
    assert alibaba.COVERAGE.codes - tencent.COVERAGE.codes == {"31"}
