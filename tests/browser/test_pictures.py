"""The pictures of the guide show our pages as they are. `make pictures` draws them anew."""

import os
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser import guide_pictures
from tests.browser.conftest import Demo
from tests.browser.visitors import Visitors
from tongban.site.transfer_guide import PARTS, PICTURES

DRAW = os.environ.get("TONGBAN_DRAW_PICTURES") == "1"
LARGEST = 40 * 1024
"""Bytes of one picture."""


@pytest.fixture(scope="module")
def visitors(chromium: Browser, demo: Demo) -> Iterator[Visitors]:
    """Everybody whose pages are drawn."""
    everybody = Visitors(chromium, demo)
    yield everybody
    everybody.close()


@pytest.mark.parametrize("name", guide_pictures.ALL)
def test_a_picture_shows_the_page_as_it_is(name: str, visitors: Visitors) -> None:
    page = guide_pictures.ALL[name].open(visitors)
    if DRAW:
        guide_pictures.draw(name, page)
    then, now = guide_pictures.drawn()[name]["words"], iter(guide_pictures.words(page))
    page.close()
    # Other tests may have added to a list meanwhile: what stood there must stand there still, in that order.
    missing = [said for said in then if said not in now]
    assert missing == [], "the page says something else now: make pictures"


def test_every_picture_of_the_guide_is_drawn_and_none_is_left_over() -> None:
    wanted = {step.picture for part in PARTS for section in part.sections for step in section.steps if step.picture}
    assert wanted == guide_pictures.ALL.keys() == guide_pictures.drawn().keys()
    assert {f"{name}.webp" for name in wanted} == {path.name for path in PICTURES.iterdir()}


@pytest.mark.parametrize("name", guide_pictures.ALL)
def test_a_picture_is_small_and_as_large_as_noted(name: str) -> None:
    path = PICTURES / f"{name}.webp"
    assert path.stat().st_size <= LARGEST
    with Image.open(path) as image:
        assert list(image.size) == guide_pictures.drawn()[name]["size"]


@pytest.mark.skipif(DRAW, reason="the demonstration started before they were drawn")
def test_pictures_are_fetched_when_they_come_into_view(visitors: Visitors) -> None:
    page = visitors["nobody"].new_page()
    page.set_viewport_size({"width": 1280, "height": 600})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/help/transfer/units/")
    images = page.locator("main img")
    assert images.count() > 2
    for image in images.all():
        assert all(image.get_attribute(name) for name in ("alt", "width", "height"))
    last = images.last
    last.scroll_into_view_if_needed()
    assert last.evaluate("image => image.decode().then(() => image.naturalWidth)") == guide_pictures.WIDTH
    assert all("127.0.0.1" in url for url in asked)
    page.close()
