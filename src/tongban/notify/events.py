"""What the audit trail says about this room."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

SMS_FAILED = Name("notify:sms:failed", pgettext_lazy("audit event", "短信未能送出"))
SMS_UNDELIVERED = Name("notify:sms:undelivered", pgettext_lazy("audit event", "短信已交运营商，但未能送达"))
SMS_UNCERTAIN = Name("notify:sms:outcome_unknown", pgettext_lazy("audit event", "短信是否送出不明，未再重发"))
