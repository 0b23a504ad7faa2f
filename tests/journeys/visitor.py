"""A person with a browser and no JavaScript: reads pages, clicks what they see, fills in fields by their labels.

Every page that comes back is linted (`tests/journeys/html.py`). Cookies and CSRF protection work as in production.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlencode, urljoin, urlsplit

import brotli
from django.core.files.base import File
from django.test import Client

from tests.journeys.html import Element, controls, labels_of, lint, parse, words
from tongban.design import display

Value: TypeAlias = "str | bool | File[bytes] | Sequence[File[bytes]]"
_MOST_REDIRECTS = 10
_PAGE_BUDGET = 10 * 1024
"""Bytes of a page's HTML, compressed with brotli."""


class Lost(AssertionError):
    """The person cannot find what the journey tells them to use; the message says what is there."""


class Visitor:
    """One person, one browser. After each step `path`, `status`, `heading`, `text` describe the page in front of them.

    `left_to` is the address of another site to which a step led (it is not visited), or "".
    """

    host = "testserver"

    def __init__(self, client: Any = None) -> None:
        self.client: Any = client or Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
        self.path = "/"
        self.status = 0
        self.left_to = ""
        self.redirects: list[str] = []
        self.response: Any = None
        self._page: Element | None = None
        self._typed: dict[Element, Value] = {}

    def speak(self, language: str) -> "Visitor":
        """Have pages in `language` from now on; the one in front of the person stays as it is."""
        self.client.cookies[display.LANGUAGE_COOKIE] = language
        return self

    # Going somewhere

    def get(self, path: str, data: Mapping[str, str] | None = None, *, follow: bool = True) -> "Visitor":
        """Open `path` as if typed into the address bar."""
        url = f"{path}?{urlencode(data)}" if data else path
        return self._receive(self.client.get(url), url, follow=follow)

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, follow: bool = True) -> "Visitor":
        """Post `data` as a hand-made program would, with this browser's CSRF token and no form on any page."""
        headers = {"x-csrftoken": cookie.value} if (cookie := self.client.cookies.get(self._csrf_cookie)) else {}
        response = self.client.post(path, dict(data or {}), headers=headers)
        return self._receive(response, path, follow=follow)

    def follow(self) -> "Visitor":
        """Go where a redirect received with `follow=False` leads."""
        return self._follow()

    def reload(self) -> "Visitor":
        """Open the same address again."""
        return self.get(self.path)

    def click(self, label: str, *, near: str = "") -> "Visitor":
        """Follow the link with exactly this text, or press such a button.

        Where several lead to different places, `near` is text of the item (li, article, section, tr) that holds it.
        """
        links = self._holding(self._reading("a[@href]", label), near)
        targets = {link.get("href") for link in links}
        if len(targets) > 1:
            raise Lost(f"{len(targets)} links say {label!r}: {sorted(targets)}; use near=")
        if targets:
            return self.get(urljoin(self.path, targets.pop()))
        return self.submit(label, near=near)

    # Filling in and sending

    def fill(self, values: Mapping[str, Value]) -> "Visitor":
        """Fill in fields by their labels.

        Text for text fields; the option's or radio button's text for choices (the key is the label or the legend);
        `True`/`False` for tick boxes; files for uploads.
        """
        for label, value in values.items():
            self._fill_one(label, value)
        return self

    def submit(self, button: str, *, near: str = "", follow: bool = True) -> "Visitor":
        """Press the button with exactly this text: sends its form as a browser would."""
        buttons = self._holding(self._reading("button", button), near)
        forms = {form for found in buttons for form in found.iterancestors("form")}
        if len(forms) != 1:
            raise Lost(f"{len(forms)} forms have a button {button!r}; {self._clickable()}")
        form, pressed = forms.pop(), buttons[0]
        data = self._successful(form)
        if pressed.get("name"):
            data.append((pressed.get("name"), pressed.get("value", "")))
        action = urljoin(self.path, pressed.get("formaction") or form.get("action") or self.path)
        if (form.get("method") or "get").lower() == "get":
            fields = [(name, value) for name, value in data if isinstance(value, str)]
            return self.get(f"{action.partition('?')[0]}?{urlencode(fields)}", follow=follow)
        return self._receive(self._send(form, action, data), action, follow=follow)

    # Reading

    @property
    def page(self) -> Element:
        """The parsed page in front of the person."""
        if self._page is None:
            raise Lost(f"{self.path} is not a page")
        return self._page

    @property
    def heading(self) -> str:
        """The h1."""
        return words(self.page.find(".//h1"))

    @property
    def title(self) -> str:
        """The title of the window."""
        return words(self.page.find(".//title"))

    @property
    def text(self) -> str:
        """Everything in main."""
        return words(self.page.find(".//main"))

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary, in order."""
        return [words(item) for item in self.page.xpath(".//main//*[contains(@class, 'error-summary')]//li")]

    def links(self) -> dict[str, str]:
        """Return the text and address of every link of the page."""
        return {words(link): link.get("href") for link in self.page.findall(".//a[@href]")}

    def value(self, label: str) -> str:
        """Return what stands in the field with this label."""
        control = self._control(label)
        if control.tag == "textarea":
            return (control.text or "").removeprefix("\n")
        if control.tag == "select":
            return next((words(option) for option in control.iter("option") if option.get("selected") is not None), "")
        return control.get("value") or ""

    # How it works

    @property
    def _csrf_cookie(self) -> str:
        from django.conf import settings

        name: str = settings.CSRF_COOKIE_NAME
        return name

    def _receive(self, response: Any, url: str, *, follow: bool) -> "Visitor":
        self.response, self.status, self.left_to = response, response.status_code, ""
        parts = urlsplit(urljoin(self.path, url))
        self.path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self._typed, self._page = {}, None
        if 300 <= self.status < 400:
            self.redirects = [*self.redirects, self.path] if follow else []
            return self._follow() if follow else self
        self.redirects = []
        if response.headers.get("Content-Type", "").startswith("text/html"):
            self._page = parse(response.content)
            lint(self._page, response.headers)
            assert len(brotli.compress(response.content, quality=5)) <= _PAGE_BUDGET, f"{self.path} is too heavy"
        return self

    def _follow(self) -> "Visitor":
        target = urljoin(f"http://{self.host}{self.path}", self.response.headers["Location"])
        parts = urlsplit(target)
        if len(self.redirects) > _MOST_REDIRECTS:
            raise Lost(f"redirected in a circle: {self.redirects}")
        if parts.netloc != self.host:
            self.left_to, self.redirects = target, []
            return self
        url = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self._receive(self.client.get(url), url, follow=True)

    def _reading(self, what: str, label: str) -> list[Element]:
        return [found for found in self.page.xpath(f".//{what}") if words(found) == label]

    def _holding(self, found: list[Element], near: str) -> list[Element]:
        if not near:
            return found
        items = ("li", "article", "section", "tr", "div", "form")
        distances = {one: self._distance(one, near, items) for one in found}
        least = min(distances.values(), default=None)
        return [one for one, distance in distances.items() if distance == least and distance is not None]

    @staticmethod
    def _distance(element: Element, near: str, items: tuple[str, ...]) -> int:
        holders = list(element.iterancestors(*items))
        return next((number for number, holder in enumerate(holders) if near in words(holder)), len(holders) + 99)

    def _clickable(self) -> str:
        texts = {words(element) for element in self.page.xpath(".//a[@href] | .//button")}
        return f"{self.path} ({self.heading}) offers {sorted(texts)}"

    def _control(self, label: str) -> Element:
        found = [
            control
            for control in controls(self.page)
            if control.get("type") != "radio" and any(words(one) == label for one in labels_of(self.page, control))
        ]
        if len(found) != 1:
            known = sorted({words(one) for one in self.page.xpath(".//main//label | .//main//legend")})
            raise Lost(f"{len(found)} fields have the label {label!r}; {self.path} has {known}")
        return found[0]

    def _fill_one(self, label: str, value: Value) -> None:
        groups = [group for group in self.page.findall(".//fieldset") if words(group.find("./legend")) == label]
        if groups and isinstance(value, str):
            self._choose(groups[0], value)
            return
        control = self._control(label)
        if control.tag == "select":
            options = {words(option): option.get("value", words(option)) for option in control.iter("option")}
            if value not in options:
                raise Lost(f"{label!r} offers {sorted(options)}, not {value!r}")
            value = options[str(value)]
        self._typed[control] = value

    def _choose(self, group: Element, text: str) -> None:
        radios = {words(labels_of(self.page, radio)[0]): radio for radio in group.xpath(".//input[@type='radio']")}
        if text not in radios:
            raise Lost(f"{words(group.find('./legend'))!r} offers {sorted(radios)}, not {text!r}")
        for radio in radios.values():
            self._typed[radio] = radio is radios[text]

    def _successful(self, form: Element) -> list[tuple[str, Any]]:
        """Return the names and values a browser would send (HTML, "constructing the form data set")."""
        data: list[tuple[str, Any]] = []
        for control in form.iter("input", "select", "textarea"):
            name = control.get("name")
            if name and control.get("disabled") is None and not control.xpath("ancestor::fieldset[@disabled]"):
                data += [(name, value) for value in self._values(control)]
        return data

    def _values(self, control: Element) -> list[Any]:
        typed = self._typed.get(control)
        kind = control.get("type", "text") if control.tag == "input" else control.tag
        if kind in {"submit", "button", "reset", "image"}:
            return []
        if kind in {"checkbox", "radio"}:
            ticked = control.get("checked") is not None if typed is None else typed
            return [control.get("value", "on")] if ticked else []
        if kind == "file":
            return [] if typed is None else list(typed) if isinstance(typed, list | tuple) else [typed]
        if typed is not None:
            return [typed]
        return [_standing(control, kind)]

    def _send(self, form: Element, action: str, data: list[tuple[str, Any]]) -> Any:
        fields: dict[str, Any] = {}
        for name, value in data:
            fields.setdefault(name, []).append(value)
        headers = {"referer": f"http://{self.host}{self.path}"}
        if form.get("enctype") == "multipart/form-data":
            return self.client.post(action, fields, headers=headers)
        return self.client.post(
            action,
            urlencode(fields, doseq=True),
            content_type="application/x-www-form-urlencoded",
            headers=headers,
        )


def _standing(control: Element, kind: str) -> str:
    """Return what a text field or a select holds when nobody has touched it."""
    if kind == "textarea":
        return (control.text or "").removeprefix("\n")
    if kind == "select":
        options = list(control.iter("option"))
        chosen = next((option for option in options if option.get("selected") is not None), options[0])
        return str(chosen.get("value", words(chosen)))
    return control.get("value") or ""
