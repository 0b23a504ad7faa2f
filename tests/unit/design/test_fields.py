"""What the fields accept, what they clean to, and what they say."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from tongban.design import fields, forms
from tongban.design.widgets import Accepted
from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc


@pytest.mark.parametrize(
    ("field", "typed", "cleaned"),
    [
        (fields.LoginNameField(), " ｚｈａｎｇ\u200b三 ", "zhang三"),
        (fields.MobileField(), "１３８ 0000-1234", Mobile.parse("13800001234")),
        (fields.OneTimeCodeField(), "１２３ 456", "123456"),
        (fields.HumanCheckField(), " k7px ", "k7px"),
        (fields.PersonNameField(), "张 三", PersonName.parse("张三")),
        (fields.UnitNameField(), "样例科技(北京)有限公司", UnitName.parse("样例科技（北京）有限公司")),
        (fields.UsccField(), "91110108 ma01et88xl", Uscc.parse("91110108MA01ET88XL")),
        (fields.DocumentKindField(), "passport", DocumentKind.PASSPORT),
        (fields.UnitTypeField(), "foundation", UnitType.FOUNDATION),
        (fields.PasswordField(), "  Ａ secret  ", "  Ａ secret  "),
    ],
)
def test_a_field_cleans_to_its_value_object(field: Any, typed: str, cleaned: object) -> None:
    assert field.clean(typed) == cleaned


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (fields.LoginNameField(), "", "请输入登录名。"),
        (fields.PasswordField(label="新密码"), "", "请输入新密码。"),
        (fields.PersonNameField(label="经办人姓名"), "", "请输入经办人姓名。"),
        (fields.HumanCheckField(), "", "请输入图片或音频中的验证码。看不清、听不清可以换一张。"),
        (fields.UnitTypeField(), "", "请选择单位类型。"),
        (fields.UnitTypeField(), "club", "请从列表中选择单位类型。"),
        (fields.ConsentField(label="同意"), "", "请阅读并勾选同意后继续。"),
        (fields.EvidenceField(label="证件正面"), None, "请上传证件正面：选择图片后点“上传”。"),
        (fields.MobileField(), "138", "手机号码为11位数字，您输入了3位。请检查是否漏输或多输。"),
        (fields.OneTimeCodeField(), "12345", "短信验证码是短信中的 6 位数字。请核对后重新输入。"),
        (fields.OneTimeCodeField(), "12345六", "短信验证码是短信中的 6 位数字。请核对后重新输入。"),
        (fields.LoginNameField(), "a" * 65, "最多 64 个字，您输入了 65 个。请缩短。"),
        (fields.PasswordField(), "a" * 129, "密码最多 128 个字符。请换一个短一些的。"),
    ],
)
def test_a_field_says_what_to_do(field: Any, typed: str | None, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    assert caught.value.messages == [sentence]


@pytest.mark.parametrize("make", [fields.MobileField, fields.PersonNameField, fields.UnitNameField, fields.UsccField])
def test_an_optional_field_may_be_empty(make: Any) -> None:
    assert make(required=False).clean("") is None


def test_a_picture_is_there_once_the_room_that_keeps_it_says_so() -> None:
    field = fields.EvidenceField(label="证件正面")
    for kind in ("good", "wait"):
        field.show(Accepted(kind, "已上传"))
        field.clean(None)
    field.show(Accepted("bad", "无法读取"))
    with pytest.raises(ValidationError, match="无法读取"):
        field.clean(None)
    field.show(None)
    field.refused = "图片太大"
    with pytest.raises(ValidationError, match="图片太大"):
        field.clean(SimpleUploadedFile("front.jpg", b"bytes"))


def test_a_picture_says_what_it_may_be(settings: Any) -> None:
    field = fields.EvidenceField(label="证件正面", help_text="有照片的一面。")
    assert field.help_text == "有照片的一面。jpg、jpeg 或 png 格式，不超过 1 MB。"
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024 * 5 // 2
    assert field.help_text == "有照片的一面。jpg、jpeg 或 png 格式，不超过 2.5 MB。"


class PictureForm(forms.Form):
    front = fields.EvidenceField(label="证件正面")
    back = fields.EvidenceField(label="证件反面", required=False)


def test_a_form_with_pictures_knows_their_buttons() -> None:
    for act, errors in {"upload-front": ["front"], "upload-back": [], "delete-front": [], "": ["front"]}.items():
        assert list(PictureForm({"act": act}).errors) == errors


def test_what_was_refused_is_told_whichever_button_was_pressed() -> None:
    form = PictureForm({"act": "delete-front"})
    form.fields["back"].refused = "图片太大"  # type: ignore[attr-defined]
    assert form.errors == {"back": ["图片太大"]}


def test_an_uploaded_picture_is_drawn_with_its_buttons() -> None:
    form = PictureForm()
    drawn = form["front"].as_field_group()
    assert "删除" not in drawn
    assert "上传<span" in drawn
    form.fields["front"].show(Accepted("good", "已上传", preview="/evidence/1/"))  # type: ignore[attr-defined]
    drawn = form["front"].as_field_group()
    assert 'src="/evidence/1/"' in drawn
    assert 'value="delete-front"' in drawn
    assert "替换<span" in drawn
    form.fields["front"].show(Accepted("wait", "已上传", may_delete=False))  # type: ignore[attr-defined]
    drawn = form["front"].as_field_group()
    assert "<img" not in drawn
    assert "delete-front" not in drawn


class DocumentForm(forms.Form):
    kind = fields.DocumentKindField()
    number = fields.DocumentNumberField(kind="kind", required=False)


@pytest.mark.parametrize(
    ("kind", "number", "cleaned"),
    [
        ("resident_id", "11010519491231002x", Document(DocumentKind.RESIDENT_ID, "11010519491231002X")),
        ("passport", "", None),
        ("", "11010519491231002X", None),
    ],
)
def test_a_document_number_is_read_as_the_kind_chosen(kind: str, number: str, cleaned: Document | None) -> None:
    form = DocumentForm({"kind": kind, "number": number})
    assert "number" not in form.errors
    assert form.cleaned_data["number"] == cleaned


def test_a_document_number_of_another_kind_is_explained() -> None:
    form = DocumentForm({"kind": "passport", "number": "11010519491231002X"})
    assert "居民身份证" in form.errors["number"][0]
    assert form["number"].value() == "11010519491231002X"
