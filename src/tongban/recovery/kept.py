"""What a browser has reached so far, kept in its session for a while and shown to nobody else."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from tongban.kernel import clock

_LASTS = timedelta(minutes=30)


def keep(request: HttpRequest, name: str, **what: Any) -> None:
    """Remember `what` (JSON values) under `name`."""
    request.session[_key(name)] = {**what, "kept_at": clock.now().isoformat()}


def kept(request: HttpRequest, name: str) -> dict[str, Any] | None:
    """Return what was kept under `name`, unless it was too long ago."""
    what: dict[str, Any] | None = request.session.get(_key(name))
    if what is None or clock.now() >= datetime.fromisoformat(what["kept_at"]) + _LASTS:
        return None
    return what


def drop(request: HttpRequest, name: str) -> None:
    """Forget what was kept under `name`."""
    request.session.pop(_key(name), None)


def _key(name: str) -> str:
    return f"recovery.{name}"
