"""The printed guide, followed word for word in a browser, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.conftest import Demo

BADGE = "已实名认证"


@pytest.fixture
def unique(request: pytest.FixtureRequest) -> str:
    """A login name for this test and its variant."""
    return "walker-" + re.sub(r"[^a-z]+", "-", request.node.name.lower()).strip("-")[-24:]


def enter(page: Page, audience: str, service: str) -> None:
    """服务事项 → 按用户 → audience → service → 办理入口."""
    walk.click(page, "服务事项")
    expect(page.get_by_text("按用户").first).to_be_visible()
    walk.click(page, audience)
    walk.click(page, service)
    walk.click(page, "办理入口")


def test_a_natural_person_is_verified_and_enters(page: Page, demo: Demo, unique: str) -> None:
    person = walk.free(demo, "people", "match")
    walk.register_natural(page, demo, unique)
    walk.log_in(page, "自然人", unique)
    walk.verify_person(page, person)
    expect(page.get_by_text(BADGE, exact=True).first).to_be_visible()
    enter(page, "自然人", "科技人才信息登记")
    walk.click(page, "同意并继续")
    expect(page.get_by_text(person["name"]).first).to_be_visible()
    assert page.url.startswith(f"http://127.0.0.1:{demo.port + 3}/")

    page.goto(demo.platform)
    enter(page, "法人单位", "高企认定")
    assert page.url.startswith(demo.platform)
    expect(page.get_by_role("main")).to_contain_text("法人")


def test_a_legal_person_is_verified_and_enters_both_systems(page: Page, demo: Demo) -> None:
    unit, agent = walk.free(demo, "units", "match"), walk.free(demo, "people", "match")
    walk.register_legal(page, demo, unit)
    walk.log_in(page, "法人", unit["uscc"])
    walk.verify_unit(page, unit, agent)
    expect(page.get_by_text(BADGE, exact=True).first).to_be_visible()
    for service, port in (("高企认定", demo.port + 2), ("科小企评价", demo.port + 3)):
        page.goto(demo.platform)
        enter(page, "法人单位", service)
        walk.click(page, "同意并继续")
        assert page.url.startswith(f"http://127.0.0.1:{port}/")
        expect(page.get_by_text(unit["name"]).first).to_be_visible()


def test_a_wrong_name_gets_a_helpful_page(page: Page, demo: Demo, unique: str) -> None:
    person = walk.free(demo, "people", "match")
    walk.register_natural(page, demo, unique)
    walk.log_in(page, "自然人", unique)
    walk.verify_person(page, person, name="完全不同")
    main = page.get_by_role("main")
    expect(main).to_contain_text("不一致")
    expect(page.get_by_text(BADGE, exact=True)).to_have_count(0)


def test_an_unanswered_check_heals_by_itself(page: Page, demo: Demo, unique: str) -> None:
    person = walk.free(demo, "people", "unavailable")
    walk.register_natural(page, demo, unique)
    walk.log_in(page, "自然人", unique)
    walk.verify_person(page, person)
    expect(page.get_by_role("main")).to_contain_text("核验中")
    demo.post("/demo/authority", available=True)
    for _ in range(40):
        page.wait_for_timeout(500)
        page.reload()
        if page.get_by_text(BADGE, exact=True).count():
            break
    expect(page.get_by_text(BADGE, exact=True).first).to_be_visible()
