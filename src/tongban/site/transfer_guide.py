"""The guide for people whose account came from 火炬中心业务办理平台: found, logged in, verified, on the way to work.

It says in our own words what the guide of the ministry says, step by step on our own pages. The pictures are of those
pages; `make pictures` draws them, and a browser test fails when a page says something else than when it was drawn.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.design import menus

_HERE = Path(__file__).parent
PICTURES = _HERE / "static" / "site" / "guide"
_NAME = "site:transfer-guide"
DRAWN = _HERE / "transfer_guide_pictures.json"


class Size(NamedTuple):
    """Width and height in CSS pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; `picture` names the drawing of the page one sees then, `alt` says what is on it."""

    text: Promise
    picture: str = ""
    alt: Promise | str = ""

    @property
    def file(self) -> str:
        """Where the picture is among the static files."""
        return f"site/guide/{self.picture}.webp"

    @property
    def size(self) -> Size:
        """How large the picture is."""
        return sizes()[self.picture]


@dataclass(frozen=True, slots=True)
class Section:
    """What to do in one case. `leads_to` is a page, as label and url name."""

    slug: str
    title: Promise
    steps: tuple[Step, ...]
    leads_to: tuple[tuple[Promise, str], ...] = ()

    @property
    def said(self) -> str:
        """The title."""
        return str(self.title)

    @property
    def text(self) -> str:
        """All steps as one text, for the search."""
        return " ".join(str(step.text) for step in self.steps)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Labels and addresses of the pages it leads to, as far as they exist."""
        return [(str(label), url) for label, name in self.leads_to if (url := menus.address(name))]


@dataclass(frozen=True, slots=True)
class Part:
    """One page of the guide."""

    slug: str
    title: Promise
    lead: Promise
    sections: tuple[Section, ...]

    @property
    def url(self) -> str:
        """The address of the page."""
        return reverse("site:transfer-guide-part", args=[self.slug]) if self.slug in BELOW else reverse(_NAME)


@cache
def sizes() -> Mapping[str, Size]:
    """Return the sizes of all pictures, by name."""
    drawn = json.loads(DRAWN.read_text(encoding="utf-8"))
    return {name: Size(*picture["size"]) for name, picture in drawn.items()}


_FORGOTTEN = (_("忘记密码"), "recovery:forgotten")
_LOG_IN_LEGAL = (_("法人登录"), "accounts:log-in-legal")
_LOG_IN_NATURAL = (_("自然人登录"), "accounts:log-in-natural")
_REGISTER_LEGAL = (_("单位用户（法人）注册"), "accounts:register-legal")
_REGISTER_NATURAL = (_("自然人注册"), "accounts:register-natural")
_PROFILE = (_("我的信息"), "proofing:profile")
_HELD = (_("我的授权"), "mandates:held")
_SERVICES = (_("法人单位的服务事项"), "catalogue:for-legal")

