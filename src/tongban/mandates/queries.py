"""What the room reads, for itself and for the rooms above it."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.accounts import queries as accounts
from tongban.accounts.models import Account, IdentityBinding, Suspension
from tongban.accounts.rules import IdentityKind, Realm
from tongban.catalogue import queries as catalogue
from tongban.catalogue.models import Service
from tongban.catalogue.rules import Audience
from tongban.kernel import clock
from tongban.kernel.errors import Invalid
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName
from tongban.mandates.models import ADDRESS_DOMAIN, BEGUN, LIVE, OFFER, REQUEST, Mandate
from tongban.mandates.rules import address, at_login_name, at_phone
from tongban.vault import blind_index
from tongban.vault.purposes import Purpose

_live_bindings = IdentityBinding.objects.filter(released_at__isnull=True)
_suspensions = Suspension.objects.filter(ended_at__isnull=True)
_unit_may = Exists(
    _live_bindings.filter(account=OuterRef("unit"), kind=IdentityKind.UNIT, uscc=OuterRef("uscc"))
) & ~Exists(_suspensions.filter(account=OuterRef("unit")))
_holder_may = Exists(_live_bindings.filter(account=OuterRef("holder"), kind=IdentityKind.DOCUMENT)) & ~Exists(
    _suspensions.filter(account=OuterRef("holder"))
)


def standing() -> QuerySet[Mandate]:
    """Return the mandates that give a right at this moment.

    Agreed by both sides, neither ended nor expired; the unit is verified for the same code as then, the person is
    verified, and neither account is suspended.
    """
    return Mandate.objects.filter(BEGUN, _unit_may, _holder_may, until__gt=clock.now())


def held(account: Account, services: Collection[str]) -> list[Mandate]:
    """Return the mandates by which `account` may act in one of `services` (codes of the catalogue), oldest first."""
    if account.realm != Realm.NATURAL or not services:
        return []
    mine = standing().filter(holder=account, service__in=services)
    return list(mine.select_related("unit").order_by("opened_at", "id"))


def stands(mandate_id: UUID) -> bool:
    """Return whether the mandate gives its right at this moment."""
    return standing().filter(id=mandate_id).exists()


def live_of_holder(account: Account) -> QuerySet[Mandate]:
    """Return what `account` holds or asks for, the latest first."""
    return Mandate.objects.filter(LIVE, holder=account).select_related("unit").order_by("-opened_at", "service")


def live_of_unit(account: Account) -> QuerySet[Mandate]:
    """Return what `account` gives or offers, the latest first."""
    return Mandate.objects.filter(LIVE, unit=account).select_related("holder").order_by("-opened_at", "service")


def past(account: Account) -> QuerySet[Mandate]:
    """Return what is over of what `account` held, asked for, gave or offered, the latest end first."""
    mine = Mandate.objects.filter(Q(holder=account) | Q(unit=account), ended_at__isnull=False)
    return mine.select_related("unit", "holder").order_by("-ended_at", "service")


def offers_to(account: Account) -> QuerySet[Mandate]:
    """Return the offers that `account` may accept: addressed to its verified name, by its proved phone or login name.

    An offer of a unit that is not verified any more, or suspended, is none.
    """
    indexes = [index for text in addresses(account) for index in blind_index.candidates(ADDRESS_DOMAIN, text)]
    waiting = Mandate.objects.filter(OFFER, _unit_may, answer_by__gt=clock.now(), until__gt=clock.now())
    return waiting.filter(address_index__in=indexes).order_by("-opened_at", "service")


def requests_to(account: Account) -> QuerySet[Mandate]:
    """Return the requests that the unit's `account` may grant: those for the unit it is verified for."""
    binding = accounts.live_binding(account, IdentityKind.UNIT)
    waiting = Mandate.objects.filter(REQUEST, _holder_may, answer_by__gt=clock.now())
    mine = waiting.filter(uscc=binding.uscc if binding else "")
    return mine.select_related("holder").order_by("-opened_at", "service")


def addresses(account: Account) -> list[str]:
    """Return by what offers reach the account; by nothing, unless it is a verified person's."""
    binding = accounts.live_binding(account, IdentityKind.DOCUMENT)
    if binding is None or binding.name is None:
        return []
    name = PersonName.parse(binding.name.reveal(Purpose.MATCH))
    phone = accounts.phone_of(account, Purpose.MATCH) if account.phone_proved_at else None
    return [at_login_name(name, account.login_name), *([at_phone(name, phone)] if phone else [])]


def addressee(name: PersonName, contact: str) -> Account | None:
    """Return the verified person an offer is addressed to; who has several accounts with the phone: the first."""
    wanted = address(name, contact)
    named = accounts.account_named(Realm.NATURAL, contact)
    for account in [*([named] if named else []), *_reached_at(contact)]:
        if wanted in addresses(account) and accounts.live_suspension(account.id) is None:
            return account
    return None


def _reached_at(contact: str) -> Iterable[Account]:
    try:
        phone = Mobile.parse(contact)
    except Invalid:
        return []
    return accounts.accounts_with_phone(phone).filter(realm=Realm.NATURAL).order_by("created_at")


def services() -> QuerySet[Service]:
    """Return the services in which somebody can act for a unit, in the operator's order."""
    return catalogue.services_for(Audience.LEGAL).exclude(client_id="")


def service_names(slugs: Iterable[str]) -> dict[str, str]:
    """Return what services are called in the language spoken now, withdrawn ones too."""
    rows = Service.objects.filter(slug__in=set(slugs)).only("slug", "name", "translations")
    return {row.slug: row.said.name for row in rows}


def unit_names(usccs: Iterable[str]) -> dict[str, str]:
    """Return what units are called now, by their codes: only those somebody is verified for, whose name is public."""
    units = _live_bindings.filter(kind=IdentityKind.UNIT, uscc__in=set(usccs))
    return dict(units.values_list("uscc", "unit_name"))
