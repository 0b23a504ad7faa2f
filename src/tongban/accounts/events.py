"""What the audit trail says about this room."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

REGISTERED = Name("accounts:account:registered", _("注册账号"))
LOGGED_IN = Name("accounts:session:logged_in", _("登录"))
LOG_IN_REFUSED = Name("accounts:session:log_in_refused", _("登录未通过"))
LOGGED_OUT = Name("accounts:session:logged_out", _("退出登录"))
SESSIONS_ENDED = Name("accounts:session:ended", _("结束登录状态"))
PASSWORD_CHANGED = Name("accounts:password:changed", _("修改密码"))
PASSWORD_REFUSED = Name("accounts:password:refused", _("当前密码未通过"))
PHONE_CHANGED = Name("accounts:phone:changed", _("更换手机号码"))
IDENTITY_BOUND = Name("accounts:identity:bound", _("绑定身份"))
IDENTITY_RELEASED = Name("accounts:identity:released", _("解除身份绑定"))
CLAIM_RELEASED = Name("accounts:claim:released", _("释放未核验的单位信息"))
STAFF_CREATED = Name("accounts:staff:created", _("开设工作人员账号"))
STAFF_INVITED = Name("accounts:staff:invited", _("给工作人员一次性链接"))
STAFF_PASSWORD_ACCEPTED = Name("accounts:staff:password_accepted", _("工作人员密码通过，等待动态验证码"))
STAFF_LOGGED_IN = Name("accounts:staff:logged_in", _("工作人员登录"))
SECOND_FACTOR_REFUSED = Name("accounts:staff:second_factor_refused", _("动态验证码未通过"))
FACTOR_ENROLLED = Name("accounts:staff:factor_enrolled", _("绑定动态验证码"))
ROLE_GRANTED = Name("accounts:staff:role_granted", _("授予角色"))
ROLE_ENDED = Name("accounts:staff:role_ended", _("终止角色"))
RESET_REQUESTED = Name("accounts:staff:reset_requested", _("申请重置工作人员的登录凭证"))
RESET_APPROVED = Name("accounts:staff:reset_approved", _("同意重置工作人员的登录凭证"))
RESET_DECLINED = Name("accounts:staff:reset_declined", _("不同意重置工作人员的登录凭证"))
ACCOUNT_LOOKED_UP = Name("accounts:account:looked_up", _("运维人员查找账号"))
SUSPENDED = Name("accounts:account:suspended", _("暂停使用账号"))
SUSPENSION_LIFTED = Name("accounts:account:suspension_lifted", _("恢复使用账号"))
LOG_IN_WHILE_SUSPENDED = Name("accounts:session:suspended", _("暂停使用期间登录"))
NOT_ME = Name("accounts:account:not_me", _("账号主人表示不是本人操作"))
NEW_DEVICE = Name("accounts:session:new_device", _("在新设备登录"))
