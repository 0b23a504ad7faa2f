"""What this room writes into the audit log."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

SUBMITTED = Name("proofing:verification:submitted", pgettext_lazy("audit event", "提交实名认证"))
WAITING = Name("proofing:verification:waiting", pgettext_lazy("audit event", "核验机构暂时没有答复"))
VERIFIED = Name("proofing:verification:verified", pgettext_lazy("audit event", "实名认证通过"))
MISMATCHED = Name("proofing:verification:mismatched", pgettext_lazy("audit event", "实名认证信息不一致"))
NOT_ON_RECORD = Name("proofing:verification:not_on_record", pgettext_lazy("audit event", "核验机构没有记录"))
WITHOUT_AUTHORITY = Name("proofing:verification:without_authority", pgettext_lazy("audit event", "没有可核验的机构"))
CONFLICTED = Name("proofing:verification:conflicted", pgettext_lazy("audit event", "证件或代码已被其他账号认证"))
SUPERSEDED = Name("proofing:verification:superseded", pgettext_lazy("audit event", "实名认证被新的提交取代"))
WITHDRAWN = Name("proofing:verification:withdrawn", pgettext_lazy("audit event", "撤回实名认证"))
CONSENTED = Name("proofing:consent:given", pgettext_lazy("audit event", "同意处理敏感个人信息"))
FORGOTTEN = Name("proofing:entries:forgotten", pgettext_lazy("audit event", "删除到期的认证填写内容"))
EVIDENCE_CONSENTED = Name(
    "proofing:consent:given_for_pictures", pgettext_lazy("audit event", "同意处理证件和证明材料图片")
)
SENT_TO_REVIEW = Name("proofing:verification:sent_to_review", pgettext_lazy("audit event", "提交人工审核"))
CORRECTED = Name("proofing:entries:corrected", pgettext_lazy("audit event", "更正办件中填写的内容"))
REVIEWED = Name("proofing:verification:reviewed", pgettext_lazy("audit event", "实名认证经人工审核通过"))
REVIEW_REJECTED = Name("proofing:verification:review_rejected", pgettext_lazy("audit event", "实名认证未通过人工审核"))
REGISTER_IMPORTED = Name("proofing:register:imported", pgettext_lazy("audit event", "导入登记信息"))
AUTHORITY_SWITCHED = Name("proofing:authority:switched", pgettext_lazy("audit event", "切换演练核验机构的可用状态"))
