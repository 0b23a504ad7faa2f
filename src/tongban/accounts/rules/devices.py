"""What a browser says of itself, in two words a person recognises."""

from django.utils.translation import gettext_lazy

_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", gettext_lazy("微信")),
    ("Edg", "Edge"),
    ("QQBrowser", gettext_lazy("QQ浏览器")),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def describe(user_agent: str) -> str:
    """Return for example "Windows · Edge", or "" when neither system nor browser is recognised."""
    found = [next((name for token, name in table if token in user_agent), "") for table in (_SYSTEMS, _BROWSERS)]
    return " · ".join(str(name) for name in found if name)
