"""修改个人信息 and 修改法人信息; 上传自然人信息 and 上传法人信息. The first two clean to entries."""

from dataclasses import replace
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from tongban.design import fields
from tongban.design.forms import Form
from tongban.kernel.documents import DocumentKind
from tongban.proofing import nationalities, provinces
from tongban.proofing.entries import PersonEntries, UnitEntries
from tongban.proofing.slots import PERSON_SLOTS, UNIT_SLOTS

KEEP = "keep"
"""The act of the button 暂存: nothing needs to be complete."""
CONSENT_VERSION = "2026-11"
"""Names the texts of all consents below; change it whenever one of them changes."""


class PersonForm(Form):
    """修改个人信息."""

    acts = {KEEP: ()}

    consent_text = _(
        "证件号码属于敏感个人信息。它只用于实名认证：提交给核验机构比对，加密保存，页面上只显示首尾各一位。"
        "点“保存”，表示您单独同意为此处理它；不同意请不要点“保存”，其他功能不受影响。核验完成前可以撤回。"
    )

    name = fields.PersonNameField(help_text=_("与证件上的姓名完全一致。"))
    document_kind = fields.DocumentKindField(initial=DocumentKind.RESIDENT_ID)
    document_number = fields.DocumentNumberField(kind="document_kind", help_text=_("可以带空格，字母大小写均可。"))
    nationality = fields.ChoiceField(
        label=_("国籍"),
        choices=nationalities.choices,
        required=False,
        empty_value="",
        help_text=_("只有证件类型为护照时需要选择。"),
    )

    def clean(self) -> dict[str, Any]:
        """A passport number means something only together with the country that gave it."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("document_kind") is not DocumentKind.PASSPORT:
            cleaned["nationality"] = ""
        elif not cleaned.get("nationality") and "nationality" not in self.errors:
            self.add_error("nationality", _("请选择护照上的国籍。"))
        return cleaned

    def entries(self) -> PersonEntries:
        """Return what was entered; the form must be valid."""
        cleaned = self.cleaned_data
        document = replace(cleaned["document_number"], country=cleaned["nationality"])
        return PersonEntries(name=cleaned["name"], document=document)


class PictureForm(Form):
    """What 上传自然人信息 and 上传法人信息 have in common: without the separate consent no picture is taken."""

    consent = fields.ConsentField(
        label=_("我单独同意处理证件和证明材料的图片"),
        sentence=_("请阅读并勾选同意，再上传图片。"),
        help_text=_(
            "图片属于敏感个人信息。它们只用于这次实名认证的人工审核：去除拍摄地点等附加信息后加密保存，"
            "只有办理本件的审核员能看到，每次查看都有记录；办结后按期限删除。不同意则不能人工审核，其他功能不受影响。"
        ),
    )

    def __init__(self, *args: Any, consented: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if consented:
            del self.fields["consent"]
        elif not self.data.get("consent"):
            self._hold_back_uploads()

    def _hold_back_uploads(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, fields.EvidenceField) and name in self.files:
                field.refused = _("还没有上传：请先勾选上面的同意，再选择图片上传。")
        self.files = MultiValueDict()


class PersonPictureForm(PictureForm):
    """上传自然人信息."""

    front = fields.EvidenceField(
        label=PERSON_SLOTS["front"], help_text=_("身份证为人像面，护照为资料页。四角完整，文字清楚。")
    )
    back = fields.EvidenceField(label=PERSON_SLOTS["back"], help_text=_("身份证为国徽面，护照为签发页。"))
    holding = fields.EvidenceField(
        label=PERSON_SLOTS["holding"],
        required=False,
        help_text=_("选填。本人手持证件正面，面部和证件文字都能看清。"),
    )


class UnitPictureForm(PictureForm):
    """上传法人信息."""

    licence = fields.EvidenceField(label=UNIT_SLOTS["licence"], help_text=_("原件照片，或加盖单位公章的复印件。"))
    letter = fields.EvidenceField(
        label=UNIT_SLOTS["letter"], help_text=_("法定代表人签字、加盖单位公章；可以使用上面的模板。")
    )
    representative = fields.EvidenceField(
        label=UNIT_SLOTS["representative"], help_text=_("身份证请把正反两面放在一张图片中。")
    )
    renaming = fields.EvidenceField(
        label=UNIT_SLOTS["renaming"],
        required=False,
        help_text=_("选填。单位最近变更过名称的，上传登记机关出具的证明。"),
    )


class UnitForm(Form):
    """修改法人信息, in three blocks."""

    acts = {KEEP: ()}
    blocks = (
        (_("法人单位基本信息"), ("unit_name", "uscc", "unit_type", "region", "address")),
        (_("法人授权信息"), ("agent_name", "agent_document_kind", "agent_document_number", "agent_phone")),
        (
            _("法定代表人信息"),
            ("representative_name", "representative_document_kind", "representative_document_number"),
        ),
    )
    consent_text = _(
        "证件号码属于敏感个人信息。它只用于单位的实名认证：提交给核验机构比对，加密保存，页面上只显示首尾各一位。"
        "点“保存”，表示经办人和法定代表人已单独同意为此处理它；没有同意请不要点“保存”。核验完成前可以撤回。"
    )

    unit_name = fields.UnitNameField(help_text=_("与营业执照或登记证书上的名称完全一致。"))
    uscc = fields.UsccField()
    unit_type = fields.UnitTypeField()
    region = fields.ChoiceField(
        label=_("行政区划"), choices=provinces.choices, required=False, empty_value="", help_text=_("选填。")
    )
    address = fields.LineField(label=_("注册地址"), required=False, max_length=200, help_text=_("选填。"))
    agent_name = fields.PersonNameField(
        label=_("经办人姓名"), help_text=_("受单位授权办理业务的人，可以是法定代表人本人。")
    )
    agent_document_kind = fields.DocumentKindField(label=_("经办人证件类型"), initial=DocumentKind.RESIDENT_ID)
    agent_document_number = fields.DocumentNumberField(kind="agent_document_kind", label=_("经办人证件号码"))
    agent_phone = fields.MobileField(label=_("经办人手机号码"))
    representative_name = fields.PersonNameField(label=_("法定代表人姓名"))
    representative_document_kind = fields.DocumentKindField(
        label=_("法定代表人证件类型"), initial=DocumentKind.RESIDENT_ID
    )
    representative_document_number = fields.DocumentNumberField(
        kind="representative_document_kind", label=_("法定代表人证件号码")
    )

    def entries(self) -> UnitEntries:
        """Return what was entered; the form must be valid."""
        cleaned = self.cleaned_data
        return UnitEntries(
            unit_name=cleaned["unit_name"],
            uscc=cleaned["uscc"],
            unit_type=cleaned["unit_type"],
            region=cleaned["region"],
            address=cleaned["address"],
            agent_name=cleaned["agent_name"],
            agent_document=cleaned["agent_document_number"],
            agent_phone=cleaned["agent_phone"],
            representative_name=cleaned["representative_name"],
            representative_document=cleaned["representative_document_number"],
        )
