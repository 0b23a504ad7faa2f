"""Note that the owner has read messages."""

from uuid import UUID

from tongban.kernel import clock
from tongban.notify.models import InSiteMessage


def mark_read(*, account_id: UUID, message_id: UUID) -> bool:
    """Note that the account read one of its messages; return whether it was new. Others' messages stay as they are."""
    return _mark(account_id, id=message_id) == 1


def mark_all_read(*, account_id: UUID) -> int:
    """Note that the account read all its messages; return how many were new."""
    return _mark(account_id)


def _mark(account_id: UUID, **which: UUID) -> int:
    new = InSiteMessage.objects.filter(account_id=account_id, read_at__isnull=True, **which)
    return new.update(read_at=clock.now())
