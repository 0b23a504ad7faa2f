"""行政区划 at the level of provinces: the first two digits of GB/T 2260 and their names."""

from django.utils.translation import gettext_lazy as _

from tongban.design.labels import Text
from tongban.design.wording import by_name

PROVINCES: dict[str, Text] = {
    "11": _("北京市"),
    "12": _("天津市"),
    "13": _("河北省"),
    "14": _("山西省"),
    "15": _("内蒙古自治区"),
    "21": _("辽宁省"),
    "22": _("吉林省"),
    "23": _("黑龙江省"),
    "31": _("上海市"),
    "32": _("江苏省"),
    "33": _("浙江省"),
    "34": _("安徽省"),
    "35": _("福建省"),
    "36": _("江西省"),
    "37": _("山东省"),
    "41": _("河南省"),
    "42": _("湖北省"),
    "43": _("湖南省"),
    "44": _("广东省"),
    "45": _("广西壮族自治区"),
    "46": _("海南省"),
    "50": _("重庆市"),
    "51": _("四川省"),
    "52": _("贵州省"),
    "53": _("云南省"),
    "54": _("西藏自治区"),
    "61": _("陕西省"),
    "62": _("甘肃省"),
    "63": _("青海省"),
    "64": _("宁夏回族自治区"),
    "65": _("新疆维吾尔自治区"),
}


def choices() -> list[tuple[str, Text]]:
    """Return the provinces in the order of a list to choose from."""
    return by_name(PROVINCES)
