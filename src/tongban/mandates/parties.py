"""Who is who in a mandate: checks before an act, and how each side is named to the other."""

from collections.abc import Collection, Iterable, Mapping

from django.conf import settings

from tongban.accounts.models import Account, IdentityBinding
from tongban.accounts.queries import live_binding, phone_of
from tongban.accounts.rules import IdentityKind
from tongban.audit.actors import Actor
from tongban.design.kept_texts import by_language, in_every_language
from tongban.design.labels import Text
from tongban.kernel.masking import mask_name
from tongban.kernel.mobile import Mobile
from tongban.mandates import queries
from tongban.mandates.errors import HolderNotVerified, ServiceNotOffered, UnitNotVerified
from tongban.mandates.models import Mandate
from tongban.vault.purposes import Purpose

_LONGEST_IN_SMS = 14
"""Characters of a unit's name in an SMS, of which a vendor charges for each 70."""


def unit_of(account: Account) -> IdentityBinding:
    """Return the unit the account is verified for; raises `UnitNotVerified`."""
    binding = live_binding(account, IdentityKind.UNIT)
    if binding is None:
        raise UnitNotVerified
    return binding


def must_be_verified(account: Account) -> IdentityBinding:
    """Return the person the account is verified as; raises `HolderNotVerified`."""
    binding = live_binding(account, IdentityKind.DOCUMENT)
    if binding is None:
        raise HolderNotVerified
    return binding


def offered(services: Collection[str]) -> list[str]:
    """Return the codes in the catalogue's order; raises `ServiceNotOffered` unless there are some, all for units."""
    known = [slug for slug in queries.services().values_list("slug", flat=True) if slug in set(services)]
    if not known or set(known) != set(services):
        raise ServiceNotOffered
    return known


def actor_of(account: Account) -> Actor:
    """Return the account as the audit trail names it."""
    return Actor.account(account.realm, account.id)


def reached(account: Account) -> Mobile | None:
    """Return where an SMS to the account goes; an unproved number gets none."""
    return phone_of(account, Purpose.DELIVER_MESSAGE) if account.phone_proved_at else None


def services_as_said(rows: Iterable[Mandate]) -> list[Text | Mapping[str, str]]:
    """Return the names of the services of `rows`, in every language: who reads them may read another one than we."""
    slugs = [row.service for row in rows]
    names = by_language(lambda: queries.service_names(slugs))
    return [in_every_language({code: known.get(slug, slug) for code, known in names.items()}) for slug in slugs]


def said_of_unit(row: Mandate) -> str:
    """Return what the unit of the mandate is called; by its code where nobody is verified for it any more."""
    return queries.unit_names([row.uscc]).get(row.uscc, row.uscc)


def short(name: str) -> str:
    """Return a unit's name as an SMS has room for it."""
    return name if len(name) <= _LONGEST_IN_SMS else name[: _LONGEST_IN_SMS - 1] + "…"


def said_of_holder(row: Mandate) -> str:
    """Return the person's name as messages write it: 张*. Of an offer, the name it is addressed to."""
    binding = live_binding(row.holder, IdentityKind.DOCUMENT) if row.holder else None
    name = binding.name if binding else row.name
    return mask_name(name.reveal(Purpose.SHOW_MASKED)) if name else ""


def longest_term() -> int:
    """Return the most days a mandate may last."""
    days: int = settings.MANDATE_LONGEST_DAYS
    return days
