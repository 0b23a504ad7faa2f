"""Words in the language of the page."""

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from tongban.accounts.forms import ChangePasswordForm, FindAccountForm
from tongban.accounts.rules import Realm, devices
from tongban.design import fields, wording
from tongban.proofing import nationalities, provinces


def required(field: object) -> str:
    return str(field.error_messages["required"])  # type: ignore[attr-defined]  # every field of forms has them


def test_a_list_is_punctuated_as_its_language_wants() -> None:
    assert wording.listed(["甲", "乙", "丙"]) == "甲、乙、丙"
    with override("en"):
        assert wording.listed(["one", "two"]) == "one, two"
        assert wording.listed([gettext_lazy("护照")]) == "Passport"
    assert wording.listed([]) == ""


@pytest.mark.parametrize(
    ("label", "there"),
    [
        ("Mobile number", "mobile number"),
        ("SMS code", "SMS code"),
        ("ID", "ID"),
        ("A", "a"),
        ("", ""),
        ("姓名", "姓名"),
    ],
)
def test_an_english_label_loses_its_capital_inside_a_sentence(label: str, there: str) -> None:
    with override("en"):
        assert str(wording.inside(label)) == there
    assert str(wording.inside(label)) == label


def test_what_is_missing_is_asked_for_in_the_words_of_the_language() -> None:
    phone, code = fields.MobileField(), fields.OneTimeCodeField()
    kind, picture = fields.DocumentKindField(), fields.EvidenceField(label=gettext_lazy("授权书"))
    again = ChangePasswordForm(realm=Realm.NATURAL).fields["password_again"]
    find = FindAccountForm(ways={"login_name": "x"}).fields
    assert [required(field) for field in (phone, code, kind, again)] == [
        "请输入手机号码。", "请输入短信验证码。", "请选择证件类型。", "请输入确认密码。",
    ]  # fmt: skip
    assert [required(find[name]) for name in ("by", "value")] == ["请选择按什么查找。", "请输入内容。"]
    with override("en"):
        assert [required(field) for field in (phone, code, kind, again, picture)] == [
            "Enter the mobile number",
            "Enter the SMS code",
            "Select the document type",
            "Enter the password again",
            "Upload the letter of authorisation: choose a picture, then select “Upload”",
        ]
        assert [required(find[name]) for name in ("by", "value")] == [
            "Select what to search by", "Enter what to look for",
        ]  # fmt: skip


def test_nationalities_are_found_by_their_name_after_the_frequent_ones() -> None:
    table = list(nationalities.NATIONALITIES.items())
    assert nationalities.choices() == table
    with override("en"):
        shown = [str(name) for _code, name in nationalities.choices()]
        assert shown[:3] == ["China", "United States", "Japan"]
        others = shown[shown.index("Pakistan") + 1 : -1]
        assert others[:2] == ["Afghanistan", "Albania"]
        assert others.index("Costa Rica") < others.index("Côte d'Ivoire") < others.index("Croatia")
        assert others[-2:] == ["Zambia", "Zimbabwe"]
        assert shown[-1] == str(nationalities.NATIONALITIES["XXA"])
        assert dict(nationalities.choices()) == nationalities.NATIONALITIES
        names = [str(name) for _code, name in provinces.choices()]
        assert names == sorted(names)
    assert provinces.choices() == list(provinces.PROVINCES.items())


def test_a_long_list_is_arranged_when_it_is_drawn() -> None:
    field = fields.ChoiceField(label="国籍", choices=nationalities.choices)
    drawn = field.widget.render("nationality", None)
    assert (
        drawn.index("请选择")
        < drawn.index("中国")
        < drawn.index("阿富汗")
        < drawn.index("奥地利")
        < drawn.index("不丹")
    )
    with override("en"):
        drawn = field.widget.render("nationality", None)
        assert drawn.index("China") < drawn.index("Afghanistan") < drawn.index("Austria") < drawn.index("Azerbaijan")
    assert field.clean("FRA") == "FRA"


def test_browsers_are_called_what_their_users_call_them() -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0"
    assert devices.describe(agent) == "iPhone · 微信"
    with override("en"):
        assert devices.describe(agent) == "iPhone · WeChat"


@pytest.mark.parametrize(
    ("language", "text", "attribute"),
    [
        ("zh-hans", "张三", ""),
        ("en", "张三", ' lang="zh-CN"'),
        ("en", "demo-person", ""),
        ("en", "", ""),
        ("en", "，", ' lang="zh-CN"'),
    ],
)
def test_what_somebody_wrote_in_chinese_is_marked(language: str, text: str, attribute: str) -> None:
    drawn = Template("{% load design %}<b{{ text|lang_of }}></b>{{ text|as_written }}")
    with override(language):
        html = drawn.render(Context({"text": text}))
    assert html.startswith(f"<b{attribute}></b>")
    assert html.endswith(f"<span{attribute}>{text}</span>" if attribute else text)


def test_markup_in_what_somebody_wrote_stays_harmless() -> None:
    drawn = Template("{% load design %}{{ text|as_written }}")
    with override("en"):
        assert drawn.render(Context({"text": "<b>甲"})) == '<span lang="zh-CN">&lt;b&gt;甲</span>'
        assert drawn.render(Context({"text": "<b>a"})) == "&lt;b&gt;a"
        assert drawn.render(Context({"text": mark_safe("甲<br>乙")})) == '<span lang="zh-CN">甲<br>乙</span>'
