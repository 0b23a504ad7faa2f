"""Hand the trail to somebody, as JSON lines."""

import hashlib
from typing import BinaryIO

from django.db import transaction

from tongban.audit import events, queries
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.queries import Criteria
from tongban.audit.rules import canonical


def export(*, actor: Actor, criteria: Criteria, out: BinaryIO) -> int:
    """Write the matching events to `out`, one JSON object a line, and return how many. The export is an event too."""
    count, digest = 0, hashlib.sha256()
    for event, seal in queries.events(criteria):
        line = canonical(queries.exported(event, seal)) + b"\n"
        out.write(line)
        digest.update(line)
        count += 1
    with transaction.atomic():
        record(events.EXPORTED, actor=actor, facts={"events": count, "sha256": digest.hexdigest()})
    return count
