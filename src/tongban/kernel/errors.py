"""What is wrong with something a person typed.

    Exception
    └── Invalid          one code, its parameters, no sentence

A code reads `subject.problem` and names the kind of slip, so that the sentence a person reads can say
what to do. The sentences live in `tongban.design.sentences`; `CODES` below is the complete list.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Invalid(Exception):
    """A value breaks a rule. `code` is stable; `params` fill the sentence.

    Parameters are positions, lengths and single characters, never the value itself, so that an error may be
    logged without leaking personal data.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Code(NamedTuple):
    """What a code means to a developer, and which parameters come with it."""

    meaning: str
    params: tuple[str, ...] = ()


CODES: Mapping[str, Code] = {
    # Numbers of any identity document
    "document.empty": Code("no number was typed"),
    "document.is_resident_id": Code("a valid resident identity number, typed under another kind"),
    "document.is_hk_macau_residence_permit": Code("a valid Hong Kong or Macau residence permit, under another kind"),
    "document.is_taiwan_residence_permit": Code("a valid Taiwan residence permit, under another kind"),
    "document.is_permanent_resident_id": Code("a valid foreign permanent resident number, under another kind"),
    "document.is_hk_macau_travel_permit": Code("shaped like a Hong Kong or Macau travel permit, under another kind"),
    "document.is_uscc": Code("a valid unified social credit code where a person's document is asked for"),
    # Rules shared by the numbers that have 18 characters and by other all-digit numbers
    "id_number.length": Code("too short or too long", ("length", "expected")),
    "id_number.letter_for_digit": Code("a letter that looks like a digit", ("position", "character", "digit")),
    "id_number.character": Code("a character that cannot stand here", ("position", "character")),
    "id_number.last_character": Code("the last character is neither a digit nor X", ("character",)),
    "id_number.birth_date": Code("the part that holds the birth date is no date of a living person"),
    "id_number.birth_date_in_future": Code("the birth date lies in the future"),
    "id_number.check_character": Code("the last character does not fit the others: one of them is wrong"),
    # One kind of document
    "resident_id.fifteen_digits": Code("the 15-digit form, out of use since 2013"),
    "resident_id.region": Code("the first two digits are no province", ("prefix",)),
    "hk_macau_residence_permit.region": Code("does not start with 810000 or 820000"),
    "taiwan_residence_permit.region": Code("does not start with 830000"),
    "permanent_resident_id.length": Code("neither 15 nor 18 characters", ("length",)),
    "permanent_resident_id.first_digit": Code("an 18-digit number that does not start with 9"),
    "permanent_resident_id.nationality": Code("a 15-character number that does not start with three letters"),
    "permanent_resident_id.region": Code("the place of issue is no province", ("prefix",)),
    "hk_macau_travel_permit.first_letter": Code("does not start with H or M"),
    "hk_macau_travel_permit.length": Code("neither a letter and 8 digits nor that with 2 digits more", ("length",)),
    "taiwan_travel_permit.length": Code("neither 8 digits nor those with the number of issue", ("length",)),
    "passport.length": Code("fewer than 5 or more than 9 characters", ("length",)),
    "passport.character": Code("neither a Latin letter nor a digit", ("position", "character")),
    "passport.no_digit": Code("letters only"),
    # Unified social credit code
    "uscc.empty": Code("no code was typed"),
    "uscc.length": Code("not 18 characters", ("length",)),
    "uscc.organisation_code": Code("only the 9 characters of the old organisation code"),
    "uscc.registration_number": Code("the 15 digits of the old business registration number"),
    "uscc.is_resident_id": Code("a valid resident identity number"),
    "uscc.forbidden_letter": Code("I, O, Z, S or V, which no code contains", ("position", "character", "likely")),
    "uscc.character": Code("neither a Latin letter nor a digit", ("position", "character")),
    "uscc.region_character": Code("a letter among the six digits of the region", ("position", "character")),
    "uscc.authority": Code("the first character names no registering authority", ("character",)),
    "uscc.check_character": Code("the last character does not fit the others: one of them is wrong"),
    # Warnings that `Uscc.warnings` carries; never raised
    "uscc.organisation_check": Code("characters 9 to 17 fail the check of GB 11714"),
    "uscc.category_unknown": Code("the published table has no such category for this authority"),
    "uscc.region_unknown": Code("characters 3 and 4 are no province"),
    # Mobile numbers
    "mobile.empty": Code("no number was typed"),
    "mobile.length": Code("not 11 digits", ("length",)),
    "mobile.character": Code("something else than a digit", ("position", "character")),
    "mobile.landline": Code("starts with 0 like a landline"),
    "mobile.foreign": Code("starts with the code of another country or region"),
    "mobile.prefix": Code("11 digits that do not start with 13 to 19"),
    # Names of persons
    "person_name.empty": Code("no name was typed"),
    "person_name.too_short": Code("a single letter"),
    "person_name.too_long": Code("more characters than any document holds", ("length", "maximum")),
    "person_name.digit": Code("a digit in a name", ("position", "character")),
    "person_name.private_use": Code("a character that only one computer's own font knows", ("position",)),
    "person_name.character": Code("a character that stands in no name", ("position", "character")),
    # Names of units
    "unit_name.empty": Code("no name was typed"),
    "unit_name.too_short": Code("a single letter"),
    "unit_name.too_long": Code("more characters than any certificate holds", ("length", "maximum")),
    "unit_name.private_use": Code("a character that only one computer's own font knows", ("position",)),
    "unit_name.character": Code("a character that stands in no name", ("position", "character")),
}