PARTS: tuple[Part, ...] = (
    Part(
        "search",
        _("先检索：原来的账号现在叫什么"),
        _("在火炬中心业务办理平台办过业务的单位和个人，账号已经转到本平台。先检索，再登录，不要急着重新注册。"),
        (
            Section(
                "open",
                _("打开检索页面"),
                (
                    Step(
                        _(
                            "打开火炬中心业务办理平台，在首页点击“科技部政务服务平台（个人/企业）账号检索”。"
                            "在弹出的窗口里检索；浏览器不支持弹窗的，会打开一个内容相同的页面。"
                        ),
                        "torch-home",
                        _("火炬中心业务办理平台首页，中间是账号检索按钮"),
                    ),
                ),
            ),
            Section(
                "unit",
                _("企业：用统一社会信用代码检索"),
                (
                    Step(
                        _("选择“企业”，输入营业执照上的 18 位统一社会信用代码和图片中的验证码，点击“检索”。"),
                        "torch-unit",
                        _("企业检索页面，有统一社会信用代码和验证码两个输入框"),
                    ),
                ),
            ),
            Section(
                "person",
                _("个人：用手机号码检索"),
                (
                    Step(
                        _(
                            "选择“个人”，输入原来登记的手机号码和图片中的验证码，点击“获取验证码”，"
                            "再输入收到的短信验证码，点击“检索”。要验证短信，是因为只有号码的主人才能知道自己的账号情况。"
                        ),
                        "torch-person",
                        _("个人检索页面，有手机号码、验证码和短信验证码三个输入框"),
                    ),
                ),
            ),
            Section(
                "found",
                _("看懂结果"),
                (
                    Step(
                        _(
                            "结果页面写明用哪个窗口登录、登录名是什么、密码是哪一个，下面只有一个按钮，点击它就是下一步。"
                            "各种结果的办法，见“企业账号”和“个人账号”两页。"
                        ),
                        "torch-found",
                        _("检索结果页面，写明登录窗口、登录名和密码，下面是下一步的按钮"),
                    ),
                ),
            ),
        ),
    ),
    Part(
        "units",
        _("企业账号：六种检索结果怎么办"),
        _("找到与您看到的检索结果相同的一节，照着做。每一种情况最后都是：登录、实名认证、进入业务系统。"),
        (
            Section(
                "E0a",
                _("没有查到账号，请先注册"),
                (
                    Step(
                        _("两个平台上都没有本单位的账号。点击“单位用户（法人）注册”，按营业执照填写，注册后登录。"),
                        "register-legal",
                        _("单位用户（法人）注册页面的开头"),
                    ),
                ),
                (_REGISTER_LEGAL,),
            ),
            Section(
                "E0b",
                _("单位在政务服务平台已有账号，请直接登录"),
                (Step(_("直接用本平台的法人账号登录，不需要注册。想不起登录名或密码的，点击“忘记密码”。")),),
                (_LOG_IN_LEGAL, _FORGOTTEN),
            ),
            Section(
                "E1",
                _("继续使用原来的用户名和密码"),
                (
                    Step(
                        _(
                            "打开“法人登录”，登录名填统一社会信用代码，密码填原来在火炬中心用的密码。"
                            "提示登录名或密码错误的，说明有人已经登录并改过密码，请点击“忘记密码”。"
                        ),
                        "log-in-legal",
                        _("法人登录窗口"),
                    ),
                ),
                (_LOG_IN_LEGAL, _FORGOTTEN),
            ),
            Section(
                "E2",
                _("政务服务平台已有账号，登录名就是统一社会信用代码"),
                (
                    Step(
                        _(
                            "打开“法人登录”，登录名填统一社会信用代码，密码是在本平台设置的，不是火炬中心的。"
                            "不记得的，点击“忘记密码——法人——登录名重置密码”。"
                        ),
                        "forgotten",
                        _("忘记密码页面，分自然人和法人两部分"),
                    ),
                ),
                (_LOG_IN_LEGAL, _FORGOTTEN),
            ),
            Section(
                "E3",
                _("登录名前加了“HJ_”，密码没有变"),
                (
                    Step(
                        _(
                            "统一社会信用代码已被本平台上另一个账号用作登录名。打开“法人登录”，登录名填“HJ_”加统一社会信用代码，"
                            "例如 HJ_91110108MA01ET88XL，密码填原来的密码。"
                            "完成实名认证后，本单位的名称和代码只归本单位的账号。"
                        )
                    ),
                ),
                (_LOG_IN_LEGAL,),
            ),
            Section(
                "E4",
                _("原账号已转为自然人账号，密码没有变"),
                (
                    Step(
                        _(
                            "单位在本平台另有已实名认证的法人账号，所以原来的账号转为经办人本人的账号。"
                            "打开“自然人登录”，用结果里的登录名和原密码登录，完成本人的实名认证，并验证原来登记的手机号码。"
                        ),
                        "log-in-natural",
                        _("自然人登录窗口"),
                    ),
                    Step(
                        _(
                            "完成后自动得到单位在高企认定和科小企评价的授权，期限一年，在“我的授权”里可以看到；"
                            "手机号码已经换了的，在“我的授权”里向单位申请，单位同意后生效。单位可以随时收回。"
                        ),
                        "held",
                        _("我的授权页面，列出可以代办的单位、事项、来源和有效期"),
                    ),
                    Step(_("要找单位的法人账号由谁管理的，打开“忘记密码——法人——查询单位联系人”，联系人会收到短信。")),
                ),
                (_LOG_IN_NATURAL, _HELD, _FORGOTTEN),
            ),
        ),
    ),
    Part(
        "persons",
        _("个人账号：五种检索结果怎么办"),
        _("找到与您看到的检索结果相同的一节，照着做。每一种情况最后都是：登录、实名认证、办理业务。"),
        (
            Section(
                "P0",
                _("没有查到账号，请先注册"),
                (Step(_("这个手机号码没有在火炬中心注册过个人账号。点击“自然人注册”，注册后登录，再实名认证。")),),
                (_REGISTER_NATURAL,),
            ),
            Section(
                "P1",
                _("继续使用原来的账号和密码"),
                (
                    Step(
                        _(
                            "打开“自然人登录”，登录名填手机号码，密码填原来在火炬中心用的密码。"
                            "提示登录名或密码错误的，点击“忘记密码”找回。"
                        )
                    ),
                ),
                (_LOG_IN_NATURAL, _FORGOTTEN),
            ),
            Section(
                "P2",
                _("政务服务平台已有账号，登录名就是手机号码"),
                (Step(_("打开“自然人登录”，登录名填手机号码，密码是在本平台设置的；不记得的，点击“忘记密码”。")),),
                (_LOG_IN_NATURAL, _FORGOTTEN),
            ),
            Section(
                "P3",
                _("登录名前加了“HJ_”，密码没有变"),
                (
                    Step(
                        _(
                            "手机号码已被本平台上另一个账号用作登录名。打开“自然人登录”，登录名填“HJ_”加手机号码，"
                            "例如 HJ_18711111111，密码填原来的密码。"
                        )
                    ),
                ),
                (_LOG_IN_NATURAL,),
            ),
            Section(
                "P4",
                _("您在政务服务平台已实名认证，请找回自己的账号"),
                (
                    Step(
                        _(
                            "手机号码的主人在本平台用另一个登录名注册并完成了实名认证，所以没有另开账号。"
                            "记得登录名的直接登录；忘记登录名的，点击“自然人申诉找回密码”，审核通过后会告诉您登录名，并请您设置新密码。"
                        ),
                        "appeal-natural",
                        _("自然人申诉找回密码页面的开头"),
                    ),
                ),
                ((_("自然人申诉找回密码"), "recovery:appeal-natural"),),
            ),
        ),
    ),
    Part(
        "after",
        _("登录以后：实名认证，进入业务系统"),
        _("转来的账号第一次登录后，还差实名认证这一步。完成后就可以进入高企认定、科小企评价等业务系统。"),
        (
            Section(
                "first",
                _("第一次登录"),
                (
                    Step(
                        _(
                            "第一次登录后，页面会列出转来了什么、没有转来什么、接下来做什么。请先阅读并同意用户服务协议和"
                            "个人信息保护告知书；原来的密码太简单的，会请您换一个。没做完可以离开，下次从“在线办事”继续。"
                        ),
                        "first-log-in",
                        _("第一次登录后的页面，列出转来的内容和接下来要做的事"),
                    ),
                ),
            ),
            Section(
                "verify",
                _("实名认证"),
                (
                    Step(
                        _(
                            "点击“在线办事——我的信息”。法人点击“修改法人信息”，自然人点击“修改个人信息”，"
                            "填写后点击“保存”，系统自动核验。"
                        ),
                        "profile",
                        _("我的信息页面，右上角显示认证状态"),
                    ),
                    Step(
                        _(
                            "右上角显示“已实名认证”就完成了。信息无误却没有通过的，按页面提示上传证件照片，由工作人员审核。"
                        )
                    ),
                ),
                (_PROFILE,),
            ),
            Section(
                "enter",
                _("进入业务系统"),
                (
                    Step(
                        _("点击“服务事项——按用户——法人单位”，找到高企认定或科小企评价，点击“办理入口”。"),
                        "services",
                        _("法人单位的服务事项，每一项都有办理入口"),
                    ),
                    Step(
                        _("第一次进入时，页面会说明业务系统将得到哪些信息、以谁的名义办理，点击“同意并继续”。"),
                        "consent",
                        _("同意提供信息的页面，写明接收方、用途和以谁的名义"),
                    ),
                ),
                (_SERVICES,),
            ),
            Section(
                "mandates",
                _("单位里不止一个人办理"),
                (
                    Step(
                        _(
                            "不要几个人共用单位的密码。用法人账号登录，打开“授权管理——授权他人办理”，"
                            "填写同事的姓名和手机号码，选择事项和期限；同事在“我的授权”里接受后，用自己的账号办理。"
                        ),
                        "offer",
                        _("授权他人办理页面"),
                    ),
                ),
                ((_("授权管理"), "mandates:given"), _HELD),
            ),
        ),
    ),
)
FIRST, *_OTHERS = PARTS
BELOW: Mapping[str, Part] = {part.slug: part for part in _OTHERS}
"""The pages below the first, by their slugs."""
