"""Where an account stands with its real-name verification, and what its owner may see of it."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from django.db.models import F, QuerySet

from tongban.accounts.models import Account, IdentityBinding, LegalProfile
from tongban.accounts.queries import legal_profile, live_binding, phone_of
from tongban.accounts.rules import IdentityKind, Realm
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.errors import Invalid
from tongban.kernel.masking import mask_name
from tongban.kernel.uscc import Uscc
from tongban.proofing.entries import Entries, from_json, without_sensitive
from tongban.proofing.models import (
    AuthoritySwitch,
    Correction,
    Draft,
    ManualReview,
    RegisterPerson,
    RegisterUnit,
    Verification,
)
from tongban.proofing.provinces import PROVINCES
from tongban.proofing.rules import REVIEWABLE, Answer, Block, Result, Step
from tongban.vault.purposes import Purpose


class State(StrEnum):
    """What the badge says. A proof stands while a change is being checked or has failed."""

    NONE = "none"
    CHECKING = "checking"
    MISMATCH = "mismatch"
    NO_RECORD = "no_record"
    CONFLICT = "conflict"
    REVIEW = "review"
    RETURNED = "returned"
    REJECTED = "rejected"
    VERIFIED = "verified"


_STATES = {
    "": State.CHECKING,
    Result.VERIFIED: State.NONE,  # verified once, and released since
    Result.MISMATCH: State.MISMATCH,
    Result.NO_RECORD: State.NO_RECORD,
    Result.NO_AUTHORITY: State.NO_RECORD,
    Result.CONFLICT: State.CONFLICT,
    Result.WITHDRAWN: State.NONE,
    Result.SUPERSEDED: State.NONE,
    Result.REJECTED: State.REJECTED,
    Result.CORRECTED: State.NO_RECORD,
}


@dataclass(frozen=True)
class VerificationStatus:
    """`binding` is the live one; `latest` the last verification that was not replaced; `review` its last case.

    All may be missing.
    """

    binding: IdentityBinding | None
    latest: Verification | None
    review: ManualReview | None = None

    @property
    def state(self) -> State:
        """What the badge says."""
        return State.VERIFIED if self.binding is not None else self.latest_state

    @property
    def latest_state(self) -> State:
        """What became of the last verification, whatever stands from before."""
        if self.review is not None and self.review.is_live:
            return State.RETURNED if self.review.is_returned else State.REVIEW
        return State.NONE if self.latest is None else _STATES[self.latest.result]

    @property
    def is_verified(self) -> bool:
        """Whether a live binding stands."""
        return self.binding is not None

    @property
    def checking(self) -> bool:
        """Whether a verification waits, for the first time or for a change."""
        return self.latest is not None and self.latest.decided_at is None

    @property
    def in_review(self) -> bool:
        """Whether a person looks at the last verification, or waits for its correction."""
        return self.review is not None and self.review.is_live

    @property
    def may_upload(self) -> bool:
        """Whether pictures can be handed in: for a first look, or to correct what was returned."""
        if self.review is not None and self.review.is_live:
            return self.review.is_returned
        return self.latest is not None and self.latest.result in REVIEWABLE and self.latest.entries is not None

    @property
    def assurance(self) -> AssuranceLevel:
        """How sure the platform is whose account it is."""
        return AssuranceLevel.SELF_ASSERTED if self.binding is None else AssuranceLevel(self.binding.assurance)

    @property
    def verified_at(self) -> datetime | None:
        """Since when the live binding stands."""
        return None if self.binding is None else self.binding.bound_at

    @cached_property
    def name(self) -> str:
        """The verified name: a person's masked, a unit's in full, empty without a binding."""
        if self.binding is None:
            return ""
        if self.binding.name is not None:
            return mask_name(self.binding.name.reveal(Purpose.SHOW_MASKED))
        return self.binding.unit_name


def status(account: Account) -> VerificationStatus:
    """Return where `account` stands; two queries, three when the last verification was not simply confirmed."""
    last = latest(account)
    review = latest_review(last) if last is not None and last.result in {*REVIEWABLE, Result.REJECTED} else None
    return VerificationStatus(binding=live_binding(account, kind_of(account)), latest=last, review=review)


def latest_review(verification: Verification) -> ManualReview | None:
    """Return the last case about `verification`."""
    return verification.reviews.select_related("case").order_by("-submitted_at", "-id").first()


def review_of_case(case_id: UUID) -> ManualReview:
    """Return what the case is about here; raises `ManualReview.DoesNotExist`."""
    return ManualReview.objects.select_related("verification", "verification__account").get(case_id=case_id)


def correction_of(review: ManualReview | None) -> Correction | None:
    """Return what was corrected and not handed in yet."""
    return None if review is None else Correction.objects.filter(review=review).first()


def corrected(account: Account, purpose: Purpose = Purpose.SHOW_OWNER) -> Entries | None:
    """Return the entries that were corrected and not handed in yet."""
    found = correction_of(status(account).review)
    return None if found is None else from_json(_block_of(account), found.entries.reveal(purpose))


def _block_of(account: Account) -> Block:
    return Block.UNIT if account.realm == Realm.LEGAL else Block.PERSON


def has_consented(verification: Verification, version: str) -> bool:
    """Whether the separate consent to handle pictures was given for `verification`."""
    return verification.evidence_consents.filter(version=version).exists()


def kind_of(account: Account) -> IdentityKind:
    """Return what the account is verified as: a unit in the realm of legal persons, else the holder of a document."""
    return IdentityKind.UNIT if account.realm == Realm.LEGAL else IdentityKind.DOCUMENT


def latest(account: Account) -> Verification | None:
    """Return the last verification of `account` that no newer one has replaced: the open one, else the last decided."""
    own = Verification.objects.filter(account=account).exclude(result=Result.SUPERSEDED)
    return own.select_related("proof").order_by(F("decided_at").desc(nulls_first=True), "-submitted_at", "-id").first()


def history(account: Account) -> QuerySet[Verification]:
    """Return every verification of `account`, newest first."""
    return Verification.objects.filter(account=account).order_by("-submitted_at", "-id")


def waiting(account: Account) -> Verification | None:
    """Return the verification that waits for an answer."""
    return Verification.objects.filter(account=account, decided_at__isnull=True).first()


def proved(account: Account) -> Verification | None:
    """Return the verification the live proof rests on."""
    return Verification.objects.filter(
        account=account, proof__binding__released_at__isnull=True, proof__isnull=False
    ).first()


def step(account: Account) -> Step:
    """Return where `account` stands on the journey."""
    now = status(account)
    if now.checking:
        return Step.WAIT
    if now.in_review:
        return Step.REVIEW
    if now.is_verified:
        return Step.VERIFIED
    return Step.FILL_IN if now.latest_state is State.NONE else Step.CORRECT


@dataclass(frozen=True)
class Profile:
    """What 我的信息 shows: `proved` stands, `submitted` waits or has failed, its blocks in `wrong` did not match.

    `claims` is what a unit said about itself when it registered, as long as there is nothing better.
    """

    status: VerificationStatus
    claims: LegalProfile | None
    proved: Entries | None
    submitted: Entries | None
    wrong: frozenset[Block]


def profile(account: Account) -> Profile:
    """Return what the owner of `account` sees, for masked display; at most six queries."""
    now = status(account)
    last = now.latest
    standing = last if _is_proof_of(last, now.binding) else proved(account) if now.is_verified else None
    failed_or_waiting = last is not None and last.result not in {Result.VERIFIED, Result.WITHDRAWN}
    return Profile(
        status=now,
        claims=None if now.is_verified or failed_or_waiting else _standing_claims(account),
        proved=entries_of(standing, Purpose.SHOW_MASKED),
        submitted=entries_of(last, Purpose.SHOW_MASKED) if failed_or_waiting else None,
        wrong=_wrong_blocks(last) if last is not None and last.result == Result.MISMATCH else frozenset(),
    )


def _is_proof_of(verification: Verification | None, binding: IdentityBinding | None) -> bool:
    if verification is None or binding is None:
        return False
    proof = getattr(verification, "proof", None)
    return proof is not None and proof.binding_id == binding.pk


def entries_of(verification: Verification | None, purpose: Purpose) -> Entries | None:
    """Return the entries of `verification` unless they were forgotten."""
    if verification is None or verification.entries is None:
        return None
    return from_json(Block(verification.block), verification.entries.reveal(purpose))


def _wrong_blocks(verification: Verification) -> frozenset[Block]:
    rows = verification.answers.filter(answer=Answer.MISMATCH)
    return frozenset(Block(block) for block in rows.values_list("block", flat=True))


def prefill(account: Account) -> dict[str, str]:
    """Return what the edit form starts with: the draft, what waits or failed, what is proved, or what was claimed.

    Numbers that are proved already are not shown in full again; whoever changes something types them anew.
    """
    draft = Draft.objects.filter(account=account).first()
    if draft is not None:
        kept: dict[str, str] = json.loads(draft.entries.reveal(Purpose.SHOW_OWNER))
        return kept
    shown = profile_entries(account)
    return shown if shown is not None else _claims(account)


def profile_entries(account: Account) -> dict[str, str] | None:
    """Return the latest entries under the names of the form's fields, proved ones without their numbers."""
    last = latest(account)
    if last is not None and last.result != Result.VERIFIED:
        entries = entries_of(last, Purpose.SHOW_OWNER)
        if entries is not None:
            return entries.as_fields()
    entries = entries_of(proved(account), Purpose.SHOW_OWNER)
    return None if entries is None else without_sensitive(entries.as_fields())


def _claims(account: Account) -> dict[str, str]:
    """Return what was claimed at registration; the agent is the contact until somebody says otherwise."""
    claims = _standing_claims(account)
    if claims is None:
        return {}
    phone = phone_of(account, Purpose.SHOW_OWNER)
    return {
        "unit_name": claims.unit_name,
        "uscc": claims.uscc,
        "unit_type": claims.unit_type,
        "region": _region_of(claims.uscc),
        "agent_name": claims.contact_name.reveal(Purpose.SHOW_OWNER) if claims.contact_name else "",
        "agent_phone": "" if phone is None else phone.value,
    }


def _standing_claims(account: Account) -> LegalProfile | None:
    claims = legal_profile(account)
    return claims if claims is not None and claims.released_at is None else None


def _region_of(uscc: str) -> str:
    try:
        region = Uscc.parse(uscc).region[:2]
    except Invalid:
        return ""
    return region if region in PROVINCES else ""


def holds_rehearsal() -> bool:
    """Return whether the embedded register was ever filled or switched for a rehearsal or a demonstration."""
    forced = (table.objects.exclude(answer=Answer.MATCH) for table in (RegisterPerson, RegisterUnit))
    return AuthoritySwitch.objects.exists() or any(rows.exists() for rows in forced)
