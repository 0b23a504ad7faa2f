"""The embedded register as an authority: an operator imports who is known, and no other office is asked.

Rehearsals may force answers by the column `answer` of a row, and may switch the whole register off; see
`flows.switch_authority`. An office that does neither has rows with "match" only and no switch.
"""

from tongban.kernel import clock
from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.proofing.models import DOCUMENT_DOMAIN, NAME_DOMAIN, AuthoritySwitch, RegisterPerson, RegisterUnit
from tongban.proofing.rules import Answer
from tongban.vault import blind_index


class Register:
    """Answers from the tables `RegisterPerson` and `RegisterUnit`; covers the kinds of which they hold at least one."""

    name = "register"

    def covers_person(self, kind: DocumentKind) -> bool:
        """Whether the register knows anybody with this kind of document."""
        return RegisterPerson.objects.filter(document_kind=kind).exists()

    def covers_unit(self, unit_type: UnitType) -> bool:
        """Whether the register knows any unit of this type."""
        return RegisterUnit.objects.filter(unit_type=unit_type).exists()

    def check_person(self, *, name: PersonName, document: Document, within: float) -> Answer:
        """Compare with the row of the document; a look-up by index, so `within` is never reached."""
        row = RegisterPerson.objects.filter(document_index__in=_document_indexes(document)).first()
        return _answer(row, matches=row is not None and row.name_index in _name_indexes(name))

    def check_unit(
        self,
        *,
        unit_name: UnitName,
        uscc: Uscc,
        representative_name: PersonName,
        representative_document: Document,
        within: float,
    ) -> Answer:
        """Compare all four entries with the row of the code; a look-up by index, so `within` is never reached."""
        row = RegisterUnit.objects.filter(uscc=uscc.value).first()
        matches = (
            row is not None
            and UnitName.parse(row.name).matching_key == unit_name.matching_key
            and row.representative_name_index in _name_indexes(representative_name)
            and row.representative_document_index in _document_indexes(representative_document)
        )
        return _answer(row, matches=matches)


def _document_indexes(document: Document) -> list[str]:
    return blind_index.candidates(DOCUMENT_DOMAIN, document.identity)


def _name_indexes(name: PersonName) -> list[str]:
    return blind_index.candidates(NAME_DOMAIN, name.matching_key)


def _answer(row: RegisterPerson | RegisterUnit | None, *, matches: bool) -> Answer:
    if row is not None and row.answer == Answer.UNAVAILABLE and row.held_since is None:
        # From now on the rehearsal's next "available" frees this row; see flows.switch_authority.
        row.held_since = clock.now()
        row.save(update_fields=["held_since"])
    if _switched_off():
        return Answer.UNAVAILABLE
    if row is None:
        return Answer.NO_RECORD
    if row.answer != Answer.MATCH:
        return Answer(row.answer)
    return Answer.MATCH if matches else Answer.MISMATCH


def _switched_off() -> bool:
    latest = AuthoritySwitch.objects.order_by("-switched_at", "-id").values_list("available", flat=True).first()
    return latest is False
