"""The pictures of the guide for transferred users: which page each shows, and what stood on it when it was drawn.

`make pictures` draws them (`TONGBAN_DRAW_PICTURES=1`). Without, the same pages are opened and compared by their words.
"""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser import walk
from tests.browser.visitors import Visitors, Who
from tongban.site.transfer_guide import DRAWN, PICTURES

WIDTH, HIGHEST, COLOURS = 760, 620, 48
_MARGIN = 20
_FIXED_DAY = "2026-12-01"
_FOR_PEOPLE = "h1, h2, h3, legend, label, button, a, dt"
# What differs from drawing to drawing is drawn as if it did not: the picture of a 验证码, days and times.
_CALM = """main => {
  for (const image of main.querySelectorAll('img')) image.removeAttribute('src');
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    let year = 2025;
    walker.currentNode.data = walker.currentNode.data
      .replace(/\\d{4}-\\d\\d-\\d\\d/g, () => `${++year}-12-01`).replace(/\\d\\d:\\d\\d/g, '09:00');
  }
}"""
_TOP = "main => Math.min(...[...main.children].map(one => one.getBoundingClientRect().top + scrollY))"
_WORDS = """(main, what) => [...main.querySelectorAll(what)]
  .filter(one => one.checkVisibility()).map(one => one.textContent.replace(/\\s+/g, ' ').trim()).filter(Boolean)"""


@dataclass(frozen=True, slots=True)
class Picture:
    """Whose page it is and how one gets to it: by its address, and perhaps by what one does there."""

    who: Who
    address: Callable[[Visitors], str]
    go_on: Callable[[Page, Visitors], None] | None = None

    def open(self, visitors: Visitors) -> Page:
        """Return the page, as wide as the picture."""
        page = visitors[self.who].new_page()
        page.set_viewport_size({"width": WIDTH, "height": 900})
        page.goto(self.address(visitors))
        if self.go_on:
            self.go_on(page, visitors)
        return page


def _here(path: str) -> Callable[[Visitors], str]:
    return lambda visitors: path


def _at_torch(path: str) -> Callable[[Visitors], str]:
    return lambda visitors: f"http://127.0.0.1:{visitors.demo.port + 1}{path}"


def _consent(visitors: Visitors) -> str:
    callback = f"http://127.0.0.1:{visitors.demo.port + 2}/callback/"
    return (
        f"/oidc/authorize?response_type=code&client_id=hnte&redirect_uri={callback}&scope=openid%20profile%20unit"
        f"&code_challenge={'a' * 43}&code_challenge_method=S256&prompt=consent"
    )


def _search(page: Page, visitors: Visitors) -> None:
    """Search for a unit whose account goes on as it was."""
    known = next(one for one in visitors.demo.json("/demo/torch.json") if one["outcome"] == "E1")
    answer = page.request.get(f"http://127.0.0.1:{visitors.demo.port + 1}/demo/captcha.json").json()["answer"]
    walk.fill(page, 统一社会信用代码=known["key"], 验证码=answer)
    walk.click(page, "检索")
    expect(page.get_by_role("main")).to_contain_text("账号检索结果")


ALL: dict[str, Picture] = {
    "torch-home": Picture("nobody", _at_torch("/")),
    "torch-unit": Picture("nobody", _at_torch("/search/")),
    "torch-person": Picture("nobody", _at_torch("/search/person/")),
    "torch-found": Picture("nobody", _at_torch("/search/"), _search),
    "register-legal": Picture("nobody", _here("/register/legal/")),
    "log-in-legal": Picture("nobody", _here("/log-in/legal/")),
    "log-in-natural": Picture("nobody", _here("/log-in/natural/")),
    "forgotten": Picture("nobody", _here("/recover/")),
    "appeal-natural": Picture("nobody", _here("/recover/natural/appeal/")),
    "services": Picture("nobody", _here("/services/for/legal/")),
    "profile": Picture("agent", _here("/account/profile/")),
    "first-log-in": Picture("brought", _here("/account/transfer/")),
    "held": Picture("agent", _here("/account/mandates/")),
    "consent": Picture("agent", _consent),
    "offer": Picture("legal", _here("/account/representatives/offer/")),
}


def words(page: Page) -> list[str]:
    """Return what the page says to whoever follows the guide: headings, labels, buttons, links; without days."""
    found: list[str] = _main(page).evaluate(_WORDS, _FOR_PEOPLE)
    return [re.sub(r"\d{4}-\d\d-\d\d", _FIXED_DAY, one) for one in found]


def drawn() -> dict[str, Any]:
    """Return what is known of the pictures that stand in the source."""
    known: dict[str, Any] = json.loads(DRAWN.read_text(encoding="utf-8")) if DRAWN.exists() else {}
    return known


def draw(name: str, page: Page) -> None:
    """Draw the picture and note its size and words."""
    said = words(page)
    main = _main(page)
    main.evaluate(_CALM)
    box = main.bounding_box()
    assert box
    top = main.evaluate(_TOP) - _MARGIN
    clip = {"x": 0, "y": top, "width": WIDTH, "height": min(box["y"] + box["height"] - top, HIGHEST)}
    shot = page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")  # type: ignore[arg-type]
    image = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    PICTURES.mkdir(parents=True, exist_ok=True)
    image.save(PICTURES / f"{name}.webp", lossless=True, quality=100, method=6)
    known = {**drawn(), name: {"size": list(image.size), "words": said}}
    text = json.dumps(dict(sorted(known.items())), ensure_ascii=False, indent=1)
    DRAWN.write_text(text + "\n", encoding="utf-8")


def _main(page: Page) -> Locator:
    return page.locator("main").first
