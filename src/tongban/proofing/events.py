"""What this room writes into the audit log."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

SUBMITTED = Name("proofing:verification:submitted", _("提交实名认证"))
WAITING = Name("proofing:verification:waiting", _("核验机构暂时没有答复"))
VERIFIED = Name("proofing:verification:verified", _("实名认证通过"))
MISMATCHED = Name("proofing:verification:mismatched", _("实名认证信息不一致"))
NOT_ON_RECORD = Name("proofing:verification:not_on_record", _("核验机构没有记录"))
WITHOUT_AUTHORITY = Name("proofing:verification:without_authority", _("没有可核验的机构"))
CONFLICTED = Name("proofing:verification:conflicted", _("证件或代码已被其他账号认证"))
SUPERSEDED = Name("proofing:verification:superseded", _("实名认证被新的提交取代"))
WITHDRAWN = Name("proofing:verification:withdrawn", _("撤回实名认证"))
CONSENTED = Name("proofing:consent:given", _("同意处理敏感个人信息"))
FORGOTTEN = Name("proofing:entries:forgotten", _("删除到期的认证填写内容"))
EVIDENCE_CONSENTED = Name("proofing:consent:given_for_pictures", _("同意处理证件和证明材料图片"))
SENT_TO_REVIEW = Name("proofing:verification:sent_to_review", _("提交人工审核"))
CORRECTED = Name("proofing:entries:corrected", _("更正办件中填写的内容"))
REVIEWED = Name("proofing:verification:reviewed", _("实名认证经人工审核通过"))
REVIEW_REJECTED = Name("proofing:verification:review_rejected", _("实名认证未通过人工审核"))
REGISTER_IMPORTED = Name("proofing:register:imported", _("导入登记信息"))
AUTHORITY_SWITCHED = Name("proofing:authority:switched", _("切换演练核验机构的可用状态"))
