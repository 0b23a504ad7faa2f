"""What realms, roles and resets are called at the desk."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tongban.accounts.rules import InvitationKind, Realm, Role
from tongban.design.labels import Text

REALMS: Mapping[Realm, Text] = {Realm.NATURAL: _("自然人"), Realm.LEGAL: _("法人"), Realm.STAFF: _("工作人员")}
ROLES: Mapping[Role, Text] = {
    Role.REVIEWER: _("审核员"),
    Role.SENIOR_REVIEWER: _("高级审核员"),
    Role.AUDITOR: _("审计员"),
    Role.OPERATOR: _("运维人员"),
}
RESETS: Mapping[InvitationKind, Text] = {
    InvitationKind.FACTOR: _("第二重验证：动态验证码和通行密钥（手机或密钥丢失）"),
    InvitationKind.PASSWORD: _("密码（忘记）"),
}
