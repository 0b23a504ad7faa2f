"""Notices: how their file reads, and who may read them when."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import translation

from tests.journeys.html import parse, words
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.catalogue.loading import Loaded
from tongban.config.commands.notices import command
from tongban.design import display
from tongban.kernel import clock
from tongban.site import queries
from tongban.site.errors import InvalidNotices, NoticeNotFound
from tongban.site.events import LOADED
from tongban.site.flows.load_notices import load_notices
from tongban.site.rules import NoticeEntry, parse_notices

DEMO = Path(__file__).parents[3] / "src/tongban/demo/data/notices.json"
ONE: dict[str, Any] = {"slug": "one", "title": "公告", "published_at": "2026-11-01T09:00:00+08:00", "body": "正文。"}


@pytest.fixture
def entries(db: None) -> list[NoticeEntry]:
    found = parse_notices(json.loads(DEMO.read_text(encoding="utf-8")))
    load_notices(actor=Actor.system(), entries=found)
    return found


def test_notices_are_read_newest_first(entries: list[NoticeEntry]) -> None:
    dates = [row.published_at for row in queries.published()]
    assert dates == sorted(dates, reverse=True)


def test_loading_again_changes_nothing_and_the_file_is_all_there_is(entries: list[NoticeEntry]) -> None:
    assert load_notices(actor=Actor.system(), entries=entries) == Loaded(
        added=0, changed=0, unchanged=len(entries), withdrawn=0
    )
    changed = replace(entries[0], title="新题目")
    assert load_notices(actor=Actor.system(), entries=[changed]) == Loaded(
        added=0, changed=1, unchanged=0, withdrawn=len(entries) - 1
    )
    assert Event.objects.filter(name=LOADED.name).count() == 2
    assert [row.title for row in queries.published()] == ["新题目"]
    with pytest.raises(NoticeNotFound):
        queries.notice(entries[1].slug)
    assert load_notices(actor=Actor.system(), entries=entries).changed == len(entries)


def test_a_notice_is_not_read_before_its_time(entries: list[NoticeEntry]) -> None:
    future = replace(entries[0], slug="future", published_at=clock.now() + timedelta(hours=1))
    load_notices(actor=Actor.system(), entries=[*entries, future])
    with pytest.raises(NoticeNotFound):
        queries.notice("future")
    later = clock.now() + timedelta(hours=2)
    clock.set_source(lambda: later)
    try:
        assert queries.notice("future").title == entries[0].title
    finally:
        clock.set_source(None)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "file"),
        ({"notices": {}}, "file"),
        ({"notices": [], "more": 1}, "file"),
        ({"notices": [1]}, "notices[0]"),
        ({"notices": [{**ONE, "colour": "red"}]}, "notices[0]"),
        ({"notices": [{**ONE, "title": " "}]}, "notices[0].title"),
        ({"notices": [{**ONE, "body": 3}]}, "notices[0].body"),
        ({"notices": [{**ONE, "slug": "Not a slug"}]}, "notices[0].slug"),
        ({"notices": [{**ONE, "published_at": "yesterday"}]}, "notices[0].published_at"),
        ({"notices": [{**ONE, "published_at": "2026-11-01T09:00:00"}]}, "notices[0].published_at"),
        ({"notices": [ONE, ONE]}, "notices[1].slug"),
        ({"notices": [{**ONE, "en": "Notice"}]}, "notices[0].en"),
        ({"notices": [{**ONE, "en": {"title": ""}}]}, "notices[0].en.title"),
        ({"notices": [{**ONE, "en": {"slug": "x"}}]}, "notices[0].en.slug"),
        ({"notices": [{**ONE, "de": {"title": "Nachricht"}}]}, "notices[0]"),
    ],
)
def test_the_first_wrong_place_is_named(data: object, place: str) -> None:
    with pytest.raises(InvalidNotices) as caught:
        parse_notices(data)
    assert caught.value.place == place
    assert caught.value.problem


def test_the_command_loads_a_file(db: None, tmp_path: Path) -> None:
    runner = CliRunner()
    result = runner.invoke(command, ["load", str(DEMO)])
    assert result.exit_code == 0
    assert "8 added, 0 changed, 0 unchanged, 0 withdrawn" in result.output
    wrong = tmp_path / "wrong.json"
    for text, complaint in (('{"notices": [1]}', "notices[0]"), ("{", "Expecting")):
        wrong.write_text(text, encoding="utf-8")
        result = runner.invoke(command, ["load", str(wrong)])
        assert result.exit_code == 1
        assert complaint in result.output


def test_notices_are_read_in_english(entries: list[NoticeEntry]) -> None:
    browser = Client()
    browser.cookies[display.LANGUAGE_COOKIE] = "en"
    first = entries[0]
    plain = replace(entries[1], translations={"en": {"title": "Only a title"}})
    load_notices(actor=Actor.system(), entries=[first, plain])
    for path in ("/", "/notices/"):
        assert "One account for the government service platform" in browser.get(path).content.decode()
    page = parse(browser.get(f"/notices/{first.slug}/").content)
    assert words(page.find(".//h1")) == "One account for the government service platform"
    assert page.xpath("//main//*[@lang]") == []
    page = parse(browser.get(f"/notices/{plain.slug}/").content)
    assert words(page.find(".//h1")) == "Only a title"
    (marked,) = page.xpath("//main//*[@lang='zh-CN']")
    assert words(marked) == " ".join(plain.body.split())
    assert words(parse(Client().get(f"/notices/{plain.slug}/").content).find(".//h1")) == plain.title


def test_notices_are_found_in_both_languages(entries: list[NoticeEntry]) -> None:
    for sought in ("谨防冒充", "pose as staff"):
        for code, title in (
            ("zh-hans", "谨防冒充工作人员索要短信验证码"),
            ("en", "Beware of people who pose as staff and ask for SMS codes"),
        ):
            with translation.override(code):
                (kind,) = queries.search(sought)
                assert ["".join(piece.text for piece in hit.title) for hit in kind.hits] == [title]
