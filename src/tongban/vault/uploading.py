"""Forms with pictures: what was uploaded is kept before anything else in the form is judged.

    form = EvidenceForm(request.POST or None, request.FILES or None)
    kept = take_uploads(form, actor=actor, holder=holder)
    if form.is_bound and form.is_valid() and not form.act:
        … ids(kept) …

The name of an `EvidenceField` is the slot. A form that fails elsewhere comes back with the pictures it was given.
"""

import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongban.audit.actors import Actor
from tongban.design.fields import EvidenceField
from tongban.design.forms import Form
from tongban.design.widgets import Accepted
from tongban.vault import queries
from tongban.vault.errors import EvidenceRefused
from tongban.vault.flows.accept_evidence import accept_evidence
from tongban.vault.flows.erase_evidence import delete_evidence
from tongban.vault.models import EvidenceFile
from tongban.vault.refusals import Refusal, sentence
from tongban.vault.rules import EvidenceState

_LOOK_AGAIN = 0.1  # seconds
_NOTHING: Mapping[str, EvidenceFile] = MappingProxyType({})


def take_uploads(
    form: Form, *, actor: Actor, holder: str, frozen: Mapping[str, EvidenceFile] = _NOTHING
) -> dict[str, EvidenceFile]:
    """Keep the pictures that came with `form`, delete what its buttons say, and show in it what `holder` has by now.

    `frozen` are files of a case, by slot, that stand where no new one was uploaded. Returns the files by slot.
    """
    took = False
    for slot, field in _slots(form):
        if form.act == field.delete_act(slot):
            delete_evidence(actor=actor, holder=holder, slot=slot)
        elif form.is_bound and (upload := form.files.get(slot)) is not None:
            try:
                accept_evidence(actor=actor, holder=holder, slot=slot, content=upload.read())
                took = True
            except EvidenceRefused as error:
                field.refused = sentence(error.refusal)
    fresh = wait_until_drawn(holder) if took else queries.evidence_for(holder)
    kept = {slot: file for slot, _field in _slots(form) if (file := fresh.get(slot) or frozen.get(slot)) is not None}
    for slot, field in _slots(form):
        field.show(_accepted(kept[slot]) if slot in kept else None)
    return kept


def wait_until_drawn(holder: str) -> dict[str, EvidenceFile]:
    """Return what `holder` has uploaded, by slot, once the worker has drawn it anew.

    It waits EVIDENCE_WAIT_SECONDS at most, so that a page without JavaScript shows the preview at once. A worker that
    is slower does no harm.
    """
    until = time.monotonic() + settings.EVIDENCE_WAIT_SECONDS
    while True:
        files = queries.evidence_for(holder)
        if time.monotonic() >= until or all(file.state != EvidenceState.RECEIVED for file in files.values()):
            return files
        time.sleep(_LOOK_AGAIN)


def ids(files: Mapping[str, EvidenceFile]) -> list[UUID]:
    """Return the ids of the files that can go into a case."""
    return [file.id for file in files.values() if file.state == EvidenceState.READY]


def _slots(form: Form) -> Iterator[tuple[str, EvidenceField]]:
    return ((name, field) for name, field in form.fields.items() if isinstance(field, EvidenceField))


def _accepted(file: EvidenceFile) -> Accepted:
    if file.state == EvidenceState.REFUSED:
        return Accepted("bad", sentence(Refusal(file.refused_code)))
    may_delete = file.frozen_for is None
    if file.state == EvidenceState.READY:
        return Accepted("good", _("已上传"), preview=reverse("vault:evidence", args=[file.id]), may_delete=may_delete)
    return Accepted("wait", _("已上传，正在检查图片，几秒钟后可以预览"), may_delete=may_delete)
