"""Names of the room's audit events."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

KEY_ROTATED = Name("vault:key:rotated", pgettext_lazy("audit event", "新增一把密钥，到时启用"))
KEY_RETIRED = Name("vault:key:retired", pgettext_lazy("audit event", "从密钥环中移除一把不再使用的密钥"))
REENCRYPTED = Name("vault:data:reencrypted", pgettext_lazy("audit event", "已用当前密钥重新加密全部数据"))
ROW_DAMAGED = Name("vault:row:damaged", pgettext_lazy("audit event", "一条密文无法打开：被改动、被移动或缺少密钥"))
INDEX_CONFLICT = Name("vault:row:index_conflict", pgettext_lazy("audit event", "更新索引时发现两行登记了同一个值"))
ERASED = Name("vault:row:erased", pgettext_lazy("audit event", "抹除一行中的加密字段"))
EVIDENCE_RECEIVED = Name("vault:evidence:received", pgettext_lazy("audit event", "收到证明材料图片"))
EVIDENCE_READY = Name("vault:evidence:ready", pgettext_lazy("audit event", "证明材料图片已重新编码并去除附加信息"))
EVIDENCE_REFUSED = Name("vault:evidence:refused", pgettext_lazy("audit event", "证明材料图片无法读取，未予采用"))
EVIDENCE_OPENED = Name("vault:evidence:opened", pgettext_lazy("audit event", "打开证明材料图片"))
EVIDENCE_FROZEN = Name("vault:evidence:frozen", pgettext_lazy("audit event", "证明材料图片随办件固定"))
EVIDENCE_ERASED = Name("vault:evidence:erased", pgettext_lazy("audit event", "抹除证明材料图片"))
