"""Services in English: as far as the file has them, marked as Chinese where it has not, found in both languages."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from tests.journeys.html import lint, parse, words
from tongban.audit.actors import Actor
from tongban.catalogue import queries
from tongban.catalogue.file_format import parse_catalogue
from tongban.catalogue.flows.load_catalogue import load_catalogue
from tongban.catalogue.loading import Loaded
from tongban.catalogue.models import Service
from tongban.catalogue.rules import TRANSLATED, ServiceEntry
from tongban.design import display
from tongban.design.translations import every_text
from tongban.site.rules import parse_notices

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[3] / "src/tongban/demo/data"
_HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@pytest.fixture
def entries() -> list[ServiceEntry]:
    found = parse_catalogue(json.loads((DATA / "catalogue.json").read_text(encoding="utf-8")))
    load_catalogue(actor=Actor.system(), entries=found)
    return found


@pytest.fixture
def english() -> Iterator[Client]:
    """A browser that has chosen English, while English is spoken."""
    client = Client()
    client.cookies[display.LANGUAGE_COOKIE] = "en"
    with translation.override("en"):
        yield client


def page_of(response: Any) -> Any:
    assert response.status_code == 200
    page = parse(response.content)
    lint(page, response.headers)
    return page


def in_chinese(page: Any) -> str:
    """Return what a page marks as Chinese in its main part."""
    return " ".join(words(found) for found in page.xpath("//main//*[@lang='zh-CN']"))


def test_the_demonstration_is_all_in_english(entries: list[ServiceEntry]) -> None:
    notices = parse_notices(json.loads((DATA / "notices.json").read_text(encoding="utf-8")))
    for entry in entries:
        said = {name for name in TRANSLATED if getattr(entry, name)}
        assert entry.translations["en"].keys() == said, entry.slug
    assert all(entry.translations["en"].keys() == {"title", "body"} for entry in notices)
    translations = [*(entry.translations for entry in entries), *(entry.translations for entry in notices)]
    texts = [text for one in translations for text in every_text(one)]
    assert [text for text in texts if _HAN.search(text)] == []


def test_pages_speak_english(entries: list[ServiceEntry], english: Client) -> None:
    for path in ("/services/", "/services/for/legal/", "/services/for/natural/", "/guides/"):
        assert not _HAN.search(words(page_of(english.get(path)).find(".//main"))), path
    for entry in entries:
        page = page_of(english.get(f"/services/{entry.slug}/"))
        assert words(page.find(".//h1")) == entry.translations["en"]["name"]
        assert not _HAN.search(words(page.find(".//main"))), entry.slug
        assert page.xpath("//meta[@name='description']/@content") == [entry.translations["en"]["summary"]]


def test_chinese_pages_are_chinese(entries: list[ServiceEntry]) -> None:
    page = page_of(Client().get("/services/high-tech-enterprise/"))
    assert words(page.find(".//h1")) == "高企认定"
    assert "accreditation" not in words(page.find(".//main"))
    assert page.xpath("//main//*[@lang]") == []


def test_what_has_no_english_is_marked_as_chinese(entries: list[ServiceEntry], english: Client) -> None:
    kept = {name: entries[0].translations["en"][name] for name in ("summary", "materials")}
    kept["materials"] = [{"name": one["name"]} for one in kept["materials"]]
    load_catalogue(actor=Actor.system(), entries=[replace(entries[0], translations={"en": kept})])
    page = page_of(english.get(f"/services/{entries[0].slug}/"))
    marked = in_chinese(page)
    assert page.xpath("//h1/@lang") == ["zh-CN"]
    assert entries[0].name in marked
    assert all(condition in marked for condition in entries[0].conditions)
    assert entries[0].materials[0]["note"] in marked, "a note without English beside a name with it"
    assert entries[0].summary not in words(page.find(".//main"))
    assert "&lt;span" not in english.get("/services/").content.decode()
    assert entries[0].name in in_chinese(page_of(english.get("/services/")))
    assert entries[0].name in in_chinese(page_of(english.get("/guides/")))
    assert entries[0].category in in_chinese(page_of(english.get("/guides/")))


def test_what_operators_write_cannot_become_markup(entries: list[ServiceEntry], english: Client) -> None:
    evil = "<script>alert(1)</script>"
    for texts in ({}, {"en": {"name": evil}}):
        load_catalogue(actor=Actor.system(), entries=[replace(entries[0], name=evil, translations=texts)])
        for path in ("/services/", "/guides/", f"/services/{entries[0].slug}/", "/search/?q=script", "/"):
            assert b"<script>alert" not in english.get(path).content


def test_a_new_translation_is_a_change(entries: list[ServiceEntry]) -> None:
    texts = {"en": {**entries[0].translations["en"], "name": "Another name"}}
    changed = [replace(entries[0], translations=texts), *entries[1:]]
    loaded = load_catalogue(actor=Actor.system(), entries=changed)
    assert loaded == Loaded(added=0, changed=1, unchanged=len(entries) - 1, withdrawn=0)
    assert queries.service(entries[0].slug).translations == texts


def test_both_languages_find_a_service_whatever_is_spoken(entries: list[ServiceEntry]) -> None:
    for code, name in (("zh-hans", "高企认定"), ("en", "High-tech enterprise accreditation")):
        with translation.override(code):
            for sought in ("高企认定", "HIGH-TECH accreditation", "Ｈigh-tech accreditation"):
                found = queries.search(sought)
                assert "".join(piece.text for piece in found[0].name) == name, (code, sought)


def test_finds_are_marked_in_the_language_that_is_shown(entries: list[ServiceEntry], english: Client) -> None:
    page = page_of(english.get("/search/?q=bedding"))
    assert [words(found) for found in page.xpath("//main//h3")] == ["Guide to laboratory animal licences"]
    assert [words(found) for found in page.xpath("//main//mark")] == ["bedding"]
    load_catalogue(actor=Actor.system(), entries=[replace(entries[5], translations={})])
    page = page_of(english.get("/search/?q=垫料"))
    assert [found.get("lang") for found in page.xpath("//main//mark")] == ["zh-CN"]
    assert page.xpath("//main//h3//span[@lang='zh-CN']")


def test_english_costs_no_query(
    entries: list[ServiceEntry], english: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    english.get("/services/")
    with django_assert_num_queries(1):
        english.get("/services/")


def test_withdrawn_english_is_forgotten(entries: list[ServiceEntry], english: Client) -> None:
    load_catalogue(actor=Actor.system(), entries=[replace(entry, translations={}) for entry in entries])
    assert list(Service.objects.exclude(translations={})) == []
    assert queries.search("accreditation") == []
