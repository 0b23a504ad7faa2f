"""How a person wants pages: in which language, and normal or in senior mode 长者模式 with larger text and targets."""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language

COOKIE = "tongban_display"
LANGUAGE_COOKIE = "tongban_language"
TAGS = {"zh-hans": "zh-CN", "en": "en"}
"""The language tag (BCP 47) of each language of `settings.LANGUAGES`, as `lang` and Content-Language say it."""
_A_YEAR = 365 * 24 * 60 * 60  # seconds


class Mode(StrEnum):
    """What `data-mode` on `<html>` says."""

    NORMAL = "normal"
    SENIOR = "senior"


@dataclass(frozen=True, slots=True)
class Language:
    """A language to choose: its code, its tag (BCP 47) and its name in itself."""

    code: str
    tag: str
    name: str


def mode(request: HttpRequest) -> Mode:
    """Return the mode kept in the browser; anything unknown is normal."""
    return Mode.SENIOR if request.COOKIES.get(COOKIE) == Mode.SENIOR else Mode.NORMAL


def keep(response: HttpResponse, wanted: Mode, *, secure: bool) -> None:
    """Keep `wanted` in the browser for a year. The cookie holds no personal data and needs no session."""
    response.set_cookie(COOKIE, wanted, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=secure)


def language(request: HttpRequest) -> str:
    """Return the code of the language kept in the browser; anything unknown is the source language, Chinese."""
    return chosen_language(request) or settings.LANGUAGE_CODE


def chosen_language(request: HttpRequest) -> str:
    """Return the code of the language that was chosen in this browser, or "" where none was."""
    kept = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return kept if kept in TAGS else ""


def spoken_language() -> str:
    """Return the code of the language that is spoken now."""
    return known_language(get_language() or "")


def kept_tag(request: HttpRequest) -> str:
    """Return the tag of the language kept in the browser, for systems it goes on to; "" while none is kept."""
    return TAGS.get(passed_on_language(request) or chosen_language(request), "")


def known_language(code: str) -> str:
    """Return `code` if pages can be had in it, else the source language."""
    return code if code in TAGS else settings.LANGUAGE_CODE


def passed_on_language(request: HttpRequest) -> str:
    """Return the first language of `ui_locales` that pages can be had in, unless this browser has chosen: else ""."""
    if request.method != "GET" or LANGUAGE_COOKIE in request.COOKIES or "ui_locales" not in request.GET:
        return ""
    codes = {tag.split("-")[0]: code for code, tag in TAGS.items()}
    wanted = (tag.lower().split("-")[0] for tag in request.GET["ui_locales"].split())
    return next((codes[tag] for tag in wanted if tag in codes), "")


def read_in(request: HttpRequest, code: str) -> HttpResponse | None:
    """Return the way to this page in `code`, for whoever followed a link out of a message in that language.

    `None` where it is spoken already, where this browser has chosen, and where the page was asked for in a language.
    """
    if request.method != "GET" or "ui_locales" in request.GET or chosen_language(request) or code == spoken_language():
        return None
    return HttpResponseRedirect(f"{request.path}?ui_locales={TAGS[code]}")


def keep_language(response: HttpResponse, code: str, *, secure: bool) -> None:
    """Keep the language in the browser for a year, as `keep` does the mode; an unknown one becomes Chinese."""
    chosen = known_language(code)
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=secure)


def language_named(code: str) -> Language:
    """Return the language with this code."""
    return Language(code, TAGS[code], dict(settings.LANGUAGES)[code])


def html_language() -> str:
    """Return the tag of the language that is spoken now."""
    return TAGS[spoken_language()]


def other_languages() -> list[Language]:
    """Return the languages one can change to."""
    spoken = spoken_language()
    return [language_named(code) for code, _name in settings.LANGUAGES if code != spoken]
