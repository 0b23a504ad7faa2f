"""What people read when this room, or the room below it, refuses something."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.accounts.errors import AccountsError, ChangeMustWait
from tongban.accounts.rules import Realm
from tongban.challenge.errors import ChallengeError, TooManyRequests
from tongban.kernel import clock

Text = str | Promise

SENTENCES: dict[str, Text] = {
    "accounts.login_name_length": gettext_lazy("登录名应为 %(shortest)s 到 %(longest)s 个字符。"),
    "accounts.login_name_character": gettext_lazy(
        "登录名里不能有“%(character)s”。可以用汉字、字母、数字、下划线、短横线、点和 @。"
    ),
    "accounts.login_name_reserved": gettext_lazy("以 HJ_ 开头的登录名留给从火炬中心转移来的账号。请换一个。"),
    "accounts.login_name_mobile": gettext_lazy(
        "这个登录名像是手机号码，但与您填写的手机号码不同。用手机号码作登录名时，两处须一致。"
    ),
    "accounts.login_name_uscc": gettext_lazy(
        "这个登录名像是统一社会信用代码，但与您填写的代码不同。用代码作登录名时，两处须一致。"
    ),
    "accounts.login_name_number": gettext_lazy(
        "证件号码和统一社会信用代码不能作自然人的登录名。请换一个，例如您的手机号码。"
    ),
    "accounts.login_name_taken": gettext_lazy("登录名已被注册。请换一个。"),
    "accounts.password_short": gettext_lazy("密码至少 %(shortest)s 个字符。可以用一句只有您知道的话。"),
    "accounts.password_long": gettext_lazy("密码最多 %(longest)s 个字符。请换一个短一些的。"),
    "accounts.password_common": gettext_lazy(
        "这个密码太常见，或曾在别处泄露，容易被猜到。请换一个，例如几个互不相关的词。"
    ),
    "accounts.password_composition": gettext_lazy(
        "密码须包含大写字母、小写字母、数字、其他字符中的至少 %(kinds)s 种。请补上缺少的。"
    ),
    "accounts.password_unchanged": gettext_lazy("新密码不能与原来的密码相同。请换一个。"),
    "accounts.password_context": gettext_lazy(
        "密码里不能有登录名、手机号码、单位名称、统一社会信用代码或本网站的名称。请换一个。"
    ),
    "accounts.password_wrong": gettext_lazy("当前密码不正确。请重新输入。"),
    "accounts.password_disabled": gettext_lazy("当前密码连续输错过多，已停用。请退出登录，重置密码后再来。"),
    "accounts.phone_unchanged": gettext_lazy("这就是您现在的手机号码。请输入要换成的号码。"),
    "accounts.human_check_needed": gettext_lazy("请输入图片或音频中的验证码。看不清、听不清可以换一张。"),
    "accounts.role_needed": gettext_lazy("只有运维人员可以这样做。"),
    "accounts.own_account": gettext_lazy("不能对自己的账号这样做。请由另一位运维人员办理。"),
    "accounts.not_staff": gettext_lazy("只有工作人员账号可以这样重置。"),
    "accounts.reset_open": gettext_lazy("这个账号已有一项待同意的重置申请。"),
    "accounts.reset_settled": gettext_lazy("这项申请已经处理过了。"),
    "accounts.second_operator_needed": gettext_lazy("重置须由另一位运维人员同意：提出申请的人不能自己同意。"),
    "accounts.suspension_stands": gettext_lazy("这个账号已经暂停使用。"),
    "accounts.not_suspended": gettext_lazy("这个账号没有暂停使用。"),
    "accounts.second_factor_refused": gettext_lazy(
        "动态验证码不正确，或者已经用过。请等应用显示下一个验证码后再输入。"
    ),
    "accounts.second_factor_disabled": gettext_lazy(
        "动态验证码连续输错过多，已停止在陌生设备上使用。请在用过的设备上登录，或者请两位运维人员重置。"
    ),
    "accounts.passkey_refused": gettext_lazy(
        "没有认出这个通行密钥，或者页面打开得太久。请再点一次按钮，或者改用动态验证码。"
    ),
    "accounts.passkey_limit": gettext_lazy("通行密钥最多 10 个。请先移除不再使用的。"),
    "accounts.last_factor": gettext_lazy("这是您唯一的第二重验证，移除后将无法登录。请先添加另一种。"),
    "challenge.human_check_failed": gettext_lazy("验证码不正确或已失效。请按新的图片或音频重新输入。"),
    "challenge.code_wrong": gettext_lazy("短信验证码不正确。请核对短信后重新输入。"),
    "challenge.code_expired": gettext_lazy("短信验证码已过期。请重新获取。"),
    "challenge.code_spent": gettext_lazy("短信验证码已使用或错误次数过多，不再有效。请重新获取。"),
}


def sentence(error: AccountsError | ChallengeError) -> str:
    """Return what to say about `error`."""
    if isinstance(error, TooManyRequests):
        return _("操作过于频繁，请于 %(time)s 后再试。") % {"time": _moment(error.retry_at)}
    if isinstance(error, ChangeMustWait):
        return _("账号的密码刚刚找回。为防止被人冒用，%(time)s 之后才能更换手机号码。") % {
            "time": _moment(error.retry_at)
        }
    return str(SENTENCES[error.code]) % error.params


def _moment(at: datetime) -> str:
    """Return the time of day, with the date when it is another day."""
    at = timezone.localtime(at)
    same_day = at.date() == timezone.localtime(clock.now()).date()
    return at.strftime("%H:%M:%S" if same_day else "%Y-%m-%d %H:%M")


def password_hint(realm: Realm) -> str:
    """Say what a new password of an account in `realm` must be."""
    shortest = settings.PASSWORD_LENGTH_STAFF if realm is Realm.STAFF else settings.PASSWORD_LENGTH
    if settings.PASSWORD_COMPOSITION:
        hint = _("至少 %(shortest)d 个字符，包含大写字母、小写字母、数字、其他字符中的至少 %(kinds)d 种。")
        return hint % {"shortest": shortest, "kinds": settings.PASSWORD_COMPOSITION}
    return _("至少 %(shortest)d 个字符，可以用一句只有您知道的话。不要求大小写、数字和符号。") % {"shortest": shortest}
