"""What every page of the platform must be, whatever else it says: the rules a page breaks, one sentence each.

The parser is html5lib in strict mode, so a page that a browser would have to repair is refused here.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import html5lib
from html5lib.html5parser import ParseError
from lxml import etree

# An lxml element. Its stubs type every answer of xpath as a union of eight things, which no reader is helped by.
Element = Any
_CONTROLS = ".//input[not(@type) or not(@type='hidden' or @type='submit' or @type='button' or @type='reset')]"
_REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "aria-errormessage", "list")
_CONTENT_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_LEFTOVERS = re.compile(r"\{\{|\{%|%\(\w+\)s|(?<![A-Za-z])(?:None|True|False)(?![A-Za-z])")


class BrokenPage(AssertionError):
    """A page breaks rules; the message lists them all."""


def parse(source: bytes | str) -> Element:
    """Parse a page strictly; raises `BrokenPage` naming the first mistake and where it is."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), strict=True, namespaceHTMLElements=False)
    text = source.decode() if isinstance(source, bytes) else source
    try:
        root: Element = parser.parse(text).getroot()
    except ParseError as error:
        line, column = parser.tokenizer.stream.position()
        around = text.splitlines()[line - 1][max(0, column - 60) : column + 20] if line else ""
        raise BrokenPage(f"not valid HTML, line {line} column {column}: {error} near {around!r}") from None
    return root


def words(element: Element | None) -> str:
    """Return the text of `element` as a person reads it: white space collapsed, scripts left out."""
    if element is None:
        return ""
    parts = element.xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::template)]")
    return " ".join("".join(parts).split())


def lint(page: Element, headers: Mapping[str, str]) -> None:
    """Check a parsed page and the headers it came with; raises `BrokenPage` with every rule it breaks."""
    problems = [problem for rule in _RULES for problem in rule(page)]
    problems += _security(headers)
    if problems:
        raise BrokenPage("\n".join(["the page breaks these rules:", *problems]))


def _skeleton(page: Element) -> Iterator[str]:
    if not page.get("lang"):
        yield "html has no lang"
    for name in ("title", "main"):
        if len(page.findall(f".//{name}")) != 1:
            yield f"there must be exactly one {name}"
    if page.find(".//a[@href='#main']") is None or page.find(".//main[@id='main']") is None:
        yield "a skip link must lead to main"


def _title(page: Element) -> Iterator[str]:
    headings = page.findall(".//h1")
    if len(headings) != 1:
        yield f"there must be exactly one h1, not {len(headings)}"
        return
    title, heading = words(page.find(".//title")), words(headings[0])
    if not heading:
        yield "the h1 is empty"
    wrong = page.xpath(".//*[@aria-invalid='true'] | .//*[contains(@class, 'error-summary')]")
    prefix = "Error: " if page.get("lang") == "en" else "错误："
    wanted = f"{prefix}{heading}" if wrong else heading
    if not title.startswith(wanted):
        yield f"the title {title!r} does not start with {wanted!r}"


def _headings(page: Element) -> Iterator[str]:
    level = 0
    for heading in page.xpath(".//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"):
        here = int(heading.tag[1])
        # The error summary stands above the h1 and has an h2 of its own.
        if here > level + 1 and not (level == 0 and heading.xpath("ancestor::*[@role='alert']")):
            yield f"heading {words(heading)!r} skips a level (h{level} to h{here})"
        level = here if not heading.xpath("ancestor::*[@role='alert']") else level


def _ids(page: Element) -> Iterator[str]:
    ids = Counter(page.xpath(".//@id"))
    yield from (f"the id {name!r} appears {times} times" for name, times in ids.items() if times > 1)
    for name in _REFERENCES:
        for element in page.xpath(f".//*[@{name}]"):
            yield from (f"{name}={target!r} leads nowhere" for target in element.get(name).split() if target not in ids)
    for target in page.xpath(".//a[starts-with(@href, '#')]/@href"):
        if target[1:] not in ids:
            yield f"the link {target} leads nowhere"


def controls(page: Element) -> list[Element]:
    """Return everything on the page (or in a form) that a person can fill in."""
    return [*page.xpath(_CONTROLS), *page.findall(".//select"), *page.findall(".//textarea")]


def labels_of(page: Element, control: Element) -> list[Element]:
    """Return the labels of a control: those that name its id and the one it stands in."""
    named = page.xpath(".//label[@for=$id]", id=control.get("id")) if control.get("id") else []
    return [*named, *(label for label in control.iterancestors("label") if label not in named)]


def _labels(page: Element) -> Iterator[str]:
    for control in controls(page):
        name = control.get("name") or control.get("id") or control.tag
        labels = labels_of(page, control)
        if len(labels) != 1:
            yield f"the control {name!r} must have exactly one label, not {len(labels)}"
        elif not words(labels[0]):
            yield f"the label of {name!r} is empty"
        elif any(words(child) for child in labels[0] if child is not control):
            yield f"the label of {name!r} must hold its text and nothing else: {words(labels[0])!r}"
        if control.get("type") == "image":
            yield f"{name!r}: image buttons are not used"
    for group in page.findall(".//fieldset"):
        if not words(group.find("./legend")):
            yield "a fieldset has no legend"


