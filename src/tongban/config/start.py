"""What every serving process asks itself before it starts."""

from django.core.checks import run_checks
from django.db import connections


def refuse_unsafe_start() -> None:
    """Run every room's checks; raises `SystemExit` with all that is wrong, so that nothing half-safe serves.

    Django runs checks for its own commands only; a WSGI server and the worker have to ask.
    """
    try:
        found = run_checks(databases=["default"])
    finally:
        connections.close_all()  # this thread answers no requests: it must not keep a connection of the pool
    errors = sorted((message for message in found if message.is_serious()), key=lambda message: str(message.id))
    if errors:
        raise SystemExit("\n".join(["tongban does not start:", *(f"  {error.id}: {error.msg}" for error in errors)]))
