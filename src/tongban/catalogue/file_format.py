"""How a catalogue file reads: JSON, `{"services": [{…}, …]}`, in the order in which services are shown."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TypeVar

from tongban.catalogue.errors import InvalidCatalogue
from tongban.catalogue.rules import TRANSLATED, Audience, Material, ServiceEntry
from tongban.design import translations
from tongban.design.spoken import Translations, other_codes
from tongban.kernel.assurance import AssuranceLevel

T = TypeVar("T")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_AUDIENCES: Mapping[str, Audience] = {audience.value: audience for audience in Audience}
_LEVELS: Mapping[str, AssuranceLevel] = {level.name.lower(): level for level in AssuranceLevel}


def parse_catalogue(data: object) -> list[ServiceEntry]:
    """Return the services of a catalogue file's JSON value; raises `InvalidCatalogue` at the first wrong place."""
    top = _Row(data, place="")
    top.demand_known({"services"})
    entries = [_entry(_Row(item, place=f"services[{number}]")) for number, item in enumerate(top.items("services"))]
    slugs = [entry.slug for entry in entries]
    for number, slug in enumerate(slugs):
        if slug in slugs[:number]:
            raise InvalidCatalogue(place=f"services[{number}].slug", problem=f"{slug} appears twice")
    return entries


def _entry(row: "_Row") -> ServiceEntry:
    row.demand_known({field.name for field in fields(ServiceEntry)} - {"translations"} | set(other_codes()))
    entry = ServiceEntry(
        slug=row.matching("slug", _SLUG),
        name=row.required_text("name"),
        summary=row.required_text("summary"),
        audience=row.one_of("audience", _AUDIENCES),
        category=row.required_text("category"),
        icon=row.text("icon") or "file",
        required_assurance=row.one_of("required_assurance", _LEVELS),
        client_id=row.text("client_id"),
        office=row.text("office"),
        result=row.text("result"),
        conditions=row.texts("conditions"),
        materials=row.materials("materials"),
        steps=row.texts("steps"),
        time_limit=row.text("time_limit"),
        fee=row.text("fee"),
        legal_basis=row.texts("legal_basis"),
        hotline=row.text("hotline"),
        hours=row.text("hours"),
        how_to_get_right=row.text("how_to_get_right"),
        how_to_apply=row.text("how_to_apply"),
    )
    if not entry.client_id and not entry.how_to_apply:
        raise row.wrong("how_to_apply", "a service without an online entry must say how to apply")
    return replace(entry, translations=row.translations({name: getattr(entry, name) for name in TRANSLATED}))


class _Row:
    """One object of the file; every reader raises `InvalidCatalogue` with the place of what it read."""

    def __init__(self, item: object, *, place: str) -> None:
        if not isinstance(item, dict):
            raise InvalidCatalogue(place=place or "file", problem="expected an object")
        self._item = item
        self._place = place

    def wrong(self, key: str, problem: str) -> InvalidCatalogue:
        return InvalidCatalogue(place=f"{self._place}.{key}".lstrip("."), problem=problem)

    def demand_known(self, known: set[str]) -> None:
        for key in sorted(self._item.keys() - known):
            raise self.wrong(key, "unknown key")

    def items(self, key: str) -> list[object]:
        value = self._item.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, "expected a list")
        return value

    def text(self, key: str) -> str:
        value = self._item.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, "expected text")
        return value.strip()

    def required_text(self, key: str) -> str:
        value = self.text(key)
        if not value:
            raise self.wrong(key, "must not be empty")
        return value

    def matching(self, key: str, pattern: re.Pattern[str]) -> str:
        value = self.text(key)
        if not pattern.fullmatch(value):
            raise self.wrong(key, f"must match {pattern.pattern}")
        return value

    def one_of(self, key: str, choices: Mapping[str, T]) -> T:
        value = self.text(key)
        if value not in choices:
            raise self.wrong(key, f"expected one of {', '.join(choices)}")
        return choices[value]

    def texts(self, key: str) -> list[str]:
        rows = [_Row({"text": item}, place=f"{self._place}.{key}[{number}]") for number, item in self._numbered(key)]
        return [row.required_text("text") for row in rows]

    def materials(self, key: str) -> list[Material]:
        rows = [_Row(item, place=f"{self._place}.{key}[{number}]") for number, item in self._numbered(key)]
        for row in rows:
            row.demand_known({"name", "form", "note"})
        return [Material(name=row.required_text("name"), form=row.text("form"), note=row.text("note")) for row in rows]

    def translations(self, originals: Mapping[str, object]) -> Translations:
        def wrong(place: str, problem: str) -> InvalidCatalogue:
            return InvalidCatalogue(place=place, problem=problem)

        return translations.read(self._item, originals=originals, place=self._place, wrong=wrong)

    def _numbered(self, key: str) -> "enumerate[object]":
        return enumerate(self.items(key))
