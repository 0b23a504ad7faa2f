"""Every kind of document, and numbers typed under the wrong kind."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.kernel.samples import (
    accepted,
    code_of,
    digits,
    numbers_18,
    permanent_resident_ids_2017,
    permanent_resident_ids_2023,
    resident_ids,
    typed,
)
from tongban.kernel import check_characters
from tongban.kernel.documents import Document, DocumentKind, parse_document
from tongban.kernel.errors import Invalid
from tongban.kernel.permanent_resident_id import PermanentResidentId

MAINLAND = DocumentKind.RESIDENT_ID
HK_MACAU_HOME = DocumentKind.HK_MACAU_RESIDENCE_PERMIT
TAIWAN_HOME = DocumentKind.TAIWAN_RESIDENCE_PERMIT
FOREIGN_HOME = DocumentKind.PERMANENT_RESIDENT_ID
HK_MACAU_TRAVEL = DocumentKind.HK_MACAU_TRAVEL_PERMIT
TAIWAN_TRAVEL = DocumentKind.TAIWAN_TRAVEL_PERMIT
PASSPORT = DocumentKind.PASSPORT


def _with_icao_check(fourteen: str) -> str:
    return fourteen + check_characters.travel_document(fourteen)


@pytest.mark.parametrize(
    ("kind", "raw", "number"),
    [
        (MAINLAND, "110105 19491231 002x", "11010519491231002X"),
        (HK_MACAU_HOME, "810000199408230021", "810000199408230021"),
        (TAIWAN_HOME, "830000199201300022", "830000199201300022"),
        (FOREIGN_HOME, "932682198501010017", "932682198501010017"),
        (FOREIGN_HOME, "911398199012310021", "911398199012310021"),
        (FOREIGN_HOME, "kaz110090123105", "KAZ110090123105"),
        (FOREIGN_HOME, _with_icao_check("KAZ11000002290"), _with_icao_check("KAZ11000002290")),
        (HK_MACAU_TRAVEL, "H12345678", "H12345678"),
        (HK_MACAU_TRAVEL, "m1234567801", "M12345678"),
        (HK_MACAU_TRAVEL, "HA1234567", "HA1234567"),
        (HK_MACAU_TRAVEL, "MA123456702", "MA1234567"),
        (TAIWAN_TRAVEL, "12345678", "12345678"),
        (TAIWAN_TRAVEL, "1234567801", "12345678"),
        (TAIWAN_TRAVEL, "12345678 01（B）", "12345678"),
        (PASSPORT, "e12345678", "E12345678"),
        (PASSPORT, "EA1234567", "EA1234567"),
        (PASSPORT, "G12345678", "G12345678"),
        (PASSPORT, "A1234", "A1234"),
        (PASSPORT, "123456789", "123456789"),
    ],
)
def test_valid_numbers(kind: DocumentKind, raw: str, number: str) -> None:
    assert parse_document(kind, raw) == Document(kind, number)


@given(
    st.one_of(
        st.tuples(st.just(MAINLAND), resident_ids),
        st.tuples(st.just(HK_MACAU_HOME), numbers_18(st.sampled_from(["810000", "820000"]))),
        st.tuples(st.just(TAIWAN_HOME), numbers_18(st.just("830000"))),
        st.tuples(st.just(FOREIGN_HOME), permanent_resident_ids_2017),
        st.tuples(st.just(FOREIGN_HOME), permanent_resident_ids_2023),
        st.tuples(st.just(HK_MACAU_TRAVEL), st.tuples(st.sampled_from("HM"), digits(8)).map("".join)),
        st.tuples(st.just(TAIWAN_TRAVEL), digits(8)),
    ).flatmap(lambda sample: st.tuples(st.just(sample[0]), st.just(sample[1]), typed(sample[1])))
)
def test_numbers_made_by_the_rules_are_accepted_however_typed(sample: tuple[DocumentKind, str, str]) -> None:
    kind, number, raw = sample
    document = parse_document(kind, raw)
    assert document == Document(kind, number)
    assert number not in repr(document)


@pytest.mark.parametrize(
    ("kind", "raw", "code", "params"),
    [
        (MAINLAND, " - ", "document.empty", {}),
        (PASSPORT, "", "document.empty", {}),
        (HK_MACAU_HOME, "810001199408230021", "hk_macau_residence_permit.region", {}),
        (TAIWAN_HOME, "830001199201300022", "taiwan_residence_permit.region", {}),
        (TAIWAN_HOME, "830000199201300023", "id_number.check_character", {}),
        (FOREIGN_HOME, "91112419810803002", "permanent_resident_id.length", {"length": 17}),
        (FOREIGN_HOME, "911124198108030028", "id_number.check_character", {}),
        (FOREIGN_HOME, "811124198108030024", "permanent_resident_id.first_digit", {}),
        (FOREIGN_HOME, "999124198108030024", "permanent_resident_id.region", {"prefix": "99"}),
        (FOREIGN_HOME, "K4Z110090123105", "permanent_resident_id.nationality", {}),
        (FOREIGN_HOME, "KAZ990090123105", "permanent_resident_id.region", {"prefix": "99"}),
        (FOREIGN_HOME, "KAZ110091333105", "id_number.birth_date", {}),
        (FOREIGN_HOME, "KAZ110090123106", "id_number.check_character", {}),
        (
            FOREIGN_HOME,
            "KAZ11O090123105",
            "id_number.letter_for_digit",
            {"position": 6, "character": "O", "digit": "0"},
        ),
        (HK_MACAU_TRAVEL, "12345678", "hk_macau_travel_permit.first_letter", {}),
        (HK_MACAU_TRAVEL, "H1234567", "hk_macau_travel_permit.length", {"length": 8}),
        (HK_MACAU_TRAVEL, "H", "hk_macau_travel_permit.length", {"length": 1}),
        (HK_MACAU_TRAVEL, "H1234567W", "id_number.character", {"position": 9, "character": "W"}),
        (HK_MACAU_TRAVEL, "HAW234567", "id_number.character", {"position": 3, "character": "W"}),
        (TAIWAN_TRAVEL, "1234567", "taiwan_travel_permit.length", {"length": 7}),
        (TAIWAN_TRAVEL, "1234567W", "id_number.character", {"position": 8, "character": "W"}),
        (PASSPORT, "E123", "passport.length", {"length": 4}),
        (PASSPORT, "E123456789", "passport.length", {"length": 10}),
        (PASSPORT, "E1234*678", "passport.character", {"position": 6, "character": "*"}),
        (PASSPORT, "PASSPORT", "passport.no_digit", {}),
    ],
)
def test_an_error_names_the_slip(kind: DocumentKind, raw: str, code: str, params: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        parse_document(kind, raw)
    assert (caught.value.code, caught.value.params) == (code, params)


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (PASSPORT, "11010519491231002X", "document.is_resident_id"),
        (MAINLAND, "810000199408230021", "document.is_hk_macau_residence_permit"),
        (TAIWAN_HOME, "810000199408230021", "document.is_hk_macau_residence_permit"),
        (MAINLAND, "830000199201300022", "document.is_taiwan_residence_permit"),
        (MAINLAND, "932682198501010017", "document.is_permanent_resident_id"),
        (PASSPORT, "KAZ110090123105", "document.is_permanent_resident_id"),
        (MAINLAND, "H1234567801", "document.is_hk_macau_travel_permit"),
        (MAINLAND, "91110108MA01ET88XL", "document.is_uscc"),
    ],
)
def test_the_wrong_kind_is_recognised(kind: DocumentKind, raw: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_document(kind, raw)
    assert code_of(caught) == code


@given(st.sampled_from(DocumentKind), st.text(st.characters(exclude_categories=[])))
def test_whatever_is_typed_is_accepted_or_refused_with_a_code(kind: DocumentKind, raw: str) -> None:
    document = accepted(lambda typed: parse_document(kind, typed), raw)
    assert document is None or parse_document(kind, document.number) == document


def test_the_birth_date_where_the_number_tells_it() -> None:
    assert parse_document(MAINLAND, "11010519491231002X").birth_date == date(1949, 12, 31)
    assert parse_document(FOREIGN_HOME, "932682198501010017").birth_date == date(1985, 1, 1)
    assert parse_document(FOREIGN_HOME, "KAZ110090123105").birth_date is None
    assert parse_document(PASSPORT, "E12345678").birth_date is None


def test_nothing_prints_its_number() -> None:
    document = parse_document(MAINLAND, "11010519491231002X")
    assert repr(document) == str(document) == "Document(resident_id, '1****************X')"
    assert repr(PermanentResidentId.parse("KAZ110090123105")) == "PermanentResidentId('K*************5')"


def test_kinds_keep_the_values_that_are_stored() -> None:
    assert all(kind.value == kind.name.lower() for kind in DocumentKind)
