"""What a person reads when something typed cannot be right: one sentence per code of `tongban.kernel.errors.CODES`.

Each sentence names the slip and says what to do next.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tongban.kernel.errors import Invalid

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_LAST_CHARACTER = _("号码的最后一位与前面各位对不上，说明其中至少有一位输错了。请对照证件逐位核对。")
_PRIVATE_USE = _("第%(position)s个字是本机自造字，别的系统无法识别。请改用标准汉字输入；打不出来时请联系服务热线。")

SENTENCES: "dict[str, _StrPromise]" = {
    "document.empty": _("请输入证件号码。"),
    "document.is_resident_id": _("这是居民身份证的号码。请把证件类型改为“居民身份证”，或换成所选证件上的号码。"),
    "document.is_hk_macau_residence_permit": _(
        "这是港澳居民居住证的号码。请把证件类型改为“港澳居民居住证”，或换成所选证件上的号码。"
    ),
    "document.is_taiwan_residence_permit": _(
        "这是台湾居民居住证的号码。请把证件类型改为“台湾居民居住证”，或换成所选证件上的号码。"
    ),
    "document.is_permanent_resident_id": _(
        "这是外国人永久居留身份证的号码。请把证件类型改为“外国人永久居留身份证”，或换成所选证件上的号码。"
    ),
    "document.is_hk_macau_travel_permit": _(
        "这像是港澳居民来往内地通行证的号码。请把证件类型改为“港澳居民来往内地通行证”，或换成所选证件上的号码。"
    ),
    "document.is_uscc": _("这是单位的统一社会信用代码。这里请输入个人证件上的号码。"),
    "id_number.length": _("号码应为%(expected)s位，您输入了%(length)s位。请检查是否漏输或多输。"),
    "id_number.letter_for_digit": _(
        "第%(position)s位应为数字，您输入的是字母 %(character)s。请看看是不是数字 %(digit)s。"
    ),
    "id_number.character": _("第%(position)s位应为数字，您输入的是“%(character)s”。请改为证件上的数字。"),
    "id_number.last_character": _("最后一位应为数字或字母 X，您输入的是“%(character)s”。请对照证件修改。"),
    "id_number.birth_date": _("号码中表示出生日期的几位不是有效的日期。请对照证件核对出生年月日。"),
    "id_number.birth_date_in_future": _("号码中的出生日期晚于今天。请对照证件核对出生年月日。"),
    "id_number.check_character": _LAST_CHARACTER,
    "resident_id.fifteen_digits": _("15位的旧身份证号码已停止使用。请输入现在身份证上的18位号码。"),
    "resident_id.region": _("身份证号码开头的“%(prefix)s”不是任何省份的代码。请核对前两位。"),
    "hk_macau_residence_permit.region": _("港澳居民居住证的号码以 810000 或 820000 开头。请核对前六位和证件类型。"),
    "taiwan_residence_permit.region": _("台湾居民居住证的号码以 830000 开头。请核对前六位和证件类型。"),
    "permanent_resident_id.length": _(
        "外国人永久居留身份证的号码为18位（新版）或15位（旧版），您输入了%(length)s位。请检查是否漏输或多输。"
    ),
    "permanent_resident_id.first_digit": _("18位的外国人永久居留身份证号码以数字 9 开头。请核对第一位和证件类型。"),
    "permanent_resident_id.nationality": _("15位的外国人永久居留身份证号码以三个英文字母开头。请核对前三位。"),
    "permanent_resident_id.region": _("号码中表示受理地的“%(prefix)s”不是任何省份的代码。请对照证件核对。"),
    "hk_macau_travel_permit.first_letter": _(
        "港澳居民来往内地通行证的号码以字母 H 或 M 开头。请连同字母一起输入，并核对证件类型。"
    ),
    "hk_macau_travel_permit.length": _(
        "港澳居民来往内地通行证的号码为字母和数字共9位，您输入了%(length)s位。请检查是否漏输或多输，换证次数可以不填。"
    ),
    "taiwan_travel_permit.length": _(
        "台湾居民来往大陆通行证的号码为8位数字，您输入了%(length)s位。请检查是否漏输或多输，签发次数可以不填。"
    ),
    "passport.length": _("护照号码为5至9位字母或数字，您输入了%(length)s位。请检查是否漏输或多输。"),
    "passport.character": _("第%(position)s位的“%(character)s”不能出现在护照号码中。请只输入英文字母和数字。"),
    "passport.no_digit": _("护照号码不会全是字母。请输入护照资料页右上角的号码。"),
    "uscc.empty": _("请输入统一社会信用代码。"),
    "uscc.length": _("统一社会信用代码为18位，您输入了%(length)s位。请检查是否漏输或多输。"),
    "uscc.organisation_code": _("这是9位的组织机构代码。请输入营业执照或登记证书上18位的统一社会信用代码。"),
    "uscc.registration_number": _("这是15位的旧注册号。请输入换发的营业执照上18位的统一社会信用代码。"),
    "uscc.is_resident_id": _("这是个人的身份证号码。这里请输入营业执照或登记证书上的统一社会信用代码。"),
    "uscc.forbidden_letter": _(
        "统一社会信用代码不使用字母 I、O、Z、S、V，而第%(position)s位是 %(character)s。请看看是不是 %(likely)s。"
    ),
    "uscc.character": _("第%(position)s位的“%(character)s”不能出现在统一社会信用代码中。请只输入数字和大写英文字母。"),
    "uscc.region_character": _("第3至8位应为数字，而第%(position)s位是 %(character)s。请对照证照修改。"),
    "uscc.authority": _("统一社会信用代码不会以 %(character)s 开头。请对照营业执照或登记证书核对第一位。"),
    "uscc.check_character": _(
        "代码的最后一位与前面各位对不上，说明其中至少有一位输错了。请对照营业执照或登记证书逐位核对。"
    ),
    "uscc.organisation_check": _("代码的第9至17位不符合通常的编码规则。请再核对一次；与证照一致时可以继续。"),
    "uscc.category_unknown": _("代码的第2位不是常见的机构类别。请再核对一次；与证照一致时可以继续。"),
    "uscc.region_unknown": _("代码的第3、4位不是常见的省份代码。请再核对一次；与证照一致时可以继续。"),
    "mobile.empty": _("请输入手机号码。"),
    "mobile.length": _("手机号码为11位数字，您输入了%(length)s位。请检查是否漏输或多输。"),
    "mobile.character": _("第%(position)s位的“%(character)s”不是数字。请只输入11位手机号码。"),
    "mobile.landline": _("这像是固定电话号码，收不到短信。请输入以 1 开头的11位手机号码。"),
    "mobile.foreign": _("目前只能向中国内地的手机号码发送短信。请输入以 1 开头的11位手机号码。"),
    "mobile.prefix": _("手机号码以 13 至 19 开头。请核对前两位。"),
    "person_name.empty": _("请输入姓名。"),
    "person_name.too_short": _("姓名至少有两个字。请输入证件上的完整姓名。"),
    "person_name.too_long": _("姓名不超过%(maximum)s个字，您输入了%(length)s个。请只输入证件上的姓名。"),
    "person_name.digit": _("姓名中不能有数字，而第%(position)s个字是“%(character)s”。请修改。"),
    "person_name.private_use": _PRIVATE_USE,
    "person_name.character": _(
        "第%(position)s个字“%(character)s”不能出现在姓名中。请只输入证件上的文字，名字之间可用“·”隔开。"
    ),
    "unit_name.empty": _("请输入单位名称。"),
    "unit_name.too_short": _("单位名称至少有两个字。请输入营业执照或登记证书上的全称。"),
    "unit_name.too_long": _(
        "单位名称不超过%(maximum)s个字，您输入了%(length)s个。请只输入营业执照或登记证书上的全称。"
    ),
    "unit_name.private_use": _PRIVATE_USE,
    "unit_name.character": _(
        "第%(position)s个字“%(character)s”不能出现在单位名称中。请输入营业执照或登记证书上的全称。"
    ),
}


def sentence(error: Invalid) -> str:
    """Return what a person should read about `error`, in the language of the present request."""
    return str(SENTENCES[error.code]) % error.params
