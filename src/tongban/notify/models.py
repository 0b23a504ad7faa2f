"""The outbox, and the messages on the platform."""

from django.db import models
from django.db.models import Q

from tongban.kernel.ids import new_id
from tongban.notify.rules import Receipt, SmsState
from tongban.vault.fields import SealedTextField

_TO_DO = Q(state=SmsState.PENDING) | Q(state=SmsState.SENDING)
_WAITING = _TO_DO | Q(state=SmsState.ASKING)


class Sms(models.Model):
    """One SMS, written in the transaction of the act that causes it; `key` names it among all, for good.

    `params` are erased once the message needs them no more. `due_at` is when the worker looks at it next: for a
    pending message the next try, for one being sent the end of the worker's lease.

    `provider` is the vendor that may have the message, since `handed_at`; it is empty while surely none has it.
    `ask_at` is when that vendor is asked next what became of the message (`None`: never), after `asks` times.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=100, unique=True)
    template = models.CharField(max_length=64)
    language = models.CharField(max_length=16)
    recipient = SealedTextField(context="notify.sms.recipient")
    params = SealedTextField(context="notify.sms.params", null=True)
    state = models.CharField(max_length=16, choices=[(state.value, state.name) for state in SmsState])
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    worthless_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=128, blank=True)
    provider = models.CharField(max_length=32, blank=True)
    handed_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)
    asks = models.PositiveSmallIntegerField(default=0)
    receipt = models.CharField(
        max_length=12, blank=True, choices=[(receipt.value, receipt.name) for receipt in Receipt]
    )
    receipt_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(_WAITING & Q(ended_at__isnull=True)) | (~_WAITING & Q(ended_at__isnull=False)),
                name="an_sms_ends_when_nothing_is_left_to_do",
            ),
            models.CheckConstraint(condition=Q(tries__gt=0) | ~Q(state=SmsState.SENT), name="an_sms_is_sent_by_a_try"),
            models.CheckConstraint(
                condition=Q(ask_at__isnull=False, handed_at__isnull=False) | ~Q(state=SmsState.ASKING),
                name="an_sms_is_asked_about_at_its_vendor",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=_TO_DO, name="sms_waiting_by_due_at"),
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="sms_by_ask_at"),
            models.Index(
                fields=["provider", "-receipt_at"],
                condition=Q(receipt_at__isnull=False),
                name="sms_receipts_of_a_vendor",
            ),
            models.Index(fields=["ended_at"], name="sms_by_ended_at"),
        )


class InSiteMessage(models.Model):
    """A message to an account, read under 我的消息. Its text is made from the template when it is read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account_id = models.UUIDField()
    template = models.CharField(max_length=64)
    params = SealedTextField(context="notify.in_site_message.params")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["account_id", "-created_at", "-id"], name="messages_of_an_account"),
            models.Index(
                fields=["account_id"], condition=Q(read_at__isnull=True), name="unread_messages_of_an_account"
            ),
            models.Index(fields=["created_at"], name="messages_by_age"),
        )


class DemoSms(models.Model):
    """An SMS that the demonstration's provider "sent": what a phone would have shown. Empty outside a demonstration."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=100, unique=True)
    content = SealedTextField(context="notify.demo_sms.content")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["-at", "-id"], name="demo_sms_newest_first"),)
