"""Pure rules of the room: how a mandate comes about, how it ends, how long it lasts. No database."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongban.accounts.rules import login_names
from tongban.kernel.errors import Invalid
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName
from tongban.mandates.errors import TermRefused

_ZONE = ZoneInfo("Asia/Shanghai")
TERMS = {30: _("一个月"), 90: _("三个月"), 180: _("半年"), 365: _("一年")}
"""The terms people choose from, in days; those beyond the longest term allowed are left out."""


class Origin(TextChoices):
    """How a mandate came about."""

    OFFERED = "offered", _("单位授予")
    REQUESTED = "requested", _("本人申请，单位同意")
    TRANSFER = "transfer", _("火炬中心账号转移")


class EndReason(TextChoices):
    """Why a mandate is over, or never took effect."""

    DECLINED = "declined", _("本人没有接受")
    REFUSED = "refused", _("单位没有同意")
    WITHDRAWN = "withdrawn", _("提出的一方撤回")
    LAPSED = "lapsed", _("过期没有答复")
    EXPIRED = "expired", _("到期")
    BY_UNIT = "by_unit", _("单位收回")
    BY_HOLDER = "by_holder", _("本人结束")
    REPLACED = "replaced", _("由新的授权代替")
    UNIT_LOST = "unit_lost", _("单位的实名认证已变更或解除")
    HOLDER_LOST = "holder_lost", _("本人的实名认证已变更或解除")


def last_moment(now: datetime, *, days: int, longest: int) -> datetime:
    """Return the end of a term of `days` that begins now: midnight (Beijing) after its last day.

    Raises `TermRefused` unless there are 1 to `longest` days.
    """
    if not 1 <= days <= longest:
        raise TermRefused(longest=longest)
    last_day = now.astimezone(_ZONE).date() + timedelta(days=days)
    return datetime.combine(last_day, time(), _ZONE) + timedelta(days=1)


def address(name: PersonName, contact: str) -> str:
    """Return what an offer is addressed to: a name, and a mobile number or login name as it was typed."""
    try:
        return at_phone(name, Mobile.parse(contact))
    except Invalid:
        return at_login_name(name, contact)


def at_phone(name: PersonName, phone: Mobile) -> str:
    """Return the address of the person with this name who proved this phone."""
    return f"{name.matching_key}|phone:{phone.value}"


def at_login_name(name: PersonName, login_name: str) -> str:
    """Return the address of the person with this name who logs in like this."""
    return f"{name.matching_key}|login:{login_names.key(login_name)}"
