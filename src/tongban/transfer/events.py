"""What this room writes into the audit trail."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

PASSWORDS_RETIRED = Name("transfer:passwords:retired", pgettext_lazy("audit event", "清除到期的原平台密码"))
TERMS_ACCEPTED = Name("transfer:terms:accepted", pgettext_lazy("audit event", "转移账号同意服务协议和告知书"))
SEARCHED = Name("transfer:search:answered", pgettext_lazy("audit event", "检索转移账号"))
SEARCH_REFUSED = Name("transfer:search:refused", pgettext_lazy("audit event", "拒绝检索转移账号"))
ROWS_IMPORTED = Name("transfer:rows:imported", pgettext_lazy("audit event", "导入一段原平台账号"))
IMPORTED = Name("transfer:batch:imported", pgettext_lazy("audit event", "完成一个文件的账号转移"))
UNDONE = Name("transfer:batch:undone", pgettext_lazy("audit event", "撤销一个文件的账号转移"))
