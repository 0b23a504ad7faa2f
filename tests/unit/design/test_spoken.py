"""What the site says of itself in English, as far as the operator gave it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.test import RequestFactory
from django.utils import translation

from tongban.config.checks import english_is_of_texts_of_the_site
from tongban.design.context import page
from tongban.design.spoken import site_text


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


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
    assert context["site_strapline"] == "一处办", "not translated"


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
    assert complaints(settings, {"某部平台": " "}) == ["config.C009"]
    assert complaints(settings, {"某部平台": 3}) == ["config.C009"]
    assert complaints(settings, {"某部": "Help", "某中心": "Help"}) == ["config.C010", "config.C010"]
    assert complaints(settings, {"别处": "Elsewhere"}) == ["config.W001"]
