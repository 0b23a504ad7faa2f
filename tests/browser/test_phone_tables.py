"""Tables of the desk on a phone: every row is a list, and no cell breaks a date apart."""

from playwright.sync_api import Browser, expect

from tests.browser import walk
from tests.browser.conftest import Demo, violations


def test_rows_become_lists(chromium: Browser, demo: Demo) -> None:
    context = chromium.new_context(
        base_url=demo.platform, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    walk.log_in_staff(page, demo, "operator.one")
    page.goto("/desk/staff/")
    caption, name = page.locator("caption"), page.get_by_role("link", name="reviewer.one", exact=True)
    expect(name).to_be_visible()
    for place in (caption, name):
        lines = place.evaluate(
            "one => one.getClientRects().length + one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)"
        )
        assert lines < 5, "not one character a line"
    label = page.locator("td").first.evaluate("one => getComputedStyle(one, '::before').content")
    assert label == '"登录名"'
    assert violations(page) == []
    context.close()
