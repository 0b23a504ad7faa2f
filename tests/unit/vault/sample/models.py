"""A person with sealed fields and an index, and a row that has its person's key as its own."""

from typing import ClassVar

from django.db import models

from tongban.kernel.ids import new_id
from tongban.vault.fields import BlindIndexField, SealedTextField
from tongban.vault.purposes import Purpose


class Person(models.Model):
    """A row as the rooms have them."""

    objects: ClassVar[models.Manager["Person"]] = models.Manager()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone = SealedTextField(context="sample.person.phone", null=True)
    phone_index = BlindIndexField(domain="sample.person.phone", value="phone_for_index", null=True, unique=True)
    name = SealedTextField(context="sample.person.name", purposes={Purpose.SHOW_OWNER})

    def phone_for_index(self) -> str | None:
        return self.phone.reveal(Purpose.REENCRYPT) if self.phone else None


class Extra(models.Model):
    """A row whose primary key is another row."""

    objects: ClassVar[models.Manager["Extra"]] = models.Manager()

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True)
    note = SealedTextField(context="sample.extra.note")
