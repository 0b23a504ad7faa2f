"""Events, the seals that chain them, and the queue between the two."""

from functools import cache
from typing import Any, Never

from django.db import connection, models, transaction

from tongban.audit.errors import AppendOnly
from tongban.audit.rules import canonical
from tongban.audit.statements import Statement, unhurried
from tongban.kernel import crypto_suites
from tongban.kernel.ids import new_id


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are written once: whatever would change or delete them raises `AppendOnly`."""

    def update(self, **kwargs: object) -> Never:
        """Refuse."""
        raise AppendOnly(model=self.model.__name__)

    def delete(self) -> Never:
        """Refuse."""
        raise AppendOnly(model=self.model.__name__)

    def bulk_update(self, *args: object, **kwargs: object) -> Never:
        """Refuse."""
        raise AppendOnly(model=self.model.__name__)

    def retire(self) -> int:
        """Delete the rows for `flows.retire` and return how many; the database's guard lets only retired rows go."""
        return self._raw_delete(self.db)


class Inserted(models.Model):
    """Base of rows that every act inserts: `insert` costs a third of what `save` does."""

    class Meta:
        abstract = True

    def insert(self, *, hurried: bool = True) -> None:
        """Insert the row, without the signals and look-ups of `save`; `unhurried` says what not `hurried` means."""
        ending = "" if hurried else f" RETURNING {unhurried()}"
        Statement(self.insert_statement() + ending, self._values()).run()
        self._state.adding = False

    def _values(self) -> list[Any]:
        fields = self._meta.concrete_fields
        return [field.get_db_prep_save(getattr(self, field.attname), connection) for field in fields]

    @classmethod
    @cache
    def insert_statement(cls) -> str:
        """Return the SQL that inserts a row."""
        columns = [f'"{field.column}"' for field in cls._meta.concrete_fields]
        marks = ", ".join(["%s"] * len(columns))
        return f'INSERT INTO "{cls._meta.db_table}" ({", ".join(columns)}) VALUES ({marks})'  # noqa: S608 - our own names


class AppendOnlyModel(models.Model):
    """Base of rows that are written once. The database refuses too: see `guard`."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; raises `AppendOnly` for a row that is in the database already."""
        if not self._state.adding:
            raise AppendOnly(model=type(self).__name__)
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: object, **kwargs: object) -> Never:
        """Refuse."""
        raise AppendOnly(model=type(self).__name__)


class Event(Inserted, AppendOnlyModel):
    """Something that happened: who, what, to whom, when, in which request. Never personal data.

    `mac` is made by the process that recorded the event, so that a row written past the platform is recognised.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=100, blank=True)
    subject = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    network = models.CharField(max_length=100, blank=True)
    key_id = models.CharField(max_length=8)
    mac = models.CharField(max_length=64)

    SIGNED = ("id", "name", "at", "actor_kind", "actor_id", "subject", "facts", "request_id", "network", "key_id")

    class Meta(AppendOnlyModel.Meta):
        indexes = [
            models.Index(fields=["at"], name="audit_event_at"),
            models.Index(fields=["subject", "at"], name="audit_event_subject"),
            models.Index(fields=["actor_id", "at"], name="audit_event_actor"),
        ]

    def signed_bytes(self) -> bytes:
        """Return what `mac` is over."""
        return canonical({name: getattr(self, name) for name in self.SIGNED})

    def insert_unsealed(self, act: Statement | None = None) -> None:
        """Insert the event and the note that no seal covers it yet, and before them carry out `act`: all or nothing.

        On PostgreSQL it is one statement, which needs no transaction.
        """
        if connection.vendor == "postgresql":
            parts = {"act": act.sql} if act else {}
            parts["event"] = self.insert_statement()
            before = ", ".join(f"{name} AS ({sql})" for name, sql in parts.items())
            values = [*(act.values if act else ()), *self._values(), self.id]
            Statement(f"WITH {before} {Waiting.insert_statement()}", values).run()
        else:
            with transaction.atomic(savepoint=False):
                if act:
                    act.run()
                self.insert()
                Waiting(event_id=self.id).insert()
        self._state.adding = False

    def digest(self, hash_name: str) -> str:
        """Return the hexadecimal hash over the whole row, the mac included: what a seal holds of its event."""
        return crypto_suites.digest(hash_name, self.signed_bytes() + self.mac.encode()).hex()


class Waiting(Inserted):
    """An event that no seal covers yet; written with the event, deleted when it is sealed."""

    event_id = models.UUIDField(primary_key=True)


class Seal(AppendOnlyModel):
    """One link of the chain: sequence numbers without a gap, each `mac` over the link before it and the event's digest.

    `event_id` is no foreign key: a seal outlives its event, and so tells that the event is missing. The key names the
    hash of both, `mac` and `event_digest`: a chain may change its hash from one key to the next.
    """

    sequence = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    event_digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    key_id = models.CharField(max_length=8)
    mac = models.CharField(max_length=64)

    class Meta(AppendOnlyModel.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(sequence__gte=1), name="audit_seal_sequence")]

    def signed_bytes(self, previous: str) -> bytes:
        """Return what `mac` is over; `previous` is the mac of the seal before, or `rules.NO_MAC`."""
        fields = ("sequence", "event_id", "event_digest", "sealed_at", "key_id")
        return canonical({"previous": previous} | {name: getattr(self, name) for name in fields})


class SealingLease(models.Model):
    """Which worker seals: one row, taken by a conditional UPDATE, free again once `until` has passed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    holder = models.UUIDField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_lease_single")]


class Retirement(AppendOnlyModel):
    """Up to which sequence number events have left the database for an archive; the event `event_id` attests it."""

    through = models.BigIntegerField(primary_key=True)
    mac = models.CharField(max_length=64)
    archive_digest = models.CharField(max_length=64)
    event_id = models.UUIDField(unique=True)
