"""What the audit trail says about this room."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

PASSWORD_RESET = Name("recovery:password:reset", pgettext_lazy("audit event", "凭登录名重置密码"))
CONTACT_ASKED = Name("recovery:contact:asked", pgettext_lazy("audit event", "查询单位联系人"))
APPEAL_SUBMITTED = Name("recovery:appeal:submitted", pgettext_lazy("audit event", "提交申诉"))
APPEAL_FORGOTTEN = Name("recovery:appeal:forgotten", pgettext_lazy("audit event", "删除没有提交的申诉"))
HANDOVER_STARTED = Name("recovery:handover:started", pgettext_lazy("audit event", "申诉通过，等待异议"))
HANDOVER_STOPPED = Name("recovery:handover:stopped", pgettext_lazy("audit event", "有人阻止申诉生效"))
HANDOVER_EXPIRED = Name("recovery:handover:expired", pgettext_lazy("audit event", "申诉的链接过期未用"))
LINK_SENT = Name("recovery:link:sent", pgettext_lazy("audit event", "发送设置新密码的链接"))
PASSWORD_SET = Name("recovery:password:set", pgettext_lazy("audit event", "经申诉设置新密码"))
IDENTITY_RELEASED = Name("recovery:identity:released", pgettext_lazy("audit event", "经申诉解除冒用的身份绑定"))
