"""What this room writes into the audit trail."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

CLIENT_REGISTERED = Name("sso:client:registered", pgettext_lazy("audit event", "登记业务系统"))
CLIENT_CLOSED = Name("sso:client:closed", pgettext_lazy("audit event", "停用业务系统"))
SECRET_REPLACED = Name("sso:client:secret_replaced", pgettext_lazy("audit event", "更换业务系统密钥"))
ADDRESSES_CHANGED = Name("sso:client:addresses_changed", pgettext_lazy("audit event", "更换业务系统的地址"))
TRANSLATIONS_CHANGED = Name(
    "sso:client:translations_changed", pgettext_lazy("audit event", "更换业务系统名称和用途的译文")
)
KEY_CREATED = Name("sso:signing_key:created", pgettext_lazy("audit event", "生成签名密钥"))
CONSENT_GIVEN = Name("sso:consent:given", pgettext_lazy("audit event", "同意向业务系统提供信息"))
CONSENT_REFUSED = Name("sso:consent:refused", pgettext_lazy("audit event", "拒绝向业务系统提供信息"))
CONSENT_WITHDRAWN = Name("sso:consent:withdrawn", pgettext_lazy("audit event", "撤回向业务系统提供信息的同意"))
ENTERED = Name("sso:client:entered", pgettext_lazy("audit event", "进入业务系统"))
CODE_REFUSED = Name("sso:code:refused", pgettext_lazy("audit event", "拒绝授权码"))
CODE_REPLAYED = Name("sso:code:replayed", pgettext_lazy("audit event", "授权码被重复使用"))
CLIENT_TOKEN_ISSUED = Name("sso:client_token:issued", pgettext_lazy("audit event", "业务系统以自己的名义取得令牌"))
CLIENT_TOKEN_REFUSED = Name(
    "sso:client_token:refused", pgettext_lazy("audit event", "拒绝业务系统以自己的名义取得令牌")
)
ACCESS_ENDED = Name("sso:access:ended", pgettext_lazy("audit event", "终止业务系统的访问令牌"))
