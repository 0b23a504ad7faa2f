"""Forms that only this browser's own pages can post."""

import hmac
import secrets

from flask import abort, request, session


def form_token() -> str:
    """Return the secret that forms of this browser's session carry, so that no other site can post them."""
    token: str = session.setdefault("form_token", secrets.token_urlsafe(16))
    return token


def check_form_token() -> None:
    """Answer 400 unless the posted form carries the secret of this browser's session."""
    if not hmac.compare_digest(request.form.get("form_token", "").encode(), form_token().encode()):
        abort(400)
