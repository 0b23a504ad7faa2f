"""In which language a system speaks to a browser: Chinese until it is told another, which is then remembered.

Texts are written in Chinese where they are shown; `locale/` holds their translations. The cookie is named after the
system, for systems on one host share cookies whatever their ports.
"""

import gettext as catalogues
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Flask, g, has_app_context, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

LANGUAGES = {"zh-CN": "中文", "en": "English"}
"""The tag (BCP 47) of each language and its name in itself, the source language first."""
SOURCE = next(iter(LANGUAGES))
_A_YEAR = 365 * 24 * 60 * 60  # seconds
_LOCALE = Path(__file__).parents[1] / "locale"
_TRANSLATIONS = {
    tag: catalogues.translation("neighbours", _LOCALE, languages=[tag]) for tag in LANGUAGES if tag != SOURCE
}


def marked(text: str) -> str:
    """Return `text` as it is; says to those who collect texts that `gettext` will be asked for it."""
    return text


def gettext(text: str) -> str:
    """Return `text` in the language spoken now."""
    translations = _TRANSLATIONS.get(spoken())
    return translations.gettext(text) if translations and text else text


def ngettext(one: str, many: str, number: int) -> str:
    """Return one of two texts by `number`, in the language spoken now."""
    translations = _TRANSLATIONS.get(spoken())
    return translations.ngettext(one, many, number) if translations else many


def spoken() -> str:
    """Return the tag of the language spoken now."""
    return kept() or SOURCE


def kept() -> str:
    """Return the tag of the language this browser has been told to be in; "" while nobody has told."""
    return str(g.get("language", "")) if has_app_context() else ""


def passed_on(address: str) -> str:
    """Return an address of the platform with the language that its pages should be in, unless that is the source."""
    if spoken() == SOURCE:
        return address
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode({"ui_locales": spoken()}))))
    return urlunsplit(parts._replace(query=query))


def speak(app: Flask, *, name: str, secure: bool) -> None:
    """Let the system `name` speak what its visitor chose, or what a system passes on as `ui_locales` (OIDC Core)."""
    cookie = f"{name}_language"
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # by i18n
    app.jinja_env.filters["passed_on"] = passed_on
    app.context_processor(_context)

    @app.before_request
    def listen() -> None:
        told = _first_known(request.args.get("ui_locales", "")) if request.method == "GET" else ""
        g.told = told
        g.language = told or _known(request.cookies.get(cookie, ""))

    @app.after_request
    def remember(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = spoken()
        if g.get("told"):
            response.set_cookie(cookie, g.told, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=secure)
        return response

    @app.post("/language/")
    def choose_language() -> ResponseReturnValue:
        """Take the visitor's choice and lead back to where it was made."""
        g.told = g.language = _known(request.form.get("language", "")) or SOURCE
        back = request.form.get("next", "")
        return redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/", code=303)


def _context() -> dict[str, object]:
    others = {tag: name for tag, name in LANGUAGES.items() if tag != spoken()}
    return {"language": spoken(), "other_languages": others}


def _known(tag: str) -> str:
    return tag if tag in LANGUAGES else ""


def _first_known(tags: str) -> str:
    """Return the first language of `ui_locales` that we speak; of a tag the language alone counts."""
    ours = {tag.split("-")[0]: tag for tag in LANGUAGES}
    wanted = (tag.lower().split("-")[0] for tag in tags.split())
    return next((ours[tag] for tag in wanted if tag in ours), "")
