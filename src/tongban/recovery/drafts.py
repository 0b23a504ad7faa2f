"""From what was filled in to what a case is opened with."""

import json
from collections.abc import Mapping

from tongban.accounts.rules import Realm
from tongban.kernel.documents import Document, DocumentKind, parse_document
from tongban.recovery.labels import FIELDS
from tongban.recovery.rules import LEGAL_KIND, NATURAL_KIND

FILLED = "filled"
"""Under this name a case has what was filled in as a program reads it; the review desk does not show it."""


def kind_of(realm: Realm) -> str:
    """Return the kind of case of an appeal in `realm`."""
    return LEGAL_KIND if realm is Realm.LEGAL else NATURAL_KIND


def realm_of(kind: str) -> Realm:
    """Return the realm of an appeal that opened a case of `kind`."""
    return Realm.LEGAL if kind == LEGAL_KIND else Realm.NATURAL


def case_data(realm: Realm, filled: Mapping[str, str]) -> dict[str, str]:
    """Return what the case freezes: everything that was filled in, by field for people, and as programs read it.

    Choices are codes in both: who reads them reads them in their own language (`labels.readable`).
    """
    named = {name: filled.get(name, "") for name in FIELDS[realm]}
    return {**named, FILLED: json.dumps(dict(filled), ensure_ascii=False)}


def filled_of(data: Mapping[str, str]) -> dict[str, str]:
    """Return what was filled in, from the data of a case."""
    filled: dict[str, str] = json.loads(data[FILLED])
    return filled


def document_of(filled: Mapping[str, str]) -> Document:
    """Return the document of who appeals, or of a unit's legal representative."""
    return parse_document(DocumentKind(filled["document_kind"]), filled["document_number"])


def subjects(realm: Realm, filled: Mapping[str, str]) -> dict[str, str]:
    """Return what the case is about, for other cases about the same to be found."""
    document = document_of(filled)
    about = {"document": f"{document.kind}:{document.number}"}
    return {"unit": filled["uscc"], **about} if realm is Realm.LEGAL else about
