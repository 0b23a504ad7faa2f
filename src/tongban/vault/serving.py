"""Hand a picture of the evidence store to a browser, as nothing but a picture."""

from django.http import HttpResponse

from tongban.vault.flows.open_evidence import EvidenceContent


def picture(opened: EvidenceContent) -> HttpResponse:
    """Return the answer that shows `opened`: no other type, no scripts, no copy in any cache, no other site's page."""
    response = HttpResponse(opened.content, content_type=opened.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store, private"
    return response
