"""The page of the documentation that lists every event name."""

from django.conf import settings
from django.utils import translation

from tongban.audit import names

_HEAD = """# Audit events 审计事件

Every kind of event the platform records. Made by `tongban audit names --write docs/audit-events.md`; a test compares
this page with the code. A fact of an event never holds personal data; `subject` is the id of the row it is about.

| Name | What happened |
|---|---|
"""


def render() -> str:
    """Return the page: the names the installed rooms declare, with their sentences in the source language."""
    with translation.override(None):
        rows = [
            f"| `{name.name}` | {name.sentence} |\n"
            for name in names.catalogue()
            if name.name.partition(":")[0] in settings.ROOMS
        ]
    return _HEAD + "".join(rows)
