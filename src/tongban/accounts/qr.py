"""QR codes that authenticator apps read."""

import segno
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def picture(address: str) -> SafeString:
    """Return the QR code as SVG: made of squares by the library, nothing of it is typed by anybody."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(border=4, light="#fff", omitsize=True, svgclass="qr", title=_("二维码：动态验证码的密钥"))
    return SafeString(drawn)
