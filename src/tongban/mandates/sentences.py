"""What people read when this room, or one below it, refuses something."""

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.accounts.errors import ChangeMustWait
from tongban.accounts.sentences import sentence as sentence_of_accounts
from tongban.challenge.errors import TooManyRequests
from tongban.mandates.errors import MandatesError

Text = str | Promise

SENTENCES: dict[str, Text] = {
    "mandates.unit_not_verified": gettext_lazy("单位还没有完成实名认证，不能授权。请先到“我的信息”完成实名认证。"),
    "mandates.holder_not_verified": gettext_lazy("您还没有完成实名认证。请先到“我的信息”完成实名认证。"),
    "mandates.service_not_offered": gettext_lazy("所选事项现在不能授权办理。请重新选择。"),
    "mandates.term_refused": gettext_lazy("授权期限最长 %(longest)s 天。请重新选择。"),
    "mandates.already_waiting": gettext_lazy("同样的内容已经提出过，正在等待对方答复。可以先撤回，再重新提出。"),
    "mandates.already_held": gettext_lazy("您已经可以代这个单位办理所选事项，不需要再申请。"),
    "mandates.already_granted": gettext_lazy("这项授权已经给过一次。"),
    "mandates.not_waiting": gettext_lazy("这项授权或申请已经处理过、已撤回，或者已过期。"),
    "mandates.not_live": gettext_lazy("这项授权已经结束。"),
}


def sentence(error: MandatesError | ChangeMustWait | TooManyRequests) -> str:
    """Return what to say about `error`."""
    if isinstance(error, ChangeMustWait):
        until = timezone.localtime(error.retry_at).strftime("%Y-%m-%d %H:%M")
        return _("账号的密码刚刚找回。为防止被人冒用，%(time)s 之后才能授权或接受授权。") % {"time": until}
    if isinstance(error, TooManyRequests):
        return sentence_of_accounts(error)
    return str(SENTENCES[error.code]) % error.params
