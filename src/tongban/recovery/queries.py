"""What the room reads. Answers about strangers' accounts cost the same whatever they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tongban.accounts import queries as accounts
from tongban.accounts.models import IDENTITY_DOMAIN, PHONE_DOMAIN, Account, IdentityBinding, LegalProfile
from tongban.accounts.rules import IdentityKind, Realm, identity, login_names
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import UnitName
from tongban.kernel.uscc import Uscc
from tongban.proofing import queries as proofing
from tongban.proofing.entries import UnitEntries
from tongban.recovery import tokens
from tongban.recovery.drafts import document_of
from tongban.recovery.errors import LinkDead
from tongban.recovery.labels import SLOTS
from tongban.recovery.models import Appeal, Handover, Recovery, RegisterAnswer
from tongban.recovery.rules import KINDS, RELEASED_REASON, Answered, is_dormant, tail
from tongban.review import queries as review
from tongban.review.models import Case
from tongban.review.rules import CaseState
from tongban.vault import blind_index, keys
from tongban.vault import queries as vault
from tongban.vault.models import EvidenceFile
from tongban.vault.purposes import Purpose
from tongban.vault.rules import USABLE
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


def _nobodys_number() -> Sealed:
    """Return a number sealed as those of real bindings are, of a binding that exists only here."""
    return _sealed_number(keys.current(keys.SEAL).id)


@lru_cache(maxsize=4)
def _sealed_number(_key_id: str) -> Sealed:
    """Return the number under the key in force: one sealed earlier could not be opened once its key is gone."""
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


def pictures(appeal: Appeal) -> dict[str, EvidenceFile]:
    """Return the pictures to hand in with `appeal`, by slot: new ones, and those of the round before they replace."""
    wanted = SLOTS[Realm(appeal.realm)]
    before: dict[str, EvidenceFile] = {}
    if appeal.case is not None:
        handed_in = set(review.last_submission(appeal.case).files)
        before = {file.slot: file for file in vault.evidence_of_case(appeal.case.id) if file.id in handed_in}
    found = {**before, **vault.evidence_for(appeal.holder)}
    return {slot: file for slot, file in found.items() if slot in wanted and file.state in USABLE}


def bindings_meant(realm: Realm, filled: Mapping[str, str]) -> list[IdentityBinding]:
    """Return the live bindings of the person or unit an appeal is about: of a unit, by its code and by its name."""
    if realm is Realm.LEGAL:
        by_code = accounts.holder_of_unit(Uscc.parse(filled["uscc"]))
        by_name = accounts.holder_of_unit_name(UnitName.parse(filled["unit_name"]))
        return list({binding.id: binding for binding in (by_code, by_name) if binding}.values())
    holder = accounts.holder_of_document(document_of(filled))
    return [holder] if holder else []


def account_meant(realm: Realm, filled: Mapping[str, str]) -> Account | None:
    """Return the account an appeal is about: the verified one, else the only one that claims the unit's code."""
    if realm is not Realm.LEGAL:
        found = bindings_meant(realm, filled)
        return found[0].account if found else None
    uscc = Uscc.parse(filled["uscc"])
    holder = accounts.holder_of_unit(uscc)
    if holder is not None:
        return holder.account
    claims = claims_to(uscc)
    return claims[0].account if len(claims) == 1 else None


def claims_to(uscc: Uscc) -> list[LegalProfile]:
    """Return the claims to the unit's code that stand, verified or not."""
    return list(LegalProfile.objects.filter(uscc=uscc.value, released_at__isnull=True).select_related("account"))


def earlier_releases(realm: Realm, filled: Mapping[str, str]) -> int:
    """Return how often the identity was taken from an account because it was an impostor's."""
    if realm is Realm.LEGAL:
        value = identity(IdentityKind.UNIT, filled["uscc"])
    else:
        document = document_of(filled)
        value = identity(document.kind, document.number)
    indexes = blind_index.candidates(IDENTITY_DOMAIN, value)
    return IdentityBinding.objects.filter(index__in=indexes, released_reason=RELEASED_REASON).count()


def register_answer(case: Case) -> Answered | None:
    """Return what the authority said about the appeal, `None` before it did."""
    row = RegisterAnswer.objects.filter(case=case, round=case.round).first()
    return Answered(row.answer) if row else None


def live_handovers() -> QuerySet[Handover]:
    """Return the handovers that are not over."""
    return Handover.objects.filter(stopped_at__isnull=True, redeemed_at__isnull=True, expired_at__isnull=True)


def stands(handover: Handover) -> bool:
    """Return whether the case stands as it was approved: one that was reopened hands nothing over.

    In the caller's transaction, whose other acts on the case wait: every act takes the case before the handover.
    """
    case = review.case_to_change(handover.case_id)
    return case.state == CaseState.APPROVED and case.round == handover.round


def handover_of(case: Case) -> Handover | None:
    """Return the last handover of the case."""
    return Handover.objects.filter(case=case).order_by("-round").first()


def stoppable(token: str) -> Handover:
    """Return the handover that the link in the announcement stops; raises `LinkDead`."""
    handover = Handover.objects.filter(stop_digest=tokens.digest(token)).select_related("case", "account").first()
    if handover is None:
        raise LinkDead("recovery.link_unknown")
    if handover.stopped_at:
        raise LinkDead("recovery.link_stopped")
    if handover.redeemed_at or handover.expired_at:
        raise LinkDead("recovery.link_too_late")
    return handover


def redeemable(token: str) -> Handover:
    """Return the handover whose link sets a password; raises `LinkDead`."""
    handover = Handover.objects.filter(link_digest=tokens.digest(token)).select_related("case", "account").first()
    if handover is None:
        raise LinkDead("recovery.link_unknown")
    if handover.redeemed_at:
        raise LinkDead("recovery.link_spent")
    if handover.stopped_at or (handover.case.state, handover.case.round) != (CaseState.APPROVED, handover.round):
        raise LinkDead("recovery.link_halted")
    if handover.link_expires_at is None or handover.link_expires_at <= clock.now():
        raise LinkDead("recovery.link_expired")
    return handover


def appeal_case(number: str, phone: Mobile) -> Case | None:
    """Return the appeal with this number, if the phone is that of the case; without one a decoy is compared."""
    case = Case.objects.filter(number=number, kind__in=KINDS).first()
    known = case.contact_phone if case else None
    sealed = known if known and not known.erased else _nobodys_number()
    return case if sealed.reveal(Purpose.MATCH) == phone.value else None
