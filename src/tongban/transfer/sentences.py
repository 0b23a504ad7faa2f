"""What operators read: why a row is bad, what an outcome means and how it came about."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tongban.design.labels import Text
from tongban.transfer.file_format import Field
from tongban.transfer.rules import Outcome

BAD: Mapping[str, Text] = {
    "transfer.too_many_cells": _("单元格比表头多，可能有没加引号的逗号"),
    "transfer.quotes": _("引号没有成对"),
    "transfer.unit_type": _("单位类型无法识别"),
    "transfer.duplicate_row": _("与本文件前面的一行相同"),
    "transfer.conflicting_row": _("与本文件前面的一行是同一单位或手机号，但内容不同"),
    "transfer.name_taken": _("加上 HJ_ 的登录名也已被占用"),
    "transfer.hash_empty": _("没有密码散列值"),
    "transfer.hash_kind": _("密码散列的种类无法识别"),
    "transfer.hash_shape": _("密码散列的写法不对"),
    "transfer.hash_salt": _("密码散列的盐不对"),
    "transfer.hash_digest": _("密码散列值的长度或字符不对"),
    "transfer.hash_cost": _("密码散列的计算次数超出范围"),
    "uscc.empty": _("没有填写"),
    "uscc.length": _("不是18位"),
    "uscc.organisation_code": _("只有9位的组织机构代码"),
    "uscc.registration_number": _("是15位的工商注册号"),
    "uscc.is_resident_id": _("是居民身份证号码"),
    "uscc.forbidden_letter": _("含有代码中不使用的字母（I、O、Z、S、V）"),
    "uscc.character": _("含有字母和数字以外的字符"),
    "uscc.region_character": _("第3至8位应为数字"),
    "uscc.authority": _("第1位不是任何登记管理部门的代码"),
    "uscc.check_character": _("最后一位与前面各位对不上"),
    "mobile.empty": _("没有填写"),
    "mobile.length": _("不是11位"),
    "mobile.character": _("含有数字以外的字符"),
    "mobile.landline": _("是固定电话号码"),
    "mobile.foreign": _("是境外号码"),
    "mobile.prefix": _("不以13至19开头"),
    "unit_name.empty": _("没有填写"),
    "unit_name.too_short": _("只有一个字"),
    "unit_name.too_long": _("太长"),
    "unit_name.private_use": _("含有本机自造字"),
    "unit_name.character": _("含有单位名称中不会有的字符"),
}
OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.E1: _("单位沿用原登录名和密码"),
    Outcome.E2: _("单位已有平台账号"),
    Outcome.E3: _("单位登录名改为 HJ_ 加原登录名，密码不变"),
    Outcome.E4: _("单位已用别的登录名实名认证，原账号转为自然人账号"),
    Outcome.P1: _("个人沿用原登录名和密码"),
    Outcome.P2: _("个人已有平台账号"),
    Outcome.P3: _("个人登录名改为 HJ_ 加原登录名，密码不变"),
    Outcome.P4: _("本人已用别的登录名实名认证，不新建账号"),
}
REASONS: Mapping[str, Text] = {
    "verified_here": _("同名账号已通过本单位的实名认证"),
    "verified_under_another_name": _("别的登录名已通过实名认证"),
    "same_unit_and_phone": _("同名账号登记的是本单位，手机号也一致"),
    "name_free": _("登录名没有人使用"),
    "same_phone": _("同名账号的手机号一致"),
    "name_held": _("登录名被别的账号使用"),
}
COLUMNS: Mapping[str, Text] = {
    Field.USCC: _("统一社会信用代码"),
    Field.UNIT_NAME: _("单位名称"),
    Field.UNIT_TYPE: _("单位类型"),
    Field.CONTACT_NAME: _("联系人姓名"),
    Field.PHONE: _("手机号码"),
    Field.PASSWORD: _("密码"),
    "": _("整行"),
}
