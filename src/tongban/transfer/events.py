"""What this room writes into the audit trail."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

PASSWORDS_RETIRED = Name("transfer:passwords:retired", _("清除到期的原平台密码"))
TERMS_ACCEPTED = Name("transfer:terms:accepted", _("转移账号同意服务协议和告知书"))
SEARCHED = Name("transfer:search:answered", _("检索转移账号"))
SEARCH_REFUSED = Name("transfer:search:refused", _("拒绝检索转移账号"))
ROWS_IMPORTED = Name("transfer:rows:imported", _("导入一段原平台账号"))
IMPORTED = Name("transfer:batch:imported", _("完成一个文件的账号转移"))
UNDONE = Name("transfer:batch:undone", _("撤销一个文件的账号转移"))
