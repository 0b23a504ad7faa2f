"""What the gallery's pages are made of: labels, errors, titles, menus, slots."""

from typing import Any

import pytest
from django.contrib.staticfiles import finders
from lxml import html

from tests.unit.design.conftest import Gallery
from tests.unit.design.gallery.forms import LogInForm
from tests.unit.design.gallery.urls import PAGES
from tongban.design.templatetags.design import form_errors, icon
from tongban.kernel.errors import Invalid


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_one_heading_its_title_starts_with_and_no_inline_style_or_script(
    gallery: Gallery, name: str
) -> None:
    page = gallery.page(name)
    assert len(page.xpath("//h1")) == 1
    assert name == "home" or page.findtext(".//title").startswith(text(page.xpath("//h1")[0]))
    assert not page.xpath("//@style | //style | //script[not(@src)] | //@*[starts-with(name(), 'on')]")
    assert page.xpath("//body/*[1]")[0].get("class") == "skip"
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", ["log-in", "register", "unit"])
def test_every_control_has_a_label_that_holds_its_text_and_nothing_else(gallery: Gallery, name: str) -> None:
    page = gallery.page(name)
    controls = page.xpath("//main//input[not(@type='hidden')] | //main//select")
    assert controls
    for control in controls:
        (label,) = page.xpath(f"//label[@for='{control.get('id')}']")
        assert len(label) == 0
        assert label.text == label.text.strip() != ""


def test_an_error_is_tied_to_its_control_and_listed_above_the_heading(gallery: Gallery) -> None:
    page = gallery.page("register", phone="１３８", act="send-code", human_check="k7px", password="correct horse")
    (control,) = page.xpath("//input[@name='phone']")
    assert control.get("aria-invalid") == "true"
    described = control.get("aria-describedby").split()
    assert described == ["id_phone_helptext", "id_phone_error"]
    sentences = [text(page.get_element_by_id(part)) for part in described]
    (link,) = page.xpath("//*[@class='error-summary']//a")
    assert link.get("href") == "#id_phone"
    assert sentences[1] == f"错误：{text(link)}"
    assert control.get("value") == "１３８"
    assert page.xpath("//input[@name='password']")[0].get("value") == "correct horse"
    assert page.findtext(".//title").startswith("错误：自然人注册")
    order = page.xpath("//*[@class='error-summary'] | //h1")
    assert [element.tag for element in order] == ["div", "h1"]


def test_the_summary_leads_to_the_first_of_several_choices(gallery: Gallery) -> None:
    page = gallery.page("unit", unit_name="样例科技有限公司")
    targets: Any = page.xpath("//*[@class='error-summary']//a/@href")
    assert "#id_abroad_0" in targets
    for target in targets:
        assert page.get_element_by_id(target[1:]).tag in {"input", "select"}


def test_an_error_of_no_field_stands_in_the_summary_without_a_link() -> None:
    form = LogInForm({"login_name": "a", "password": "b"})
    form.refuse(None, Invalid("mobile.prefix"))
    assert form_errors(form)["problems"] == [{"sentence": "手机号码以 13 至 19 开头。请核对前两位。", "target": ""}]


def test_no_icon_is_no_markup() -> None:
    assert icon("") == ""


def test_a_current_password_is_not_given_back(gallery: Gallery) -> None:
    page = gallery.page("log-in", password="correct horse")
    assert page.xpath("//input[@name='password']")[0].get("value") is None


def test_an_answer_to_a_spent_picture_is_not_given_back(gallery: Gallery) -> None:
    page = gallery.page("register", human_check="K7PX")
    assert not page.xpath("//input[@name='human_check']")[0].get("value")


def test_enter_means_the_final_submit(gallery: Gallery) -> None:
    page = gallery.page("register")
    first: Any = page.xpath("//form[@class='panel']//button[not(@type='button')]")[0]
    assert first.get("name") is None
    assert "hidden" in first.attrib
    assert not gallery.page("log-in").xpath("//form[@class='panel']//button[@hidden][not(@type)]")


def test_acts_skip_the_browsers_own_checks(gallery: Gallery) -> None:
    buttons: Any = gallery.page("register").xpath("//main//button[@name='act']")
    assert [(button.get("value"), text(button)) for button in buttons] == [
        ("new-picture", "换一张"), ("send-code", "获取验证码"),
    ]  # fmt: skip
    assert all("formnovalidate" in button.attrib for button in buttons)


