"""What the room reads. Answers about strangers' accounts cost the same whatever they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tongban.accounts import queries as accounts
from tongban.accounts.models import PHONE_DOMAIN, Account, IdentityBinding, LegalProfile
from tongban.accounts.rules import IdentityKind, Realm, login_names
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import UnitName
from tongban.kernel.uscc import Uscc
from tongban.proofing import queries as proofing
from tongban.proofing.entries import UnitEntries
from tongban.recovery.models import Recovery
from tongban.recovery.rules import is_dormant, tail
from tongban.vault import blind_index
from tongban.vault.purposes import Purpose
from tongban.vault.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody who forgot a password says about the account; a unit says its name and code too.

    `document_tail` are the last characters of the bound document's number, needed only for an account long unused.
    """

    realm: Realm
    login_name: str
    phone: Mobile
    unit_name: UnitName | None = None
    uscc: Uscc | None = None
    document_tail: str = ""


def claimed(claim: Claim) -> Account | None:
    """Return the account of which everything in `claim` is true.

    One statement judges name, phone and unit together, so a wrong phone costs what an unknown name costs.
    """
    account = _that_fits(claim).first()
    return account if _document_fits(account, claim) else None


def _that_fits(claim: Claim) -> QuerySet[Account]:
    found = Account.objects.filter(
        realm=claim.realm,
        login_name_key=login_names.key(claim.login_name),
        phone_index__in=blind_index.candidates(PHONE_DOMAIN, claim.phone.value),
    )
    if claim.realm is not Realm.LEGAL:
        return found
    if claim.unit_name is None or claim.uscc is None:
        return found.none()
    unit = Q(account=OuterRef("pk"), uscc=claim.uscc.value, unit_name_key=claim.unit_name.matching_key)
    bound = IdentityBinding.objects.filter(unit, kind=IdentityKind.UNIT, released_at__isnull=True)
    return found.filter(Q(Exists(LegalProfile.objects.filter(unit))) | Q(Exists(bound)))


def _document_fits(account: Account | None, claim: Claim) -> bool:
    """Return whether the account is found and, if long unused, its document fits; nobody's is looked at as well."""
    tails = _document_tails(account or Account(id=new_id(), realm=claim.realm))
    if account is None:
        return False
    return not is_long_unused(account) or not tails or tail(claim.document_tail) in tails


def is_long_unused(account: Account) -> bool:
    """Return whether the account has been out of use for so long that its phone alone proves little."""
    moments = [account.created_at, account.password_changed_at, account.phone_proved_at]
    days = [timezone.localtime(moment).date() for moment in moments if moment]
    last_used = max([*days, *([account.last_used_on] if account.last_used_on else [])])
    today = timezone.localtime(clock.now()).date()
    return is_dormant(last_used=last_used, today=today, days=settings.RECOVERY_DORMANT_DAYS)


def _document_tails(account: Account) -> set[str]:
    """Return how the numbers end of the documents bound to the account: of a unit, its agent's and representative's.

    Without any, a decoy is opened in their place.
    """
    if account.realm == Realm.LEGAL:
        entries = proofing.entries_of(proofing.proved(account), Purpose.MATCH)
        if isinstance(entries, UnitEntries):
            return {tail(entries.agent_document.number), tail(entries.representative_document.number)}
    else:
        binding = accounts.live_binding(account, IdentityKind.DOCUMENT)
        if binding is not None and binding.number is not None:
            return {tail(binding.number.reveal(Purpose.MATCH))}
    _nobodys_number().reveal(Purpose.MATCH)
    return set()


@cache
def _nobodys_number() -> Sealed:
    """Return a number sealed as those of real bindings are, of a binding that exists only here."""
    binding = IdentityBinding(id=new_id(), number="0" * 18)
    number: Sealed = IdentityBinding._meta.get_field("number").pre_save(binding, add=True)  # noqa: SLF001 - Django's public name
    return number


def contact_of(uscc: Uscc) -> tuple[Account, str] | None:
    """Return the account that stands for the unit, and the unit's name: the verified one, else who claimed it first."""
    holder = accounts.holder_of_unit(uscc)
    if holder is not None:
        return holder.account, holder.unit_name
    claims = LegalProfile.objects.filter(uscc=uscc.value, released_at__isnull=True).select_related("account")
    first = claims.order_by("account__created_at").first()
    return (first.account, first.unit_name) if first else None


def quiet_until(account_id: UUID) -> datetime | None:
    """Return until when the account's phone must stay what it is; `None` when it was never recovered."""
    last = Recovery.objects.filter(account_id=account_id).order_by("-at").first()
    return last.at + timedelta(hours=settings.RECOVERY_QUIET_HOURS) if last else None
