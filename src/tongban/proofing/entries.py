"""What a person or a unit submits to be verified, as value objects, and the questions that follow from it.

Entries are frozen: a verification keeps exactly what was submitted, sealed, as the JSON object `as_json` returns.
"""

import json
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from tongban.kernel.documents import Document, DocumentKind, parse_document
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.proofing.rules import Block


@dataclass(frozen=True, slots=True)
class PersonQuestion:
    """Does this document belong to this name?"""

    block: Block
    name: PersonName
    document: Document


@dataclass(frozen=True, slots=True)
class UnitQuestion:
    """Does this unit have this name and this legal representative?"""

    block: Block
    unit_name: UnitName
    uscc: Uscc
    unit_type: UnitType
    representative_name: PersonName
    representative_document: Document


Question = PersonQuestion | UnitQuestion


@dataclass(frozen=True, slots=True)
class PersonEntries:
    """修改个人信息. The nationality is asked for with a passport: it is the country of the document."""

    name: PersonName
    document: Document

    block: ClassVar[Block] = Block.PERSON

    def questions(self) -> tuple[Question, ...]:
        """Return what an authority must be asked."""
        return (PersonQuestion(Block.PERSON, self.name, self.document),)

    def as_fields(self) -> dict[str, str]:
        """Return the entries under the names of the form's fields."""
        return {
            "name": self.name.value,
            "document_kind": self.document.kind,
            "document_number": self.document.number,
            "nationality": self.document.country,
        }

    @classmethod
    def from_fields(cls, given: dict[str, str]) -> Self:
        """Return the entries that `as_fields` gave; raises `kernel.errors.Invalid`."""
        document = parse_document(DocumentKind(given["document_kind"]), given["document_number"])
        return cls(name=PersonName.parse(given["name"]), document=replace(document, country=given["nationality"]))


@dataclass(frozen=True, slots=True)
class UnitEntries:
    """修改法人信息: the unit, its authorised agent, its legal representative.

    `region` is the two digits of a province (GB/T 2260) or empty.
    """

    unit_name: UnitName
    uscc: Uscc
    unit_type: UnitType
    region: str
    address: str
    agent_name: PersonName
    agent_document: Document
    agent_phone: Mobile
    representative_name: PersonName
    representative_document: Document

    block: ClassVar[Block] = Block.UNIT

    def questions(self) -> tuple[Question, ...]:
        """Return what an authority must be asked."""
        return (
            UnitQuestion(
                Block.UNIT,
                self.unit_name,
                self.uscc,
                self.unit_type,
                self.representative_name,
                self.representative_document,
            ),
            PersonQuestion(Block.AGENT, self.agent_name, self.agent_document),
        )

    def as_fields(self) -> dict[str, str]:
        """Return the entries under the names of the form's fields."""
        return {
            "unit_name": self.unit_name.value,
            "uscc": self.uscc.value,
            "unit_type": self.unit_type,
            "region": self.region,
            "address": self.address,
            "agent_name": self.agent_name.value,
            "agent_document_kind": self.agent_document.kind,
            "agent_document_number": self.agent_document.number,
            "agent_phone": self.agent_phone.value,
            "representative_name": self.representative_name.value,
            "representative_document_kind": self.representative_document.kind,
            "representative_document_number": self.representative_document.number,
        }

    @classmethod
    def from_fields(cls, given: dict[str, str]) -> Self:
        """Return the entries that `as_fields` gave; raises `kernel.errors.Invalid`."""
        return cls(
            unit_name=UnitName.parse(given["unit_name"]),
            uscc=Uscc.parse(given["uscc"]),
            unit_type=UnitType(given["unit_type"]),
            region=given["region"],
            address=given["address"],
            agent_name=PersonName.parse(given["agent_name"]),
            agent_document=parse_document(DocumentKind(given["agent_document_kind"]), given["agent_document_number"]),
            agent_phone=Mobile.parse(given["agent_phone"]),
            representative_name=PersonName.parse(given["representative_name"]),
            representative_document=parse_document(
                DocumentKind(given["representative_document_kind"]), given["representative_document_number"]
            ),
        )


Entries = PersonEntries | UnitEntries

SENSITIVE = frozenset({"document_number", "agent_document_number", "representative_document_number"})
"""Entries that are sensitive personal information (PIPL art. 28): kept only after a separate consent (art. 29)."""


def as_json(entries: Entries) -> str:
    """Return `entries` as one JSON object with sorted keys, so that equal entries give equal text."""
    return json.dumps(entries.as_fields(), ensure_ascii=False, sort_keys=True)


def from_json(block: Block, text: str) -> Entries:
    """Return the entries `as_json` wrote; `block` is PERSON or UNIT."""
    given: dict[str, str] = json.loads(text)
    return PersonEntries.from_fields(given) if block is Block.PERSON else UnitEntries.from_fields(given)


def without_sensitive(given: dict[str, str]) -> dict[str, str]:
    """Return the entries that may be kept while no consent has been given."""
    return {name: value for name, value in given.items() if name not in SENSITIVE}
