"""Who registers units: the first two characters of a unified social credit code (GB 32100-2015, table 1).

A registering authority sets the categories of its own units, so a category may be newer than this table.
"""

from typing import NamedTuple


class Authority(NamedTuple):
    """A registering authority (登记管理部门) and its categories of units (机构类别), each with its Chinese name."""

    name: str
    categories: dict[str, str]


AUTHORITIES: dict[str, Authority] = {
    "1": Authority("机构编制", {"1": "机关", "2": "事业单位", "3": "中央编办直接管理机构编制的群众团体", "9": "其他"}),
    "2": Authority("外交", {"1": "外国常驻新闻机构", "9": "其他"}),
    "3": Authority(
        "司法行政",
        {
            "1": "律师执业机构",
            "2": "公证处",
            "3": "基层法律服务所",
            "4": "司法鉴定机构",
            "5": "仲裁委员会",
            "9": "其他",
        },
    ),
    "4": Authority("文化", {"1": "外国在华文化中心", "9": "其他"}),
    "5": Authority("民政", {"1": "社会团体", "2": "民办非企业单位", "3": "基金会", "9": "其他"}),
    "6": Authority(
        "旅游",
        {"1": "外国旅游部门常驻代表机构", "2": "港澳台地区旅游部门常驻内地（大陆）代表机构", "9": "其他"},
    ),
    "7": Authority("宗教", {"1": "宗教活动场所", "2": "宗教院校", "9": "其他"}),
    "8": Authority("工会", {"1": "基层工会", "9": "其他"}),
    "9": Authority("市场监督管理", {"1": "企业", "2": "个体工商户", "3": "农民专业合作社"}),
    "A": Authority("中央军委改革和编制办公室", {"1": "军队事业单位", "9": "其他"}),
    "N": Authority(
        "农业农村", {"1": "组级集体经济组织", "2": "村级集体经济组织", "3": "乡镇级集体经济组织", "9": "其他"}
    ),
    "Y": Authority("其他", {"1": "其他"}),
}
