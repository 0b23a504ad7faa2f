"""What the page of each outcome says, in the meaning of the guide for transferred users."""

from collections.abc import Mapping
from dataclasses import dataclass

from neighbours.relying.language import marked

_OLD_PASSWORD = marked("原火炬中心的密码，没有变")
_CHANGED = marked("如果提示登录名或密码错误，说明密码已经修改过，请在登录页面点击“忘记密码”找回。")


@dataclass(frozen=True, slots=True)
class Words:
    """`heading` and `sentences` tell what was found; `window` and `password` how to log in; `step` is the one way on.

    `advice` stands below the step. All are in the source language, and translated where they are shown.
    """

    heading: str
    sentences: tuple[str, ...]
    step: str
    window: str = ""
    password: str = ""
    advice: str = ""


WORDS: Mapping[str, Words] = {
    "E0a": Words(
        heading=marked("没有查到账号，请先注册"),
        sentences=(
            marked("这家单位没有在火炬中心业务办理平台注册过账号，也没有在科技部政务服务平台注册过法人账号。"),
            marked(
                "请在政务服务平台注册法人单位账号。注册完成后进行实名认证，就可以进入高企认定、科小企评价等业务系统。"
            ),
        ),
        step=marked("注册法人单位账号"),
    ),
    "E0b": Words(
        heading=marked("单位在政务服务平台已有账号，请直接登录"),
        sentences=(
            marked("这家单位没有在火炬中心业务办理平台注册过账号，但已经在科技部政务服务平台注册过法人账号。"),
            marked("请用该账号登录。登录后完成实名认证，就可以进入高企认定、科小企评价等业务系统。"),
        ),
        step=marked("前往法人登录"),
        window=marked("法人登录"),
        password=marked("在政务服务平台设置的密码"),
        advice=marked("不记得登录名或密码的，请在登录页面点击“忘记密码”。"),
    ),
    "E1": Words(
        heading=marked("继续使用原来的用户名和密码"),
        sentences=(
            marked(
                "原火炬中心账号已转到科技部政务服务平台，用户名和密码都没有变。登录后完成实名认证，就可以进入高企认定、科小企评价等业务系统。"
            ),
        ),
        step=marked("前往法人登录"),
        window=marked("法人登录"),
        password=_OLD_PASSWORD,
        advice=_CHANGED,
    ),
    "E2": Words(
        heading=marked("政务服务平台已有账号，登录名就是统一社会信用代码"),
        sentences=(
            marked(
                "请用统一社会信用代码在法人登录窗口登录。登录后完成实名认证，就可以进入高企认定、科小企评价等业务系统。"
            ),
        ),
        step=marked("前往法人登录"),
        window=marked("法人登录"),
        password=marked("在政务服务平台设置的密码，不是原火炬中心的密码"),
        advice=marked("不记得密码的，请在登录页面点击“忘记密码”找回。"),
    ),
    "E3": Words(
        heading=marked("登录名前加了“HJ_”，密码没有变"),
        sentences=(
            marked("这个统一社会信用代码作为登录名已在政务服务平台被使用，所以原火炬中心账号的登录名前加了“HJ_”。"),
            marked("请用下面的登录名和原密码登录。登录后完成实名认证，就可以进入高企认定、科小企评价等业务系统。"),
        ),
        step=marked("前往法人登录"),
        window=marked("法人登录"),
        password=_OLD_PASSWORD,
        advice=_CHANGED,
    ),
    "E4": Words(
        heading=marked("原账号已转为自然人账号，密码没有变"),
        sentences=(
            marked("单位在政务服务平台已有实名认证的法人账号，所以原火炬中心账号转为经办人的自然人账号。"),
            marked(
                "请在自然人登录窗口登录并完成实名认证。完成后，该账号会得到这家单位的高企认定和科小企评价等业务授权。"
            ),
        ),
        step=marked("前往自然人登录"),
        window=marked("自然人登录"),
        password=_OLD_PASSWORD,
        advice=marked("要查询单位法人账号的用户名和密码，请在政务服务平台的“忘记密码”中查询单位联系人。"),
    ),
    "P0": Words(
        heading=marked("没有查到账号，请先注册"),
        sentences=(
            marked("这个手机号码没有在火炬中心业务办理平台注册过个人账号。"),
            marked("请在科技部政务服务平台注册自然人账号。注册完成后登录并实名认证，再办理业务。"),
        ),
        step=marked("注册自然人账号"),
    ),
    "P1": Words(
        heading=marked("继续使用原来的账号和密码"),
        sentences=(
            marked(
                "原火炬中心个人账号已转到科技部政务服务平台，用户名和密码都没有变。登录后完成实名认证，再办理业务。"
            ),
        ),
        step=marked("前往自然人登录"),
        window=marked("自然人登录"),
        password=_OLD_PASSWORD,
        advice=_CHANGED,
    ),
    "P2": Words(
        heading=marked("政务服务平台已有账号，登录名就是手机号码"),
        sentences=(marked("请用手机号码在自然人登录窗口登录。登录后完成实名认证，再办理业务。"),),
        step=marked("前往自然人登录"),
        window=marked("自然人登录"),
        password=marked("在政务服务平台设置的密码，不是原火炬中心的密码"),
        advice=marked("不记得密码的，请在登录页面点击“忘记密码”找回。"),
    ),
    "P3": Words(
        heading=marked("登录名前加了“HJ_”，密码没有变"),
        sentences=(
            marked("这个手机号码作为登录名已在政务服务平台被使用，所以原火炬中心账号的登录名前加了“HJ_”。"),
            marked("请用下面的登录名和原密码登录。登录后完成实名认证，再办理业务。"),
        ),
        step=marked("前往自然人登录"),
        window=marked("自然人登录"),
        password=_OLD_PASSWORD,
        advice=_CHANGED,
    ),
    "P4": Words(
        heading=marked("您在政务服务平台已实名认证，请找回自己的账号"),
        sentences=(
            marked("这个手机号码没有用作登录名，但它的主人已用另一个登录名在科技部政务服务平台注册并完成实名认证。"),
            marked("记得登录名的，直接用它登录。忘记登录名的，请通过自然人申诉找回登录名和密码，再办理业务。"),
        ),
        step=marked("自然人申诉找回密码"),
    ),
}
