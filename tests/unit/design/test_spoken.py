"""Texts of the operator: in the language spoken, else marked as Chinese; never as markup of the operator's."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy

from tongban.config.checks import english_is_of_texts_of_the_site
from tongban.design.context import page
from tongban.design.spoken import html_of, sentence, site_text, tag_of, text_in


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def shown(text: str, template: str = "{{ text|spoken }}") -> str:
    return Template("{% load i18n design %}" + template).render(Context({"text": text}))


def test_a_translation_is_shown_unmarked(english: None) -> None:
    text = text_in("高企认定", "High-tech <b>")
    assert (text, text.lang, tag_of(text)) == ("High-tech <b>", "", "")
    assert shown(text) == "High-tech &lt;b&gt;"


def test_without_one_the_text_is_marked(english: None) -> None:
    text = text_in("高企<b>", "")
    assert (text, text.lang) == ("高企<b>", "zh-CN")
    assert shown(text) == '<span lang="zh-CN">高企&lt;b&gt;</span>'
    assert shown(text, '<a title="{{ text }}">') == '<a title="高企&lt;b&gt;">', "an attribute holds no markup"
    within = "{% blocktranslate with name=text|spoken %}这是{{ name }}。{% endblocktranslate %}"
    assert shown(text, within) == f"这是{html_of(text)}。"


def test_the_source_language_needs_no_mark() -> None:
    assert shown(text_in("高企认定", "")) == "高企认定"


@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_nothing_is_nothing(code: str) -> None:
    with translation.override(code):
        assert not text_in("", "")
        assert shown(text_in("", "")) == ""


def test_other_texts_are_shown_as_ever(english: None) -> None:
    assert shown("<b>") == "&lt;b&gt;"
    assert shown(gettext_lazy("帮助中心")) == "Help centre"  # type: ignore[arg-type]
    assert tag_of("高企认定") == ""


def test_a_sentence_keeps_the_mark_of_what_stands_in_it(english: None) -> None:
    said = sentence("<%(name)s> and {%(other)s}", name=text_in("高企", ""), other="<b>")
    assert said == "<高企> and {<b>}"
    assert said.html == '&lt;<span lang="zh-CN">高企</span>&gt; and {&lt;b&gt;}'
    assert said.lang == ""


def site(settings: Any) -> dict[str, Any]:
    settings.SITE_NAME, settings.SITE_STRAPLINE, settings.OPERATOR = "某部平台", "一处办", "某部"
    settings.HOTLINES, settings.TOP_LINKS = {"某部": "1", "某中心": "2"}, {"某网": "https://example.test/"}
    settings.SITE_IN_ENGLISH = {"某部平台": "Some platform", "某部": "Some ministry", "某网": "Some site"}
    return page(RequestFactory().get("/"))


def test_the_site_calls_itself_in_english(settings: Any, english: None) -> None:
    context = site(settings)
    assert (context["site_name"], context["operator"]) == ("Some platform", "Some ministry")
    assert context["hotlines"] == {"Some ministry": "1", "某中心": "2"}
    assert context["top_links"] == {"Some site": "https://example.test/"}
    assert [tag_of(label) for label in context["hotlines"]] == ["", "zh-CN"]
    assert context["site_strapline"].html == '<span lang="zh-CN">一处办</span>'


def test_and_in_chinese_in_chinese(settings: Any) -> None:
    context = site(settings)
    assert context["site_name"] == site_text("某部平台") == "某部平台"
    assert context["hotlines"] == {"某部": "1", "某中心": "2"}


def complaints(settings: Any, english: dict[str, Any]) -> list[str | None]:
    site(settings)
    settings.SITE_IN_ENGLISH = english
    found: list[CheckMessage] = english_is_of_texts_of_the_site(None)
    return [message.id for message in found]


def test_english_that_cannot_be_meant_is_complained_of(settings: Any) -> None:
    assert complaints(settings, {"某部平台": "Some platform"}) == []
    assert complaints(settings, {"某部平台": " "}) == ["config.C008"]
    assert complaints(settings, {"某部平台": 3}) == ["config.C008"]
    assert complaints(settings, {"某部": "Help", "某中心": "Help"}) == ["config.C009", "config.C009"]
    assert complaints(settings, {"别处": "Elsewhere"}) == ["config.W001"]
