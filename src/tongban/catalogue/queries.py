"""Reading the catalogue."""

from dataclasses import dataclass

from django.db.models import QuerySet

from tongban.catalogue import searching
from tongban.catalogue.errors import ServiceNotFound
from tongban.catalogue.models import Service
from tongban.catalogue.rules import Audience


@dataclass(frozen=True, slots=True)
class Found:
    """A service that a search found, its name and an excerpt cut where the words are."""

    service: Service
    name: list[searching.Piece]
    excerpt: list[searching.Piece]


def offered() -> QuerySet[Service]:
    """Every service that is offered now, in the operator's order."""
    return Service.objects.filter(withdrawn_at=None)


def services_for(audience: Audience) -> QuerySet[Service]:
    """What is offered to `audience` (NATURAL or LEGAL), services for both included."""
    return offered().filter(audience__in=(audience, Audience.BOTH))


def service(slug: str) -> Service:
    """Return the offered service `slug`; raises `ServiceNotFound`."""
    try:
        return offered().get(slug=slug)
    except Service.DoesNotExist:
        raise ServiceNotFound(slug=slug) from None


def service_of_client(client_id: str) -> QuerySet[Service]:
    """Every offered service whose entry leads to the relying party `client_id`."""
    return offered().filter(client_id=client_id)


def search(text: str) -> list[Found]:
    """Return the services that contain every word of `text`, those named so first."""
    wanted = searching.terms(text)
    if not wanted:
        return []
    rows = offered()
    for term in wanted:
        rows = rows.filter(search_text__contains=term)
    named_first = sorted(rows, key=lambda row: not _is_named(row, wanted))
    return [_found(row, wanted) for row in named_first]


def _is_named(row: Service, wanted: list[str]) -> bool:
    """Tell whether the name of a service, in whichever language, contains every term."""
    names = [row.name, *(texts.get("name", "") for texts in row.translations.values())]
    return any(searching.contains_all(searching.fold(name), wanted) for name in names)


def _found(row: Service, wanted: list[str]) -> Found:
    said = row.said
    passages = [said.summary, *said.conditions, *(material["name"] for material in said.materials), *said.steps]
    best = next((text for text in passages if any(term in searching.fold(text) for term in wanted)), said.summary)
    return Found(row, searching.mark(said.name, wanted), searching.excerpt(best, wanted))
