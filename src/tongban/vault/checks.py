"""Start-up checks of the room."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name
from django.db import models

from tongban.kernel.key_ring import KeyRingError
from tongban.vault import keys, queries, suites


@register(Tags.security)
def vault_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The vault's keys must be readable, private, complete and of suites this machine has, or nothing starts."""
    try:
        ring = {use: keys.all_keys(use) for use in keys.USES}
    except KeyRingError as error:
        return [Error(f"vault keys: {error}", id="vault.E001")]
    wanted = keys.wanted_suite()
    named = {key.suite for of_use in ring.values() for key in of_use} | {wanted}
    lacking = sorted(name for name in named if not suites.works(name))
    found: list[CheckMessage] = [
        Error(f"vault keys: this machine lacks the suite {name}, or it answers wrongly", hint=_HINT, id="vault.E005")
        for name in lacking
    ]
    if not lacking and any(of_use[0].suite != wanted for of_use in ring.values()):
        message = f"the vault's keys are not of the configured suite ({wanted})"
        found.append(Warning(message, hint="run `tongban vault rotate`", id="vault.W001"))
    return found


_HINT = "the cryptography package and OpenSSL must have it; no other algorithm takes its place"


@register(Tags.models)
def sealed_fields(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every sealed field has a context of its own and a row that is known before saving; every index can be renewed."""
    return [*_contexts(), *_primary_keys(), *_indexes()]


def _contexts() -> Iterator[CheckMessage]:
    seen: set[str] = set()
    for holder in queries.holders():
        for field in holder.sealed:
            if not field.context or field.context in seen:
                message = f"the context {field.context!r} is empty or another field's"
                yield Error(message, hint="name it room.model.field", obj=field, id="vault.E002")
            seen.add(field.context)


def _primary_keys() -> Iterator[CheckMessage]:
    for holder in queries.holders():
        if holder.sealed and isinstance(holder.model._meta.pk, models.AutoField):  # noqa: SLF001 - Django's public name
            message = "a sealed field needs a primary key that is known before saving"
            yield Error(message, obj=holder.model, id="vault.E003")


def _indexes() -> Iterator[CheckMessage]:
    for holder in queries.holders():
        for index in holder.indexes:
            if not hasattr(holder.model, index.value):
                message = f"the model has no attribute {index.value!r} to renew the index from"
                yield Error(message, obj=index, id="vault.E004")
