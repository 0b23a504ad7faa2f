"""Mandates as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.accounts.models import Account, IdentityBinding
from tongban.accounts.queries import live_binding, live_bindings, phone_of
from tongban.accounts.rules import IdentityKind
from tongban.design.wording import listed
from tongban.kernel import clock
from tongban.kernel.errors import Invalid
from tongban.kernel.mobile import Mobile
from tongban.mandates import queries
from tongban.mandates.models import Mandate
from tongban.mandates.rules import EndReason, Origin
from tongban.vault.purposes import Purpose

Text = str | Promise
_MOST_SERVICES = 3
"""Rows of one offer or request that are reckoned with where there are very many."""
_STANDS: tuple[str, Text] = ("good", gettext_lazy("有效"))
_RESTS: tuple[str, Text] = ("wait", gettext_lazy("暂停"))
_EXPIRED: tuple[str, Text] = ("plain", gettext_lazy("已到期"))
_WAITS: tuple[str, Text] = ("info", gettext_lazy("等待答复"))


@dataclass(frozen=True, slots=True)
class Line:
    """Mandates that one act made, or one of them: what a page says of it. `person` and `contact` are for the unit."""

    id: UUID
    bundle: UUID
    unit: str
    uscc: str
    person: str
    contact: str
    services: str
    slug: str
    origin: str
    term: str
    kind: str
    state: Text
    ended_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it gives a right now."""
        return self.kind == "good"


def lines(rows: Iterable[Mandate], *, full_names: bool) -> list[Line]:
    """Return a line for each mandate. Only the unit's own pages show people by their `full_names`."""
    found = list(rows)
    known = _Known(found)
    return [known.line([row], full_names=full_names) for row in found]


def page_of(rows: QuerySet[Mandate], number: str | None, *, full_names: bool) -> Page[Line]:
    """Return one page of lines; a page that does not exist becomes the nearest one."""
    pages: Paginator[Any] = Paginator(rows, settings.MANDATES_PER_PAGE)  # of rows here, of lines for the reader
    found = pages.get_page(number or 1)
    return Page(lines(found.object_list, full_names=full_names), found.number, pages)


def bundles(rows: Iterable[Mandate], *, full_names: bool) -> list[Line]:
    """Return a line for each offer or request, whose rows stand together; of very many, those at the beginning."""
    found = list(islice(rows, settings.MANDATES_PER_PAGE * _MOST_SERVICES))
    known = _Known(found)
    groups = [list(group) for _bundle, group in groupby(found, key=lambda row: row.bundle)]
    return [known.line(group, full_names=full_names) for group in groups]


class _Known:
    """What lines need to know of units and services, read once for a page."""

    def __init__(self, rows: Sequence[Mandate]) -> None:
        self._services = queries.service_names(row.service for row in rows)
        self._units = queries.unit_names(row.uscc for row in rows)
        self._holders = live_bindings((row.holder_id for row in rows if row.holder_id), IdentityKind.DOCUMENT)
        self._standing = set(queries.standing().filter(id__in=[row.id for row in rows]).values_list("id", flat=True))

    def line(self, rows: Sequence[Mandate], *, full_names: bool) -> Line:
        first = rows[0]
        person, contact = self._person(first) if full_names else ("", "")
        kind, state = self._state(first)
        return Line(
            id=first.id,
            bundle=first.bundle,
            unit=self._units.get(first.uscc, ""),
            uscc=first.uscc,
            person=person,
            contact=contact,
            services=listed(self._services.get(row.service, row.service) for row in rows),
            slug=first.service,
            origin=str(Origin(first.origin).label),
            term=_term(first),
            kind=kind,
            state=state,
            ended_at=first.ended_at,
        )

    def _person(self, row: Mandate) -> tuple[str, str]:
        """Return name and masked number of whom the unit deals with: the verified person, else whom it addressed."""
        if row.holder is not None:
            name = _verified_name(self._holders.get(row.holder.id), Purpose.SHOW_COUNTERPART)
            return name, _masked(phone_of(row.holder, Purpose.SHOW_MASKED))
        if row.name is None or row.contact is None:
            return "", ""
        return row.name.reveal(Purpose.SHOW_OWNER), _shown(row.contact.reveal(Purpose.SHOW_OWNER))

    def _state(self, row: Mandate) -> tuple[str, Text]:
        if row.ended_at is not None:
            return "plain", EndReason(row.ended_reason).label
        if not row.is_begun:
            return _WAITS
        if row.id in self._standing:
            return _STANDS
        return _EXPIRED if row.until is not None and row.until <= clock.now() else _RESTS


def _term(row: Mandate) -> str:
    if row.last_day is None:
        return ""
    begun = max(filter(None, (row.unit_agreed_at, row.holder_agreed_at)), default=row.opened_at)
    if not row.is_begun:
        return _("至 %(last)s") % {"last": row.last_day}
    return _("%(first)s 至 %(last)s") % {"first": _day(begun), "last": row.last_day}


def _day(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d")


def _shown(contact: str) -> str:
    """Return a number masked, a login name as it was typed."""
    try:
        return Mobile.parse(contact).masked
    except Invalid:
        return contact


def name_of(account: Account, purpose: Purpose) -> str:
    """Return the verified name of a person."""
    return _verified_name(live_binding(account, IdentityKind.DOCUMENT), purpose)


def _verified_name(binding: IdentityBinding | None, purpose: Purpose) -> str:
    return binding.name.reveal(purpose) if binding and binding.name else ""


def _masked(phone: Mobile | None) -> str:
    return phone.masked if phone else ""
