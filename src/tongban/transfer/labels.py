"""The state of a file, as operators read it."""

from django.utils.translation import gettext_lazy as _

from tongban.design.labels import Text
from tongban.transfer.models import Batch


def state_of(batch: Batch) -> tuple[str, Text]:
    """Return the tone of the state's tag and its word."""
    if batch.undone_at:
        return "plain", _("已撤销")
    return ("good", _("已完成")) if batch.finished_at else ("wait", _("未完成"))
