"""What processes write to their log: one JSON object a line, with the request it belongs to, without personal data.

Two nets below the rule that nobody logs personal data: numbers that look like phones or identity documents are
hidden wherever they stand, and requests are named by their route, since an address may hold a one-time link.
"""

import re
from typing import Any

import structlog
from django.http import HttpRequest
from structlog.typing import EventDict, Processor

from tongban.audit import context

_HIDDEN = "[hidden]"
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z_-])(?:(?:\+?86)?1[3-9][0-9]{9}|[0-9]{17}[0-9Xx])(?![0-9A-Za-z_-])",
)
# PostgreSQL names the values that broke a constraint.
_DETAIL = re.compile(r"^DETAIL:.*$", re.MULTILINE)


def hide_personal(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Hide what looks personal in every text of `event`."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _NUMBER.sub(_HIDDEN, _DETAIL.sub(f"DETAIL: {_HIDDEN}", value))
    return event


def name_request(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Put method and route in the place of what Django says about a request, which holds its whole address."""
    record = event.get("_record")
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        match = request.resolver_match
        event["event"] = getattr(record, "reason", None) or _what(record)
        event["method"] = request.method
        event["route"] = match.route if match else "(no such page)"
        # Django speaks of an answer after the middleware that knew the request's id has ended.
        event.setdefault("request_id", request.META.get(context.REQUEST_ID, ""))
    return event


def _what(record: Any) -> str:
    """Return what happened, without the address."""
    status = getattr(record, "status_code", None)
    return f"answered {status}" if status else str(record.msg).partition("%")[0].strip(" :(") or "request"


def add_request_id(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Add the id of the request in hand, which its answer, its error page and its audit events carry as well."""
    if request_id := context.current().request_id:
        event["request_id"] = request_id
    return event


def logging(*, style: str, level: str) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING: both end in the same lines, on standard error.

    `style` is json, or text for people who watch; `level` is that of our own loggers.
    """
    shared: list[Processor] = [
        add_request_id,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*shared, name_request],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            hide_personal,
            last,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "tongban": {"level": level},
            # Several a page: who looked at what for which purpose stands in the audit trail where it matters.
            "tongban.vault.reveal": {"level": "WARNING"},
            # Django's own handlers print whole addresses.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
