"""Every message the platform writes to people, in one table. `docs/messages.md` lists them row by row; a test compares.

Blanks are `%(name)s`. SMS are short: a vendor charges per 70 characters. No message holds a link that signs anybody
in, a full name or a document number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.notify.errors import ParamsMismatch, UnknownTemplate

_BLANK = re.compile(r"%\((\w+)\)s")
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Template:
    """One message: what it says as an SMS, and as a message on the platform (`title`, `body`). Empty: not there."""

    name: str
    sms: Text = ""
    title: Text = ""
    body: Text = ""

    def blanks(self, channel: str) -> set[str]:
        """Return the names of the blanks in the texts of `channel` (`"sms"` or `"message"`)."""
        return set(_BLANK.findall("".join(str(text) for text in self._texts(channel))))

    def check(self, channel: str, params: Mapping[str, object]) -> None:
        """Raise `UnknownTemplate` when there is no text for `channel`, `ParamsMismatch` when `params` do not fit it."""
        if not any(str(text) for text in self._texts(channel)):
            raise UnknownTemplate(template=self.name, channel=channel)
        blanks = self.blanks(channel)
        if blanks != params.keys():
            missing, unknown = sorted(blanks - params.keys()), sorted(params.keys() - blanks)
            raise ParamsMismatch(template=self.name, missing=missing, unknown=unknown)

    def _texts(self, channel: str) -> tuple[Text, ...]:
        return (self.sms,) if channel == "sms" else (self.title, self.body)


def template(name: str) -> Template:
    """Return the template called `name`; raises `UnknownTemplate`."""
    try:
        return TEMPLATES[name]
    except KeyError:
        raise UnknownTemplate(template=name) from None


_CODES = (
    Template("register", sms=_("验证码%(code)s，您正在注册账号，%(minutes)s分钟内有效。请勿告知他人。")),
    Template(
        "change_phone_old",
        sms=_("验证码%(code)s，您正在更换手机号码，%(minutes)s分钟内有效。非本人操作请立即修改密码。"),
    ),
    Template("change_phone_new", sms=_("验证码%(code)s，您正在绑定本手机号码，%(minutes)s分钟内有效。请勿告知他人。")),
    Template(
        "reset_password", sms=_("验证码%(code)s，您正在重置密码，%(minutes)s分钟内有效。非本人操作请忽略，勿告知他人。")
    ),
    Template("appeal", sms=_("验证码%(code)s，您正在申诉找回密码，%(minutes)s分钟内有效。请勿告知他人。")),
    Template("appeal_status", sms=_("验证码%(code)s，您正在查询申诉进度，%(minutes)s分钟内有效。请勿告知他人。")),
    Template("search", sms=_("验证码%(code)s，您正在检索账号，%(minutes)s分钟内有效。请勿告知他人。")),
    Template("prove_phone", sms=_("验证码%(code)s，您正在验证手机号码，%(minutes)s分钟内有效。请勿告知他人。")),
)
_NOTICES = (
    Template(
        "password_changed",
        sms=_("您的账号密码已修改。不是您？请打开 %(link)s 退出全部设备，重置密码。"),
        title=_("密码已修改"),
        body=_("您的账号密码已修改，其他设备已退出登录。如果不是您本人操作，请立即通过“忘记密码”重置密码。"),
    ),
    Template(
        "password_reset",
        sms=_("您的账号密码已于%(time)s重置，所有设备已退出登录。不是您？请立即到平台“忘记密码”申诉。"),
        title=_("密码已重置"),
        body=_(
            "您的账号密码已于%(time)s凭登录名和手机验证码或经申诉重置，所有设备和业务系统已退出登录。"
            "如果不是您本人操作，请立即到“忘记密码”申诉，或者拨打技术咨询电话。"
        ),
    ),
    Template(
        "password_disabled",
        sms=_("您的密码连续输错过多，已在陌生设备上停用。常用设备可照常登录；用“忘记密码”重置后恢复。"),
        title=_("密码在陌生设备上已停用"),
        body=_(
            "有人连续多次输错您账号的密码，这个密码已停止在陌生设备上使用。您用过的设备可以照常登录。"
            "修改密码，或者用“忘记密码”重置密码以后，所有设备恢复使用。"
        ),
    ),
    Template(
        "appeal_approved",
        sms=_("有人申诉找回您的账号，%(time)s后可设新密码。不是您？请点 %(link)s 阻止。"),
        title=_("有人申诉找回您的账号"),
        body=_(
            "有人提交证件申诉找回您的账号，已经审核通过，%(time)s后可以设置新密码。"
            "如果不是您本人或贵单位办理的，请立即打开 %(link)s 阻止。"
        ),
    ),
    Template(
        "appeal_link",
        sms=_("您的申诉已生效。请在%(hours)s小时内打开 %(link)s 设置新密码，勿转发他人。"),
    ),
    Template(
        "identity_released",
        sms=_("经审核，您账号上的实名认证已解除。有异议请登录平台查看消息。"),
        title=_("实名认证已解除"),
        body=_(
            "有人提交证件申诉，经两名审核员审核，您账号绑定的证件或单位不属于您，实名认证已解除。"
            "有异议的，请携带证件联系主办单位，或者拨打技术咨询电话。"
        ),
    ),
    Template(
        "contact_asked",
        sms=_("有人在查询%(unit)s账号的联系人，您是登记的联系人。如有同事询问，请核实身份后协助。"),
    ),
    Template(
        "phone_changed",
        sms=_("您账号的手机号码已更换为%(phone)s。非本人操作请通过申诉找回账号。"),
        title=_("手机号码已更换"),
        body=_("您账号的手机号码已更换为%(phone)s。如果不是您本人操作，请立即修改密码，并通过申诉找回账号。"),
    ),
    Template(
        "account_suspended",
        sms=_("您的账号已被暂停使用。用密码登录可以看到理由，以及怎样提出异议。"),
        title=_("账号已暂停使用"),
        body=_("您的账号曾被暂停使用，所有设备和业务系统已退出登录。理由在登录时可以看到。"),
    ),
    Template(
        "account_restored",
        sms=_("您的账号已恢复使用，可以照常登录。"),
        title=_("账号已恢复使用"),
        body=_("您的账号已恢复使用。"),
    ),
    Template(
        "staff_reset",
        title=_("登录凭证已重置"),
        body=_("两位运维人员重置了您的一项登录凭证，所有设备已退出登录。如果不是您要求的，请立即告诉安全负责人。"),
    ),
    Template(
        "passkey_added",
        title=_("已添加通行密钥"),
        body=_("您的账号于%(time)s添加了一个通行密钥，可以用它登录。如果不是您本人操作，请立即告诉两位运维人员。"),
    ),
    Template(
        "passkey_removed",
        title=_("已移除通行密钥"),
        body=_("您的账号于%(time)s移除了一个通行密钥。如果不是您本人操作，请立即告诉两位运维人员。"),
    ),
    Template(
        "app_added",
        title=_("已绑定动态验证码"),
        body=_("您的账号于%(time)s绑定了一个验证器应用。如果不是您本人操作，请立即告诉两位运维人员。"),
    ),
    Template(
        "phone_replaced",
        sms=_("您账号的手机已换为%(phone)s。不是您？请打开 %(link)s 退出全部设备。"),
    ),
    Template(
        "new_device",
        sms=_("您的账号%(time)s在新设备登录。不是您？请打开 %(link)s 退出全部设备。"),
        title=_("在新设备登录"),
        body=_(
            "您的账号于%(time)s在一台新设备（%(device)s）上登录。如果不是您本人，请在“账号安全”退出其他设备，并修改密码。"
        ),
    ),
    Template(
        "verified",
        sms=_("您的账号已通过实名认证，可以登录平台办理服务事项。"),
        title=_("已通过实名认证"),
        body=_("您填写的信息已核验一致，账号已通过实名认证，现在可以办理服务事项。"),
    ),
    Template(
        "verification_mismatch",
        sms=_("您的实名认证未通过：所填信息与登记信息不一致。请登录平台核对后重新提交。"),
        title=_("实名认证未通过"),
        body=_("您填写的信息与登记信息不一致。请在“我的信息”中核对每一项，改正后重新保存。"),
    ),
    Template(
        "verification_no_record",
        sms=_("您的实名认证未完成：登记信息中查不到对应记录。请登录平台查看下一步。"),
        title=_("实名认证未完成"),
        body=_("登记信息中查不到与您填写的信息对应的记录。请在“我的信息”中查看下一步怎么办。"),
    ),
    Template(
        "verification_no_authority",
        sms=_("您的实名认证未完成：所填证件或单位类型暂时无法自动核验。请登录平台查看说明。"),
        title=_("实名认证未完成"),
        body=_("您填写的证件或单位类型暂时无法自动核验。请在“我的信息”中查看说明。"),
    ),
    Template(
        "verification_conflict",
        sms=_("您的实名认证未通过：所填证件或单位已由另一个账号认证。请登录平台查看说明。"),
        title=_("实名认证未通过"),
        body=_("您填写的证件或单位已由另一个账号完成实名认证。请在“我的信息”中查看说明。"),
    ),
    Template(
        "claim_released",
        title=_("填写的身份信息已被释放"),
        body=_(
            "您填写过但尚未核验的%(what)s，已由其权利人完成实名认证，因此不再与您的账号关联。如有疑问，请通过申诉提出。"
        ),
    ),
)
_CASES = (
    Template(
        "case_submitted",
        sms=_("您的办件%(number)s已提交，预计%(due)s前办结。请保存编号。"),
        title=_("办件已提交"),
        body=_("您的办件%(number)s（%(kind)s）已提交，预计%(due)s前办结。可在“我的办件”中查看进度。"),
    ),
    Template(
        "case_returned",
        sms=_("您的办件%(number)s需要补正。请在%(due)s前到平台查看原因并重新提交。"),
        title=_("办件需要补正"),
        body=_("您的办件%(number)s（%(kind)s）需要补正：%(text)s 请在%(due)s前重新提交。"),
    ),
    Template(
        "case_approved",
        sms=_("您的办件%(number)s已审核通过。"),
        title=_("办件已通过"),
        body=_("您的办件%(number)s（%(kind)s）已审核通过。%(text)s"),
    ),
    Template(
        "case_rejected",
        sms=_("您的办件%(number)s未通过审核。原因和下一步请到平台查看。"),
        title=_("办件未通过"),
        body=_("您的办件%(number)s（%(kind)s）未通过审核：%(text)s"),
    ),
    Template(
        "case_cancelled",
        sms=_("您的办件%(number)s已撤回，不再审核。需要时可以重新提交。"),
        title=_("办件已撤回"),
        body=_("您的办件%(number)s（%(kind)s）已撤回，不再审核。需要时可以重新提交。"),
    ),
    Template(
        "case_lapsed",
        sms=_("您的办件%(number)s逾期未补正，已自动结束。需要时可以重新提交。"),
        title=_("办件已自动结束"),
        body=_("您的办件%(number)s（%(kind)s）逾期未补正，已自动结束。需要时可以重新提交。"),
    ),
    Template(
        "case_replaced",
        sms=_("您重新提交了认证信息，原来的办件%(number)s不再审核。"),
        title=_("原来的办件不再审核"),
        body=_("您重新提交了认证信息，原来的办件%(number)s（%(kind)s）不再审核。"),
    ),
    Template(
        "case_reopened",
        sms=_("您的办件%(number)s将重新审核，预计%(due)s前办结。"),
        title=_("办件将重新审核"),
        body=_("您的办件%(number)s（%(kind)s）将由高级审核员重新审核，预计%(due)s前办结。"),
    ),
    Template(
        "desk_due_soon",
        title=_("办件即将到期"),
        body=_("有%(count)s件办件应在%(due)s前办结，请及时处理。"),
    ),
    Template(
        "desk_unstaffed",
        title=_("办件没有审核员可以办理"),
        body=_(
            "办件%(number)s现有的审核员都不能办理：参与过原决定、提出过意见、已回避，或者不具备岗位。"
            "请再任命一名%(role)s（命令行 tongban staff create 或 tongban staff grant），任命后即可领取。"
        ),
    ),
    Template(
        "desk_overdue",
        title=_("办件已超期"),
        body=_("有%(count)s件办件已超过办理期限，请尽快安排处理。"),
    ),
)
_MANDATES = (
    Template(
        "mandate_offered",
        sms=_("%(unit)s请您代其办理业务，请登录平台，在“我的授权”中接受或拒绝。"),
        title=_("收到一份授权"),
        body=_(
            "%(unit)s请您代其办理：%(services)s，有效期至%(until)s。请到“我的授权”接受或者拒绝。"
            "不了解这家单位的，请不要接受。"
        ),
    ),
    Template(
        "mandate_accepted",
        title=_("授权已生效"),
        body=_("%(person)s接受了授权，可以代本单位办理：%(services)s，有效期至%(until)s。可在“授权管理”中随时收回。"),
    ),
    Template(
        "mandate_declined",
        title=_("授权没有被接受"),
        body=_("%(person)s没有接受授权：%(services)s。请与本人联系后再授权。"),
    ),
    Template(
        "mandate_requested",
        sms=_("有人申请代%(unit)s办理业务，请登录平台，在“授权管理”中决定。"),
        title=_("有人申请代本单位办理业务"),
        body=_("%(person)s申请代本单位办理：%(services)s。请到“授权管理”核实后决定。不认识的人，请不要同意。"),
    ),
    Template(
        "mandate_approved",
        sms=_("%(unit)s已同意您代其办理业务，有效期至%(until)s。"),
        title=_("授权申请已同意"),
        body=_("%(unit)s同意您代其办理：%(services)s，有效期至%(until)s。现在可以从“服务事项”进入。"),
    ),
    Template(
        "mandate_refused",
        title=_("授权申请没有同意"),
        body=_("%(unit)s没有同意您代其办理：%(services)s。请与单位保管法人账号的同事联系。"),
    ),
    Template(
        "mandate_granted",
        sms=_("您可以代%(unit)s办理业务，有效期至%(until)s，详见“我的授权”。"),
        title=_("已获得单位的授权"),
        body=_(
            "您的账号由火炬中心业务办理平台转来，可以代%(unit)s办理：%(services)s，有效期至%(until)s。"
            "单位可以随时收回。"
        ),
    ),
    Template(
        "mandate_granted_unit",
        sms=_("%(person)s因账号转移可代本单位办理业务。不同意的，请登录平台，在“授权管理”中收回。"),
        title=_("有人因账号转移获得授权"),
        body=_(
            "%(person)s持有本单位在火炬中心业务办理平台的账号，现在可以代本单位办理：%(services)s，有效期至%(until)s。"
            "不同意的，请到“授权管理”收回。"
        ),
    ),
    Template(
        "mandate_ended_by_unit",
        sms=_("%(unit)s已收回您代其办理业务的授权，详见“我的授权”。"),
        title=_("授权已收回"),
        body=_("%(unit)s已收回授权，您不再代其办理：%(services)s。"),
    ),
    Template(
        "mandate_ended_by_holder",
        title=_("授权已由本人结束"),
        body=_("%(person)s结束了授权，不再代本单位办理：%(services)s。"),
    ),
    Template(
        "mandate_ending",
        sms=_("您代%(unit)s办理业务的授权%(until)s到期。还需要的，请联系单位重新授权。"),
        title=_("授权即将到期"),
        body=_("您代%(unit)s办理%(services)s的授权将于%(until)s到期。还需要的，请联系单位重新授权。"),
    ),
    Template(
        "mandate_ending_unit",
        title=_("授权即将到期"),
        body=_("%(person)s代本单位办理%(services)s的授权将于%(until)s到期。还需要的，请到“授权管理”重新授权。"),
    ),
    Template(
        "mandate_expired",
        title=_("授权已到期"),
        body=_("您代%(unit)s办理%(services)s的授权已到期。"),
    ),
    Template(
        "mandate_expired_unit",
        title=_("授权已到期"),
        body=_("%(person)s代本单位办理%(services)s的授权已到期。"),
    ),
    Template(
        "mandate_lapsed_offer",
        title=_("授权没有答复"),
        body=_("给%(person)s的授权（%(services)s）过期没有被接受。还需要的，请核对姓名和联系方式后重新授权。"),
    ),
    Template(
        "mandate_lapsed_request",
        title=_("授权申请没有答复"),
        body=_("您申请代%(unit)s办理%(services)s，过期没有答复。还需要的，请先与单位联系。"),
    ),
    Template(
        "mandate_lost",
        sms=_("您代%(unit)s办理业务的授权因实名认证变更已结束，详见“我的授权”。"),
        title=_("授权因实名认证变更结束"),
        body=_("因为单位或您本人的实名认证已变更或解除，您代%(unit)s办理%(services)s的授权已结束。"),
    ),
    Template(
        "mandate_lost_unit",
        title=_("授权因实名认证变更结束"),
        body=_("因为本单位或%(person)s的实名认证已变更或解除，代本单位办理%(services)s的授权已结束。"),
    ),
)
TEMPLATES: Mapping[str, Template] = {template.name: template for template in (*_CODES, *_NOTICES, *_CASES, *_MANDATES)}