def _names(page: Element) -> Iterator[str]:
    for element in page.xpath(".//a[@href] | .//button[not(@hidden)] | .//summary"):
        if not words(element) and not element.xpath(".//img[string-length(@alt) > 0]"):
            yield f"a {element.tag} has no text: {etree.tostring(element, encoding='unicode')[:120]}"
    for button in page.xpath(".//input[@type='submit' or @type='button' or @type='reset']"):
        yield f"use button, not input, for {button.get('value')!r}"
    for image in page.findall(".//img"):
        if image.get("alt") is None:
            yield f"the image {image.get('src')!r} has no alt"


def _landmarks(page: Element) -> Iterator[str]:
    """Parts of a page that a screen reader lists side by side must not have the same name."""
    names: Counter[tuple[str, str]] = Counter()
    for element in page.xpath(".//section | .//nav | .//aside | .//form[@role]"):
        label = element.get("aria-label") or " ".join(
            words(page.find(f".//*[@id='{name}']")) for name in (element.get("aria-labelledby") or "").split()
        )
        if label or element.tag != "section":
            names[element.tag, label] += 1
    yield from (f"{times} {tag} are called {label!r}" for (tag, label), times in names.items() if times > 1)


def _styles_and_scripts(page: Element) -> Iterator[str]:
    if page.find(".//style") is not None or page.find(".//*[@style]") is not None:
        yield "styles stand in the style sheet, not on the page"
    if page.xpath(".//script[not(@src)]"):
        yield "scripts stand in files, not on the page"
    for name in page.xpath(".//@*[starts-with(name(), 'on')]"):
        yield f"{name.getparent().tag} has {name.attrname}"


def _addresses(page: Element) -> Iterator[str]:
    for address in page.xpath(".//@href | .//@action | .//@src | .//@formaction"):
        if address.strip().lower().startswith(("javascript:", "data:text")):
            yield f"the address {address!r} is a script"
    for address in page.xpath(".//link[@rel='stylesheet']/@href | .//script/@src | .//img/@src | .//audio/@src"):
        if not re.match(r"/(?!/)|data:image/", address):
            yield f"{address!r} comes from elsewhere"


def _order(page: Element) -> Iterator[str]:
    if page.xpath(".//*[@tabindex > 0]"):
        yield "tabindex changes the order of reading"


def _forms(page: Element) -> Iterator[str]:
    for form in page.findall(".//form"):
        method, action = (form.get("method") or "get").lower(), form.get("action") or ""
        inside = action.startswith("/") and not action.startswith("//")
        if method == "post" and (not action or inside) and form.find(".//input[@name='csrfmiddlewaretoken']") is None:
            yield f"the form to {action or 'this page'!r} has no CSRF token"
        if form.find(".//button") is None:
            yield f"the form to {action or 'this page'!r} has no button"


def _old_habits(page: Element) -> Iterator[str]:
    for tag in ("center", "font", "marquee", "nobr", "frame", "frameset", "iframe"):
        if page.find(f".//{tag}") is not None:
            yield f"{tag} is not used"
    for table in page.findall(".//table"):
        if table.find(".//th") is None or table.find("./caption") is None:
            yield "a table has a caption and header cells"
        if "table" not in table.getparent().get("class", "").split():
            yield "a table stands in an element of class table, which scrolls so that the page need not"
    for element in page.xpath(
        ".//main//*[@width or @height or @align or @bgcolor][not(self::img)][not(ancestor-or-self::svg)]"
    ):
        yield f"{element.tag} is sized or placed by an attribute"
    left = _LEFTOVERS.search(words(page.find(".//body")))
    if left:
        yield f"something was not filled in: {left.group()!r}"


def _language(page: Element) -> Iterator[str]:
    """What an English page says in Chinese was written by somebody, and is marked as Chinese."""
    if page.get("lang") != "en":
        return
    texts = page.xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::textarea)]")
    chinese = {text: text.getparent().xpath("string(ancestor-or-self::*[@lang][1]/@lang)") for text in texts}
    # The title and the names of controls have no place for a mark: what is marked on the page may stand in them.
    written = sorted({text.strip() for text, tag in chinese.items() if tag.startswith("zh")}, key=len, reverse=True)
    said = [str(text) for text, tag in chinese.items() if not tag.startswith("zh")]
    said += page.xpath(".//body//@title | .//@alt | .//@aria-label | .//@placeholder | .//@data-wait | .//@data-other")
    for text in said:
        rest = text
        for name in filter(None, written):
            rest = rest.replace(name, "")
        if _CHINESE.search(rest):
            yield f"an English page says {text.strip()!r}"


_RULES = (
    _language,
    _skeleton,
    _title,
    _headings,
    _ids,
    _labels,
    _names,
    _landmarks,
    _styles_and_scripts,
    _addresses,
    _order,
    _forms,
    _old_habits,
)


def _security(headers: Mapping[str, str]) -> Iterator[str]:
    policy = {
        directive: value
        for directive, _, value in (
            part.strip().partition(" ") for part in headers.get("Content-Security-Policy", "").split(";")
        )
    }
    for directive, value in _CONTENT_POLICY.items():
        if policy.get(directive) != value:
            yield f"the content security policy must say {directive} {value}"
    if "'unsafe" in headers.get("Content-Security-Policy", ""):
        yield "the content security policy allows something unsafe"
    for name, value in (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin")):
        if headers.get(name) != value:
            yield f"the header {name} must be {value}"
