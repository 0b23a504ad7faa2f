"""What the room remembers: which accounts were recovered, and how."""

from django.db import models

from tongban.accounts.models import Account
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.recovery.rules import Way


class Recovery(models.Model):
    """Somebody got a new password for the account without knowing the old one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="recoveries")
    way = models.CharField(max_length=16, choices=[(way.value, way.name) for way in Way])
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=["account", "at"], name="recoveries_of_an_account"),)
