"""English pages as their reader meets them: no Chinese but what somebody wrote, and that marked as Chinese."""

import gettext
import re
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

import tongban

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_FOUND = """() => {
  const isMarked = (element) => (element.closest('[lang]')?.lang ?? '').startsWith('zh')
  const said = [], written = [], cases = []  // what cases hold stands in bdi
  const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement
    // The letter of authorisation is signed in Chinese whatever the page speaks.
    if (parent.closest('script, style, textarea, .letter[lang]')) continue
    const text = texts.currentNode.data.trim()
    if (!text) continue
    if (!isMarked(parent)) said.push(text)
    else (parent.closest('bdi') ? cases : written).push(text)
  }
  const attributes = ['title', 'alt', 'aria-label', 'placeholder', 'data-wait', 'data-other', 'label']
  for (const element of document.querySelectorAll('body *')) {
    for (const name of attributes) if (element.hasAttribute(name)) said.push(element.getAttribute(name))
    if (element.matches('input[type=submit], input[type=button], input[type=reset]')) said.push(element.value)
  }
  return [document.documentElement.lang, said, written, cases]
}"""


@cache
def _sentences() -> dict[str, str]:
    """Return what the platform says itself: each Chinese text and its English."""
    with (Path(tongban.__file__).parent / "locale/en/LC_MESSAGES/django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    known: dict[str, str] = vars(catalogue)["_catalog"]
    return {text: english for text, english in known.items() if isinstance(text, str)}


def chinese(page: Page) -> list[str]:
    """Return what the English page says in Chinese, empty when nothing.

    What is marked as Chinese was written by somebody: a name, a reason, a notice. The title of the page and the names
    of pictures and controls have no place for the mark, so what is marked elsewhere on the page may stand in them.
    What the platform says itself is not excused by the mark.
    """
    language, said, written, cases = page.evaluate(_FOUND)
    assert language == "en", page.url
    left = []
    for text in said:
        rest = text
        for name in sorted({*written, *cases} - {""}, key=len, reverse=True):
            rest = rest.replace(name, "")
        if CHINESE.search(rest):
            left.append(text)
    return left + [text for text in written if text in _sentences() and text not in WRITTEN_AND_SAID]


WRITTEN_AND_SAID = {"高企认定", "科小企评价", "营业执照"}
"""Names of services and materials as operators write them, which are in texts of the platform as well."""
