"""Names of the room's audit events."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

KEY_ROTATED = Name("vault:key:rotated", _("新增一把密钥，到时启用"))
KEY_RETIRED = Name("vault:key:retired", _("从密钥环中移除一把不再使用的密钥"))
REENCRYPTED = Name("vault:data:reencrypted", _("已用当前密钥重新加密全部数据"))
ROW_DAMAGED = Name("vault:row:damaged", _("一条密文无法打开：被改动、被移动或缺少密钥"))
INDEX_CONFLICT = Name("vault:row:index_conflict", _("更新索引时发现两行登记了同一个值"))
ERASED = Name("vault:row:erased", _("抹除一行中的加密字段"))
