"""Model fields: a text sealed for its row, and the blind index beside it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, Never, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from tongban.vault import blind_index
from tongban.vault.errors import NotSealed
from tongban.vault.purposes import Purpose
from tongban.vault.sealed import Place, Sealed

_ST = TypeVar("_ST")
_GT = TypeVar("_GT")

if TYPE_CHECKING:

    class _Field(models.Field[_ST, _GT]):
        pass

    class _CharField(models.CharField[_ST, _GT]):
        pass

else:  # Django's own classes take no type parameters when the program runs

    class _Field(models.Field, Generic[_ST, _GT]):
        pass

    class _CharField(models.CharField, Generic[_ST, _GT]):
        pass


class SealedAttribute(DeferredAttribute):
    """Gives a value read from the database its place, and takes texts and sealed values alike."""

    field: "SealedTextField[Any, Any]"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed):
            return value
        placed = value.read_at(self.field.place_of(instance))
        instance.__dict__[self.field.attname] = placed
        return placed

    def __set__(self, instance: models.Model, value: object) -> None:
        if isinstance(value, str):
            value = Sealed.of(value)
        if value is not None and not isinstance(value, Sealed):
            raise NotSealed(field=self.field.name, type=type(value).__name__)
        instance.__dict__[self.field.attname] = value


class SealedTextField(_Field[_ST, _GT]):
    """A text of any length, encrypted for its field (`context`) and its row.

    The Python value is `Sealed` or None; assign a str or a `Sealed`. The primary key must be known before the first
    save (UUIDs are). The column cannot be searched: keep a `BlindIndexField` beside it. `purposes` narrows what the
    value may be revealed for.
    """

    _pyi_private_set_type: str | Sealed
    _pyi_private_get_type: Sealed
    description = "sealed text"
    descriptor_class = SealedAttribute
    empty_strings_allowed = False

    def __init__(self, *, context: str, purposes: Iterable[Purpose] = frozenset(Purpose), **kwargs: Any) -> None:
        self.context = context
        self.purposes = frozenset(purposes)
        super().__init__(**{"editable": False, **kwargs})

    def deconstruct(self) -> Any:
        """Return what a migration needs: the context, no purposes."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs | {"context": self.context}

    def get_internal_type(self) -> str:
        """Return the kind of column: bytes."""
        return "BinaryField"

    def place_of(self, instance: models.Model) -> Place:
        """Return where this field's value of `instance` stands; raises `NotSealed` before there is a primary key."""
        if instance.pk is None:
            raise NotSealed(field=self.name, reason="no primary key")
        return Place(self.context, str(instance.pk), self.purposes)

    def from_db_value(self, value: Any, expression: object, connection: BaseDatabaseWrapper) -> Sealed | None:
        """Return the stored bytes as a value that waits for its place."""
        return None if value is None else Sealed(ciphertext=bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal the value for its row."""
        value = getattr(model_instance, self.attname)
        if value is None:
            return None
        sealed = value.at(self.place_of(model_instance))
        setattr(model_instance, self.attname, sealed)
        return sealed

    def get_prep_value(self, value: Any) -> bytes | None:
        """Return the bytes of a value that is sealed; raises `NotSealed` for a text that came past the model."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise NotSealed(field=self.name, type=type(value).__name__)
        return value.ciphertext()

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Return what the database driver takes."""
        value = super().get_db_prep_value(value, connection, prepared)
        driver: Any = connection.Database  # type: ignore[attr-defined]
        return None if value is None else driver.Binary(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Return the two lookups that make sense: the same ciphertext (for re-encryption), and none at all."""
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None

    def formfield(self, *args: Any, **kwargs: Any) -> None:
        """Stay out of generated forms."""

    def value_to_string(self, obj: models.Model) -> Never:
        """Stay out of dumps; raises `NotSealed`."""
        raise NotSealed(field=self.name, reason="serialise")


class BlindIndexField(_CharField[_ST, _GT]):
    """The blind index of a value sealed in the same row: see `blind_index`.

    `value` names the attribute or method of the model that gives the indexed text again (or None), so that
    re-encryption can renew the index under a new key; it reveals with `Purpose.REENCRYPT`.
    """

    def __init__(self, *, domain: str, value: str, **kwargs: Any) -> None:
        self.domain = domain
        self.value = value
        super().__init__(**{"max_length": blind_index.LENGTH, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        """Return what a migration needs."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs | {"domain": self.domain, "value": self.value}

    def index_of(self, instance: models.Model) -> str | None:
        """Return the index of `instance` under the current key, None when there is nothing to index."""
        value = getattr(instance, self.value)
        text = value() if callable(value) else value
        return None if text is None else blind_index.of(self.domain, text)


def context_of(model: type[models.Model], name: str) -> str:
    """Return what the sealed field called `name` of `model` is sealed for."""
    field = model._meta.get_field(name)  # noqa: SLF001 - Django's public name
    assert isinstance(field, SealedTextField)  # noqa: S101 - a programmer's mistake
    return field.context
