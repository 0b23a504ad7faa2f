"""What people agree to when they register, or at the first log-in of an account that was brought over."""

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tongban.design import menus

CONSENT_LABEL = gettext_lazy("我已阅读并同意用户服务协议和个人信息保护告知书，且已年满 14 周岁")


def what_one_agrees_to() -> SafeString:
    """Return links to it, as far as the pages exist."""
    links = (
        (menus.address("site:terms"), _("用户服务协议")),
        (menus.address("site:privacy"), _("个人信息保护告知书")),
        (menus.address("accounts:under-14"), _("未满 14 周岁怎么办")),
    )
    there = [(url, label) for url, label in links if url]
    return format_html_join(
        pgettext("between two links", "　"), '<a href="{}" target="_blank" rel="noopener">{}</a>', there
    )
