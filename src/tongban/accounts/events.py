"""What the audit trail says about this room."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

REGISTERED = Name("accounts:account:registered", pgettext_lazy("audit event", "注册账号"))
LOGGED_IN = Name("accounts:session:logged_in", pgettext_lazy("audit event", "登录"))
WEAK_PASSWORD_ACCEPTED = Name(
    "accounts:session:weak_password_accepted", pgettext_lazy("audit event", "原密码通过，须先换成新密码")
)
LOG_IN_REFUSED = Name("accounts:session:log_in_refused", pgettext_lazy("audit event", "登录未通过"))
LOGGED_OUT = Name("accounts:session:logged_out", pgettext_lazy("audit event", "退出登录"))
SESSIONS_ENDED = Name("accounts:session:ended", pgettext_lazy("audit event", "结束登录状态"))
PASSWORD_CHANGED = Name("accounts:password:changed", pgettext_lazy("audit event", "修改密码"))
PASSWORD_REFUSED = Name("accounts:password:refused", pgettext_lazy("audit event", "当前密码未通过"))
PASSWORD_DISABLED = Name("accounts:password:disabled", pgettext_lazy("audit event", "密码停止在陌生设备上使用"))
PHONE_CHANGED = Name("accounts:phone:changed", pgettext_lazy("audit event", "更换手机号码"))
PHONE_PROVED = Name("accounts:phone:proved", pgettext_lazy("audit event", "证明转来账号的手机号码"))
IDENTITY_BOUND = Name("accounts:identity:bound", pgettext_lazy("audit event", "绑定身份"))
IDENTITY_RELEASED = Name("accounts:identity:released", pgettext_lazy("audit event", "解除身份绑定"))
CLAIM_RELEASED = Name("accounts:claim:released", pgettext_lazy("audit event", "释放未核验的单位信息"))
STAFF_CREATED = Name("accounts:staff:created", pgettext_lazy("audit event", "开设工作人员账号"))
STAFF_INVITED = Name("accounts:staff:invited", pgettext_lazy("audit event", "给工作人员一次性链接"))
STAFF_PASSWORD_ACCEPTED = Name(
    "accounts:staff:password_accepted", pgettext_lazy("audit event", "工作人员密码通过，等待第二重验证")
)
STAFF_LOGGED_IN = Name("accounts:staff:logged_in", pgettext_lazy("audit event", "工作人员登录"))
SECOND_FACTOR_REFUSED = Name("accounts:staff:second_factor_refused", pgettext_lazy("audit event", "第二重验证未通过"))
SECOND_FACTOR_CONFIRMED = Name(
    "accounts:staff:second_factor_confirmed", pgettext_lazy("audit event", "办理重要事项前再次验证")
)
FACTOR_ENROLLED = Name("accounts:staff:factor_enrolled", pgettext_lazy("audit event", "绑定动态验证码"))
PASSKEY_ADDED = Name("accounts:staff:passkey_added", pgettext_lazy("audit event", "添加通行密钥"))
PASSKEY_REMOVED = Name("accounts:staff:passkey_removed", pgettext_lazy("audit event", "移除通行密钥"))
ROLE_GRANTED = Name("accounts:staff:role_granted", pgettext_lazy("audit event", "授予角色"))
ROLE_ENDED = Name("accounts:staff:role_ended", pgettext_lazy("audit event", "终止角色"))
RESET_REQUESTED = Name("accounts:staff:reset_requested", pgettext_lazy("audit event", "申请重置工作人员的登录凭证"))
RESET_APPROVED = Name("accounts:staff:reset_approved", pgettext_lazy("audit event", "同意重置工作人员的登录凭证"))
RESET_DECLINED = Name("accounts:staff:reset_declined", pgettext_lazy("audit event", "不同意重置工作人员的登录凭证"))
ACCOUNT_LOOKED_UP = Name("accounts:account:looked_up", pgettext_lazy("audit event", "运维人员查找账号"))
SUSPENDED = Name("accounts:account:suspended", pgettext_lazy("audit event", "暂停使用账号"))
SUSPENSION_LIFTED = Name("accounts:account:suspension_lifted", pgettext_lazy("audit event", "恢复使用账号"))
LOG_IN_WHILE_SUSPENDED = Name("accounts:session:suspended", pgettext_lazy("audit event", "暂停使用期间登录"))
NOT_ME = Name("accounts:account:not_me", pgettext_lazy("audit event", "账号主人表示不是本人操作"))
NEW_DEVICE = Name("accounts:session:new_device", pgettext_lazy("audit event", "在新设备登录"))
