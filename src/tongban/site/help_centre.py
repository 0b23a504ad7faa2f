"""帮助中心: the questions people ask, and their answers.

The first section holds the three questions of the guide the platform is built from; what the accounts section says
about kinds of account, taken names and renamed units follows the ministry's own answers (design/domain.md §1.1),
in our words. An answer that leads to a page which is not open yet says so, until the page exists.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.design import menus

RECOVERY = "recovery:forgotten"
_APPEAL_OF_PERSON = "recovery:appeal-natural"
_APPEAL_OF_UNIT = "recovery:appeal-legal"
_NOT_OPEN_YET = _("该功能尚未开放。开放之前请拨打技术咨询电话，由工作人员协助。")


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `leads_to` are pages, as label and url name; those that do not exist are not shown."""

    slug: str
    title: Promise
    paragraphs: tuple[Promise, ...]
    leads_to: tuple[tuple[Promise, str], ...] = ()
    needs: str = ""

    @property
    def answer(self) -> list[str]:
        """The paragraphs, and whether what they describe is open yet."""
        sentences = [str(paragraph) for paragraph in self.paragraphs]
        return sentences if not self.needs or menus.address(self.needs) else [*sentences, gettext(str(_NOT_OPEN_YET))]

    @property
    def text(self) -> str:
        """The answer as one text, for the search."""
        return " ".join(self.answer)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Labels and addresses of the pages the answer leads to, as far as they exist."""
        return [(str(label), url) for label, name in self.leads_to if (url := menus.address(name))]


@dataclass(frozen=True, slots=True)
class Section:
    """Questions of one subject."""

    slug: str
    title: Promise
    questions: tuple[Question, ...]


_PASSWORD = (_("忘记密码"), RECOVERY)
_PROFILE = (_("我的信息"), "proofing:profile")
_LOG_IN = (_("用户登录"), "accounts:log-in")
_REGISTER = (_("立即注册账号"), "accounts:register")
_LEGAL_SERVICES = (_("法人单位"), "catalogue:for-legal")

SECTIONS: tuple[Section, ...] = (
    Section(
        "most-asked",
        _("最常问到的问题"),
        (
            Question(
                "wrong-password",
                _("企业登录提示账号密码不正确怎么办？"),
                (
                    _("点击忘记密码，进行密码找回，可通过登录名找回密码或法人单位账号申诉找回。"),
                    _("请先确认用的是“法人登录”窗口：同一个登录名可以分别是自然人账号和法人账号，两者密码互不相干。"),
                ),
                (_PASSWORD, _LOG_IN),
                RECOVERY,
            ),
            Question(
                "where-to-enter",
                _("企业账号登录后，在哪里进入相关业务系统？"),
                (_("点击“服务事项——按用户——法人单位”找到相关业务，点击办理入口进入即可。"),),
                (_LEGAL_SERVICES,),
            ),
            Question(
                "verify-unit",
                _("法人用户如何进行实名认证？"),
                (
                    _("登录法人账号，点击“在线办事——我的信息”完善企业相关信息，进行实名认证。"),
                    _("需要填写三部分：法人单位基本信息、法人授权信息（经办人）、法定代表人信息。"),
                ),
                (_PROFILE,),
            ),
        ),
    ),
    Section(
        "accounts",
        _("账号"),
        (
            Question(
                "kinds-of-account",
                _("账号有哪几种？单位里的人应该用哪一种？"),
                (
                    _("只有自然人账号和法人账号两种。业务系统里的各种角色，是在这两种账号之上用授权来区分的。"),
                    _("代表单位本身办事，用法人账号。单位管理员和其他个人角色，都用本人的自然人账号。"),
                    _("地方管理部门使用的账号由主管单位统一开通，不能自行注册。"),
                ),
                (_REGISTER,),
            ),
            Question(
                "document-taken",
                _("提示“证件号码已被注册”怎么办？"),
                (
                    _("说明这个证件已经绑定在一个完成实名认证的账号上，您不需要再注册一个。"),
                    _("想不起登录名或密码的，从“用户登录——忘记密码”进入“自然人申诉找回密码”。"),
                ),
                ((_("自然人申诉找回密码"), _APPEAL_OF_PERSON),),
                _APPEAL_OF_PERSON,
            ),
            Question(
                "unit-name-taken",
                _("提示“单位名称已被注册”怎么办？"),
                (
                    _("请先在单位内部询问账号由谁保管，通常是办理过科技业务的部门。"),
                    _("确实无人知道的，从“用户登录——忘记密码”进入“单位法人用户申诉找回密码”。"),
                ),
                ((_("单位法人用户申诉找回密码"), _APPEAL_OF_UNIT),),
                _APPEAL_OF_UNIT,
            ),
            Question(
                "unit-renamed",
                _("统一社会信用代码已被注册，但登记的不是现在的单位名称怎么办？"),
                (
                    _("先核对代码有没有输错。代码无误的，多半是单位更过名，代码还绑定在原名称上。"),
                    _("请用新名称和统一社会信用代码申诉找回，并附上登记机关出具的名称变更证明。"),
                ),
                ((_("单位法人用户申诉找回密码"), _APPEAL_OF_UNIT),),
                _APPEAL_OF_UNIT,
            ),
            Question(
                "which-login-name",
                _("登录名可以怎么取？"),
                (
                    _("登录名不区分大小写，在自然人账号之间、法人账号之间分别不能重复。"),
                    _(
                        "用手机号码作登录名的，必须是您验证过的手机号码；用统一社会信用代码作登录名的，必须是本单位的代码。"
                    ),
                    _("以“HJ_”开头的登录名是为从火炬中心业务办理平台转来的账号保留的，不能自行注册。"),
                ),
                (_REGISTER,),
            ),
        ),
    ),
    Section(
        "transfer",
        _("火炬中心转来的账号"),
        (
            Question(
                "torch-account",
                _("原来在火炬中心业务办理平台的账号还能用吗？"),
                (
                    _(
                        "能。账号已经转到本平台，不需要重新注册。先在火炬中心的网站检索，看登录名、登录窗口和密码各是什么，再来登录。"
                    ),
                    _("每一种检索结果怎么办，在使用说明里有图有步骤。"),
                ),
                ((_("火炬中心账号转移使用说明"), "site:transfer-guide"),),
            ),
            Question(
                "torch-password",
                _("用原来的密码登录，提示登录名或密码错误怎么办？"),
                (
                    _(
                        "先核对登录窗口和登录名：企业一般用“法人登录”，有的账号登录名前加了“HJ_”，有的转成了经办人的自然人账号。"
                    ),
                    _("都对的，说明密码已经修改过，请点击“忘记密码”找回。"),
                ),
                (_PASSWORD,),
            ),
        ),
    ),
    Section(
        "verification",
        _("实名认证"),
        (
            Question(
                "verify-person",
                _("自然人如何进行实名认证？"),
                (
                    _(
                        "登录自然人账号，点击“在线办事——我的信息——修改个人信息”，填写姓名、证件类型和证件号码，点击“保存”。"
                    ),
                    _("系统自动核验。通过后，“我的信息”右上角显示“已实名认证”。"),
                ),
                (_PROFILE,),
            ),
            Question(
                "which-documents",
                _("可以使用哪些证件？"),
                (
                    _(
                        "居民身份证、港澳居民居住证、台湾居民居住证、外国人永久居留身份证（2017 版和 2023 版均可）、"
                        "港澳居民来往内地通行证、台湾居民来往大陆通行证、护照。"
                    ),
                ),
            ),
            Question(
                "does-not-match",
                _("提示信息不一致怎么办？"),
                (
                    _("先逐项核对：姓名中的间隔号“·”、生僻字，证件号码末位的 X，单位名称里的括号和“有限公司”全称。"),
                    _("新登记或刚变更的单位，登记信息要过一段时间才能查到，可以稍后再试。"),
                ),
                (_PROFILE,),
            ),
            Question(
                "check-pending",
                _("一直显示“核验中”是什么意思？"),
                (
                    _("核验服务暂时没有答复。您填写的内容已经保存，系统会自动重试，不需要重复提交。"),
                    _("有结果后会发送站内消息，“我的办件”里也能看到。"),
                ),
                ((_("我的办件"), "site:cases"),),
            ),
        ),
    ),
    Section(
        "services",
        _("办理事项"),
        (
            Question(
                "person-for-unit",
                _("个人可以办理高企认定、科小企评价吗？"),
                (
                    _("这两个事项只对单位开放。个人要代单位办理，须由单位账号授权，再以单位的名义进入。"),
                    _(
                        "请本单位保管法人账号的同事在“授权管理”里给您授权，您在“我的授权”里接受；"
                        "也可以由您提出申请，单位同意后生效。"
                    ),
                ),
                (_LEGAL_SERVICES,),
            ),
            Question(
                "give-mandate",
                _("单位怎样授权他人代为办理？怎样收回？"),
                (
                    _(
                        "登录法人账号，打开“在线办事——授权管理——授权他人办理”，填写对方的姓名和手机号码（或登录名），选择事项和期限。"
                    ),
                    _("对方须是已实名认证的自然人，接受后生效，最长一年。不要把单位的密码告诉任何人。"),
                    _("同事离职或换岗的，在“授权管理”里点击“收回授权”，立即生效，正在进行的登录一并失效。"),
                ),
            ),
            Question(
                "act-for-several",
                _("我代几家单位办理，怎样选择以哪一家的名义进入？"),
                (
                    _("从“办理入口”进入业务系统时，页面会请您选择；选择只对这一次进入有效。"),
                    _("进入后，页面上方始终显示“当前以某单位办理”。需要换一家的，退出业务系统后重新进入。"),
                ),
            ),
            Question(
                "no-entry",
                _("有的事项为什么没有办理入口？"),
                (_("没有入口的事项还没有接入本平台，只提供办事指南，指南里写明了到哪里办理。"),),
                ((_("办事指南"), "catalogue:guides"),),
            ),
        ),
    ),
    Section(
        "using",
        _("使用网站"),
        (
            Question(
                "no-text-message",
                _("收不到短信验证码怎么办？"),
                (
                    _("请检查手机号码是否正确、短信是否被拦截；按钮恢复后可以重新获取，只有最后一次收到的有效。"),
                    _("为了防止骚扰，同一号码短时间内能收到的条数有限，超过后请按提示的时间再试。"),
                    _("工作人员不会向您索要验证码，请不要告诉任何人。"),
                ),
            ),
            Question(
                "signed-out",
                _("为什么过一会儿就退出登录了？"),
                (
                    _("为了保护您的账号，一段时间没有操作会自动退出，退出前两分钟页面会提醒。"),
                    _("提醒时点“继续”即可；已经退出的，在新窗口登录后回到原页面，填写的内容还在。"),
                ),
            ),
            Question(
                "larger-text",
                _("字太小，看不清怎么办？"),
                (
                    _("点页面最上方的“长者模式”，文字和按钮都会变大，首页也更简洁；再点一次可以退出。"),
                    _("也可以用浏览器放大页面，本站放大到 200% 仍能正常使用。"),
                ),
                ((_("无障碍声明"), "site:accessibility"),),
            ),
        ),
    ),
)


def questions() -> Iterator[Question]:
    """Every question, in the order of the page."""
    for section in SECTIONS:
        yield from section.questions
