"""What was submitted, what authorities answered, what is proved; and the embedded register of an operator."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tongban.accounts.models import IdentityBinding
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.ids import new_id
from tongban.kernel.names import UNIT_NAME_MAXIMUM, PersonName
from tongban.kernel.uscc import UnitType
from tongban.proofing.rules import Answer, Block, Result
from tongban.review.models import Case
from tongban.review.rules import CaseState
from tongban.vault.fields import BlindIndexField, SealedTextField
from tongban.vault.purposes import Purpose

DOCUMENT_DOMAIN = "proofing.register.document"
NAME_DOMAIN = "proofing.register.name"
_OPEN = Q(decided_at__isnull=True)


class Verification(models.Model):
    """One submission of entries and its fate. The entries are written once, sealed, and never changed, only forgotten.

    While it is open, `next_ask_at` says when somebody may ask the authority: asking begins by moving it forward, so the
    column is the lease as well, and a caller that dies in between is followed by the worker.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verifications")
    block = models.CharField(max_length=10, choices=[(Block.PERSON, Block.PERSON), (Block.UNIT, Block.UNIT)])
    entries = SealedTextField(context="proofing.verification.entries", null=True)
    digest = models.CharField(max_length=100)
    submitted_at = models.DateTimeField()
    asks = models.PositiveIntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=15, blank=True, choices=[(result, result) for result in Result])
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=_OPEN, name="proofing_one_open_per_account"),
            models.CheckConstraint(
                condition=(_OPEN & Q(result="", next_ask_at__isnull=False, entries__isnull=False))
                | (~_OPEN & Q(result__in=list(Result), next_ask_at__isnull=True)),
                name="proofing_open_or_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["next_ask_at"], condition=_OPEN, name="proofing_due"),
        ]


class AuthorityAnswer(models.Model):
    """A definite answer to one question of a verification; "unavailable" is no answer and leaves no row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="answers")
    block = models.CharField(max_length=10, choices=[(block, block) for block in Block])
    authority = models.CharField(max_length=40)
    answer = models.CharField(max_length=12, choices=[(answer, answer) for answer in Answer])
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verification", "block"], name="proofing_one_answer_per_question"),
            models.CheckConstraint(condition=~Q(answer=Answer.UNAVAILABLE), name="proofing_answers_are_definite"),
        ]


class SensitiveConsent(models.Model):
    """The separate consent (PIPL art. 29) given for one verification, with the version of the text that was shown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    verification = models.OneToOneField(Verification, on_delete=models.CASCADE, related_name="consent")
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="proofing_withdrawn_after_given",
            )
        ]


class EvidenceConsent(models.Model):
    """The separate consent to handle pictures of documents, given before the first of them is taken."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="evidence_consents")
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verification", "version"], name="proofing_one_consent_per_text"),
        ]


class ManualReview(models.Model):
    """A verification that a person looks at: which case. Withdrawn cases may be followed by others."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="reviews")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["verification", "-submitted_at"], name="proofing_reviews")]

    @property
    def is_live(self) -> bool:
        """Whether a decision is still to come."""
        return self.case.ended_at is None

    @property
    def is_returned(self) -> bool:
        """Whether the person has to correct something."""
        return self.case.state == CaseState.RETURNED


class Correction(models.Model):
    """Entries somebody corrected while their case is returned: they count once the case is handed in again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    review = models.OneToOneField(ManualReview, on_delete=models.CASCADE, related_name="correction")
    entries = SealedTextField(context="proofing.correction.entries")
    consent_version = models.CharField(max_length=20)
    kept_at = models.DateTimeField()


class Proof(models.Model):
    """Why an identity is believed: which verification, which authority, how strongly. Live while its binding is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    verification = models.OneToOneField(Verification, on_delete=models.PROTECT, related_name="proof")
    binding = models.OneToOneField(IdentityBinding, on_delete=models.PROTECT, related_name="proof")
    authority = models.CharField(max_length=40)
    assurance = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in AssuranceLevel])
    proved_at = models.DateTimeField()


class Draft(models.Model):
    """Entries somebody has not submitted yet. Sensitive ones are kept only when `consent_version` is set."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="proofing_draft")
    entries = SealedTextField(context="proofing.draft.entries")
    consent_version = models.CharField(max_length=20, blank=True)
    kept_at = models.DateTimeField()


class RegisterRow(models.Model):
    """What both tables of the embedded register have.

    `answer` is "match" for real data: the entries are compared. The other values are for rehearsals and force the
    answer; "unavailable" is forced until the authority is switched on after `held_since`, when it was first asked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    answer = models.CharField(max_length=12, choices=[(answer, answer) for answer in Answer], default=Answer.MATCH)
    held_since = models.DateTimeField(null=True)
    imported_at = models.DateTimeField()

    class Meta:
        abstract = True


class RegisterPerson(RegisterRow):
    """A person the register knows: indexed for the comparison, sealed for a change of keys."""

    document_kind = models.CharField(max_length=32, choices=[(kind, kind) for kind in DocumentKind], db_index=True)
    country = models.CharField(max_length=3, blank=True, default="")
    document_number = SealedTextField(context="proofing.register_person.document_number")
    document_index = BlindIndexField(domain=DOCUMENT_DOMAIN, value="document_text", unique=True)
    name = SealedTextField(context="proofing.register_person.name")
    name_index = BlindIndexField(domain=NAME_DOMAIN, value="name_text")

    def document_text(self) -> str:
        """Return the text `document_index` is made of."""
        number = self.document_number.reveal(Purpose.REENCRYPT)
        return Document(DocumentKind(self.document_kind), number, self.country).identity

    def name_text(self) -> str:
        """Return the text `name_index` is made of."""
        return PersonName.parse(self.name.reveal(Purpose.REENCRYPT)).matching_key


class RegisterUnit(RegisterRow):
    """A unit the register knows. Code and name are public; its legal representative is a person and sealed."""

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=UNIT_NAME_MAXIMUM)
    unit_type = models.CharField(max_length=32, choices=[(kind, kind) for kind in UnitType], db_index=True)
    representative_name = SealedTextField(context="proofing.register_unit.representative_name")
    representative_name_index = BlindIndexField(domain=NAME_DOMAIN, value="representative_name_text")
    representative_document_kind = models.CharField(max_length=32, choices=[(kind, kind) for kind in DocumentKind])
    representative_document_number = SealedTextField(context="proofing.register_unit.representative_document_number")
    representative_document_index = BlindIndexField(domain=DOCUMENT_DOMAIN, value="representative_document_text")

    def representative_name_text(self) -> str:
        """Return the text `representative_name_index` is made of."""
        return PersonName.parse(self.representative_name.reveal(Purpose.REENCRYPT)).matching_key

    def representative_document_text(self) -> str:
        """Return the text `representative_document_index` is made of."""
        number = self.representative_document_number.reveal(Purpose.REENCRYPT)
        return Document(DocumentKind(self.representative_document_kind), number).identity


class AuthoritySwitch(models.Model):
    """Each time a rehearsal switched the embedded register off or on; the latest row counts, no row means on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    available = models.BooleanField()
    switched_at = models.DateTimeField()
