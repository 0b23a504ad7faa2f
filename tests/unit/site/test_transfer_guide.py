"""The guide for people whose account was carried over."""

import gettext as catalogues
import re
from pathlib import Path

import pytest
from django.utils import translation

from neighbours.torch.outcomes import WORDS
from tests.journeys.visitor import Visitor
from tongban.design import display
from tongban.site import queries, transfer_guide
from tongban.transfer.rules import Outcome

pytestmark = pytest.mark.django_db
LOCALE = Path(__file__).parents[3] / "src" / "neighbours" / "locale"


def test_every_part_is_a_page_and_leads_to_the_next() -> None:
    visitor = Visitor().get("/help/").click("火炬中心账号转移使用说明")
    seen = [visitor.heading]
    while following := [label for label in visitor.links() if label.startswith("下一页：")]:
        visitor.click(following[0])
        seen.append(visitor.heading)
    assert seen == [str(part.title) for part in transfer_guide.PARTS]


def test_every_outcome_of_the_search_has_its_section() -> None:
    sections = [section for part in transfer_guide.PARTS for section in part.sections]
    slugs = [section.slug for section in sections]
    assert {outcome.value for outcome in Outcome} | {"E0a", "E0b", "P0"} <= set(slugs)
    assert len(slugs) == len(set(slugs))


def test_pages_link_to_pages_that_exist_and_pictures_have_words() -> None:
    for part in transfer_guide.PARTS:
        page = Visitor().get(part.url)
        assert page.status == 200
        for section in part.sections:
            assert len(section.links) == len(section.leads_to), section.slug
            assert all(step.alt for step in section.steps if step.picture)
        images = page.page.findall(".//main//img")
        assert all(image.get("loading") == "lazy" and image.get("width") for image in images)


@pytest.mark.parametrize("code", display.TAGS)
def test_sections_are_named_as_the_search_names_its_results(code: str) -> None:
    """One is told to look for the section that is called like one's result: in whichever language one reads both."""
    tag = display.TAGS[code]
    sections = {section.slug: section for part in transfer_guide.PARTS for section in part.sections}
    result = catalogues.translation("neighbours", LOCALE, languages=[tag], fallback=tag == "zh-CN").gettext
    for outcome, said in WORDS.items():
        with translation.override(code):
            assert sections[outcome].said == result(said.heading), outcome


def test_readers_of_english_are_told_that_pictures_are_chinese() -> None:
    visitor = Visitor().get("/help/transfer/")
    assert visitor.page.xpath("//figcaption") == []
    visitor.submit("English")
    captions = [caption.text for caption in visitor.page.xpath("//figure/figcaption")]
    assert set(captions) == {"The page in the picture is in Chinese."}
    assert len(captions) == len(visitor.page.xpath("//figure"))
    assert not any(re.search("[\u4e00-\u9fff]", image.get("alt")) for image in visitor.page.xpath("//figure/img"))


def test_a_page_that_is_none_is_not_found() -> None:
    assert Visitor().get("/help/transfer/nothing/").status == 404
    assert Visitor().get("/help/transfer/search/").status == 404, "the first part has one address"


def test_the_search_finds_it() -> None:
    (found,) = queries.search("HJ_ 统一社会信用代码 例如")
    assert [hit.url for hit in found.hits] == ["/help/transfer/units/#E3"]