def test_menus_link_only_to_pages_that_exist_and_mark_the_present_one(gallery: Gallery) -> None:
    page = gallery.page("account")
    links: Any = page.xpath("//nav[@class='side']//a")
    assert [text(link) for link in links] == ["我的信息", "我的办件", "账号安全", "我的消息"]
    inside: Any = html.document_fromstring(gallery.client.get("/account/profile/").content)
    assert [text(link) for link in inside.xpath("//nav[@class='side']//a[@aria-current='page']")] == ["我的信息"]
    assert [text(link) for link in inside.xpath("//nav[@class='nav']//a[@aria-current='true']")] == ["在线办事"]


def test_who_is_signed_in_and_for_whom_stands_on_every_page(gallery: Gallery) -> None:
    anonymous, signed_in = gallery.page("log-in"), gallery.page("account")
    assert [text(link) for link in anonymous.xpath("//*[@class='who']/a")] == ["用户登录", "用户注册"]
    assert [text(button) for button in signed_in.xpath("//*[@class='who']//button")] == ["退出登录"]
    assert text(signed_in.xpath("//*[@class='acting']")[0]) == "当前以北京样例科技有限公司办理"
    assert text(signed_in.xpath("//*[@class='titled']/*[2]")[0]) == "已实名认证"


def test_senior_mode_is_one_plain_form_away(gallery: Gallery) -> None:
    page = gallery.page("log-in")
    (form,) = page.xpath("//*[@class='strip']//form")
    assert form.get("method") == "post"
    gallery.client.post(form.get("action"), {"mode": "senior", "next": "/gallery/log-in/"})
    page = gallery.page("log-in")
    assert page.get("data-mode") == "senior"
    assert text(page.xpath("//*[@class='strip']//button[@name='mode']")[0]) == "退出长者模式"


def test_an_unknown_mode_in_the_cookie_is_normal(gallery: Gallery) -> None:
    gallery.client.cookies["tongban_display"] = "<script>"
    assert gallery.page("log-in").get("data-mode") == "normal"


def test_identity_slots_are_empty_until_configured(gallery: Gallery, settings: Any) -> None:
    settings.OPERATOR = settings.SITE_CODE = settings.FILING_NUMBER = ""
    assert "主办单位" not in text(gallery.page("log-in").xpath("//footer")[0])
    settings.OPERATOR, settings.SITE_CODE, settings.FILING_NUMBER = "样例部", "bm0000000", "样例备 1 号"
    settings.EMBLEM, settings.TOP_LINKS = "/static/emblem.svg", {"国家政务服务平台": "https://example.test/"}
    page = gallery.page("log-in")
    assert "主办单位：样例部 网站标识码：bm0000000 备案号：样例备 1 号" in text(page.xpath("//footer")[0])
    assert page.xpath("//*[@class='brand']/img/@src") == ["/static/emblem.svg"]
    assert page.xpath("//*[@class='strip']//a/@href") == ["https://example.test/"]


def test_only_production_goes_without_the_demo_strip(gallery: Gallery, settings: Any) -> None:
    assert text(gallery.page("log-in").xpath("//*[@class='demo-strip']")[0]) == "演示系统，非官方网站"
    settings.PROFILE = "production"
    assert not gallery.page("log-in").xpath("//*[@class='demo-strip']")


def test_a_page_with_an_idle_limit_can_warn_before_it(gallery: Gallery) -> None:
    page = gallery.page("register")
    assert page.get("data-session-seconds") == "1800"
    assert "hidden" in page.get_element_by_id("session-end").attrib
    assert not gallery.page("log-in").xpath("//*[@id='session-end']")


def test_pagination_keeps_the_other_parameters(gallery: Gallery) -> None:
    page: Any = html.document_fromstring(gallery.client.get("/gallery/account/?kind=a&page=5").content)
    assert page.xpath("//nav[@class='pages']//a[@rel='next']/@href") == ["?kind=a&page=6"]
    assert [text(link) for link in page.xpath("//nav[@class='pages']//a[@aria-current]")] == ["5"]


def test_steps_and_times_can_be_read_by_machines(gallery: Gallery) -> None:
    page = gallery.page("account")
    assert [text(step) for step in page.xpath("//ol[@class='steps']/li[@aria-current='step']")] == ["核对信息"]
    assert page.xpath("//ol[@class='timeline']//time/@datetime")[0] == "2026-11-23T12:00:00+08:00"
    assert [text(term) for term in page.xpath("//dl[@class='rows']//dt")] == ["姓名", "证件号码", "手机号码"]


def test_every_icon_that_is_drawn_is_in_the_sprite(gallery: Gallery) -> None:
    sprite = finders.find("design/icons.svg")
    assert isinstance(sprite, str)
    known = set(html.parse(sprite).xpath("//symbol/@id"))
    for name in PAGES:
        for address in gallery.page(name).xpath("//use/@href"):
            assert address.partition("#")[2] in known
