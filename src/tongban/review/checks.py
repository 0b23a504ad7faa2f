"""Start-up checks of the room."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 - Django's own word
from django.db import connection

from tongban.review.models import CalendarDay
from tongban.review.working_days import known_until, today


@register(Tags.database)
def holidays_are_known(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Due dates of this year need its holidays."""
    table = CalendarDay._meta.db_table  # noqa: SLF001 - Django's public name
    if not databases or table not in connection.introspection.table_names() or known_until() >= today().year:
        return []
    hint = "tongban calendar import FILE"
    return [Warning(f"the holidays of {today().year} are not known", hint=hint, id="review.W001")]
