"""Make the notices say what the operator's file says."""

from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.catalogue.loading import Loaded, load_rows
from tongban.catalogue.searching import fold
from tongban.design.translations import every_text
from tongban.site import events
from tongban.site.models import Notice
from tongban.site.rules import NoticeEntry


@transaction.atomic
def load_notices(*, actor: Actor, entries: Iterable[NoticeEntry]) -> Loaded:
    """Publish exactly `entries`; loading the same again changes nothing, what is no longer named is withdrawn."""
    rows = ({**asdict(entry), "search_text": _search_text(entry)} for entry in entries)
    loaded = load_rows(Notice, rows)
    if loaded.changed_anything:
        record(events.LOADED, actor=actor, facts=asdict(loaded))
    return loaded


def _search_text(entry: NoticeEntry) -> str:
    """Return everything a search looks at, whatever language it is in."""
    return fold("\n".join([entry.title, entry.body, *every_text(entry.translations)]))
