"""The preview of an uploaded picture, for who uploaded it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongban.audit.actors import Actor
from tongban.vault import holders, queries, serving
from tongban.vault.errors import EvidenceUnknown, EvidenceWaiting
from tongban.vault.flows.open_evidence import open_evidence
from tongban.vault.purposes import Purpose
from tongban.web.doors import anyone


@anyone
@require_safe
def evidence(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Show the picture; to everybody else it does not exist."""
    if not queries.is_held_by(file_id, holders.of_request(request)):
        raise Http404
    user = request.user
    actor = Actor.account(user.realm, user.pk) if user.is_authenticated else Actor.anonymous()
    try:
        return serving.picture(open_evidence(actor=actor, file_id=file_id, purpose=Purpose.SHOW_OWNER))
    except (EvidenceUnknown, EvidenceWaiting):
        raise Http404 from None
