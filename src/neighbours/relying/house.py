"""What every business system is made of: storage, sessions, probes, headers, pages for what goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from flask import Flask, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from neighbours.relying.clock import PlatformClock
from neighbours.relying.errors import PlatformUnavailable
from neighbours.relying.language import gettext, marked, speak
from neighbours.relying.options import Options
from neighbours.relying.pages import problem, protect
from neighbours.relying.sessions import StoredSessions
from neighbours.relying.storage import Storage

_HERE = Path(__file__).parent
_BEIJING = timezone(timedelta(hours=8))
_SENTENCES = {
    400: (marked("请求无法处理"), marked("页面可能已过期。请返回重新操作。")),
    404: (marked("没有这个页面"), marked("请检查地址，或回到首页。")),
    405: (marked("不能这样打开"), marked("请回到首页重新操作。")),
}


@dataclass(frozen=True, slots=True)
class House:
    """A business system without its rooms."""

    app: Flask
    storage: Storage
    clock: PlatformClock


def build(name: str, *, title: str, templates: Path, options: Options) -> House:
    """Return the business system `name`; its state is in `options.home / name`."""
    app = Flask("neighbours.relying", template_folder=None, static_folder=str(_HERE / "static"))
    app.jinja_loader = ChoiceLoader([FileSystemLoader(templates), FileSystemLoader(_HERE / "templates")])
    app.jinja_env.filters["moment"] = moment
    app.config["SESSION_COOKIE_NAME"] = f"{name}_session"
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    storage = Storage(options.home / name / f"{name}.sqlite3")
    app.session_interface = StoredSessions(storage, secure=options.address.startswith("https://"))
    app.context_processor(lambda: {"system": name, "title": gettext(title), "platform": options.platform})
    _add_manners(app, options=options)
    speak(app, name=name, secure=options.address.startswith("https://"))
    return House(app, storage, PlatformClock(options.platform))


def add_probes(house: House, *, reachable: Callable[[], bool]) -> None:
    """Answer `/livez`, and `/readyz` when the storage answers and the platform is `reachable`."""

    @house.app.get("/livez")
    def livez() -> ResponseReturnValue:
        return jsonify(alive=True)

    @house.app.get("/readyz")
    def readyz() -> ResponseReturnValue:
        parts = {"storage": house.storage.answers(), "platform": reachable()}
        return jsonify(ready=all(parts.values()), **parts), 200 if all(parts.values()) else 503


def moment(seconds: float) -> str:
    """Return a point in time as people in China read it."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M")


def _add_manners(app: Flask, *, options: Options) -> None:
    own_host = options.address.partition("://")[2]

    @app.before_request
    def use_own_address() -> ResponseReturnValue | None:
        """Cookies and redirect addresses belong to one host name; lead visitors of any other name to it."""
        if request.host == own_host or request.path in {"/livez", "/readyz"}:
            return None
        return redirect(options.address + request.full_path.rstrip("?"), code=308)

    @app.after_request
    def add_headers(response: Response) -> Response:
        return protect(response, options=options)

    @app.errorhandler(PlatformUnavailable)
    def unavailable(error: PlatformUnavailable) -> ResponseReturnValue:
        sentence = gettext("您在本系统的资料没有受影响。请稍后重新进入。")
        return problem(gettext("暂时联系不上政务服务平台"), sentence, status=502)

    @app.errorhandler(HTTPException)
    def http_problem(error: HTTPException) -> ResponseReturnValue:
        heading, sentence = _SENTENCES.get(error.code or 500, (marked("系统出错了"), marked("请稍后再试。")))
        return problem(gettext(heading), gettext(sentence), status=error.code or 500)
