"""What the audit trail says about this room."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

SMS_FAILED = Name("notify:sms:failed", _("短信未能送出"))
SMS_UNDELIVERED = Name("notify:sms:undelivered", _("短信已交运营商，但未能送达"))
SMS_UNCERTAIN = Name("notify:sms:outcome_unknown", _("短信是否送出不明，未再重发"))
