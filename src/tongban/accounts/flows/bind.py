"""Bind a verified identity to an account, and release it. Other rooms decide; the database keeps it unique."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongban.accounts import events, queries
from tongban.accounts.errors import AlreadyBound
from tongban.accounts.events_out import IdentityBound, IdentityReleased
from tongban.accounts.models import IDENTITY_DOMAIN, Account, IdentityBinding, LegalProfile
from tongban.accounts.rules import IdentityKind
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.names import Name
from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.documents import Document
from tongban.kernel.events import publish
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.notify.flows.post_message import post_message
from tongban.vault import blind_index

REPLACED = "replaced"


def bind_document(
    *, actor: Actor, account: Account, document: Document, name: PersonName, assurance: AssuranceLevel
) -> IdentityBinding:
    """Bind a person's document to `account`, in place of what it was bound to before.

    Raises `AlreadyBound` when another account is bound to it. Publishes `IdentityBound`.
    """
    if _is_anothers(queries.holder_of_document(document), account):
        raise AlreadyBound
    binding = IdentityBinding(
        account=account,
        kind=IdentityKind.DOCUMENT,
        document_kind=document.kind,
        country=document.country,
        number=document.number,
        name=name.value,
        assurance=assurance,
    )
    with transaction.atomic():
        _insert(actor, binding)
    return binding


def bind_unit(
    *,
    actor: Actor,
    account: Account,
    uscc: Uscc,
    unit_name: UnitName,
    unit_type: UnitType,
    assurance: AssuranceLevel,
) -> IdentityBinding:
    """Bind a unit to `account`, in place of what it was bound to before; claims of others to it are released.

    Raises `AlreadyBound` when another account is bound to the code or the name. Publishes `IdentityBound`.
    """
    holders = (queries.holder_of_unit(uscc), queries.holder_of_unit_name(unit_name))
    if any(_is_anothers(holder, account) for holder in holders):
        raise AlreadyBound
    binding = IdentityBinding(
        account=account,
        kind=IdentityKind.UNIT,
        uscc=uscc.value,
        unit_name=unit_name.value,
        unit_name_key=unit_name.matching_key,
        unit_type=unit_type,
        assurance=assurance,
    )
    with transaction.atomic():
        _insert(actor, binding)
        _release_rival_claims(actor, binding)
    return binding


def release(*, actor: Actor, binding: IdentityBinding, reason: str) -> None:
    """End a binding; `reason` is a stable word of the room that decided. Publishes `IdentityReleased`.

    Releasing one that is released already changes nothing.
    """
    with transaction.atomic():
        if _end(binding, reason):
            _record(events.IDENTITY_RELEASED, actor, binding, reason=reason)
            publish(IdentityReleased(binding.account_id, IdentityKind(binding.kind)))


def _is_anothers(holder: IdentityBinding | None, account: Account) -> bool:
    return holder is not None and holder.account_id != account.id


def _insert(actor: Actor, binding: IdentityBinding) -> None:
    """Insert the binding; whoever bound the same identity a moment earlier makes it fail, and nothing else happens."""
    before = queries.live_binding(binding.account_id, IdentityKind(binding.kind))
    binding.index = blind_index.of(IDENTITY_DOMAIN, binding.identity())
    try:
        with transaction.atomic():
            if before:
                _end(before, REPLACED)
            binding.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyBound from error
    _record(events.IDENTITY_BOUND, actor, binding, assurance=int(binding.assurance))
    publish(IdentityBound(binding.account_id, IdentityKind(binding.kind)))


def _end(binding: IdentityBinding, reason: str) -> bool:
    live = IdentityBinding.objects.filter(id=binding.id, released_at__isnull=True)
    return live.update(released_at=clock.now(), released_reason=reason) == 1


def _record(name: Name, actor: Actor, binding: IdentityBinding, **facts: str | int) -> None:
    record(name, actor=actor, subject=binding.account_id, facts={"kind": str(binding.kind), **facts})


def _release_rival_claims(actor: Actor, binding: IdentityBinding) -> None:
    same_unit = Q(uscc=binding.uscc) | Q(unit_name_key=binding.unit_name_key)
    rivals = LegalProfile.objects.filter(same_unit, released_at__isnull=True).exclude(account_id=binding.account_id)
    released = list(rivals.values_list("account_id", flat=True))
    LegalProfile.objects.filter(account_id__in=released).update(released_at=clock.now())
    for account_id in released:
        record(events.CLAIM_RELEASED, actor=actor, subject=account_id)
        params = {"what": _("单位名称、统一社会信用代码")}
        post_message(account_id=account_id, template="claim_released", params=params)
