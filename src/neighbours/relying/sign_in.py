"""The endpoints every desk has: come in, come in from the platform, come back with a code, leave."""

import time
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.flask_client import OAuthError
from flask import Blueprint, current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from neighbours.relying.desk import Desk
from neighbours.relying.errors import ClaimsMissing, ForeignAnswer
from neighbours.relying.form_token import check_form_token, form_token
from neighbours.relying.language import gettext, marked
from neighbours.relying.options import Options
from neighbours.relying.pages import problem
from neighbours.relying.provider import Provider
from neighbours.relying.sessions import StoredSession
from neighbours.relying.storage import Storage
from neighbours.relying.visitor import Visitor

_REFUSED = {
    "access_denied": (
        marked("您没有同意提供信息"),
        marked("您在授权页面选择了不同意，或不符合进入条件，所以没有登录本系统。"),
    ),
    "login_required": (marked("请先登录政务服务平台"), marked("平台上没有您的登录状态。")),
    "consent_required": (marked("需要您的同意"), marked("进入本系统前，请在平台的授权页面确认要提供的信息。")),
    "server_error": (marked("平台暂时没能完成登录"), marked("请稍后再试，您填写的内容不会丢失。")),
    "temporarily_unavailable": (marked("平台正忙"), marked("请稍后再试。")),
}
_BROKEN = (marked("登录没有完成"), marked("这次登录已过期，或不是从本页面发起的。请重新进入。"))


def visitor_at(desk: Desk) -> Visitor | None:
    """Return who is signed in at `desk` in this browser."""
    data = session.get(_key(desk))
    return Visitor.from_session(data) if data else None


class DeskPages:
    """The pages of one desk: home, log-in, initiate-login, callback, log-out, logged-out."""

    def __init__(self, desk: Desk, *, provider: Provider, options: Options, storage: Storage) -> None:
        self.desk = desk
        self._provider = provider
        self._options = options
        self._storage = storage

    def blueprint(self) -> Blueprint:
        """Return the pages at their addresses."""
        pages = Blueprint(self.desk.name, __name__, url_prefix=self.desk.prefix or None)
        pages.add_url_rule("/", view_func=self.home)
        pages.add_url_rule("/log-in/", view_func=self.log_in)
        pages.add_url_rule("/initiate-login/", view_func=self.initiate_login)
        pages.add_url_rule("/callback/", view_func=self.callback)
        pages.add_url_rule("/log-out/", view_func=self.log_out, methods=["POST"])
        pages.add_url_rule("/logged-out/", view_func=self.logged_out)
        pages.register_error_handler(OAuthError, self.refused)
        pages.register_error_handler(ForeignAnswer, self.not_genuine)
        pages.register_error_handler(JoseError, self.not_genuine)
        pages.register_error_handler(ClaimsMissing, self.incomplete)
        return pages

    def home(self) -> ResponseReturnValue:
        """Show the door, or to who is signed in the room behind it."""
        visitor = visitor_at(self.desk)
        if visitor is None:
            return render_template("relying/door.html", desk=self.desk)
        entries = self._storage.latest_entries(desk=self.desk.name, sub=visitor.sub)
        return render_template(
            self.desk.home, desk=self.desk, visitor=visitor, entries=entries, form_token=form_token()
        )

    def log_in(self) -> ResponseReturnValue:
        """Send the visitor to the platform."""
        return self._provider.begin(redirect_uri=self._address("callback"))

    def initiate_login(self) -> ResponseReturnValue:
        """Third-party initiated login, OpenID Connect Core 1.0 §4."""
        if request.args.get("iss", "") != self._options.platform:
            sentence = gettext("这个链接不是来自本系统信任的政务服务平台。")
            return problem(gettext("无法从这里登录"), sentence, status=400, desk=self.desk)
        session[self._after_key] = self._own_path(request.args.get("target_link_uri", ""))
        return self.log_in()

    def callback(self) -> ResponseReturnValue:
        """Finish a sign-in that began in this browser."""
        after = session.pop(self._after_key, self.desk.path())
        visitor = self._provider.finish()
        missing = self.desk.missing(visitor)
        if missing:
            raise ClaimsMissing(missing)
        _browser_session().rename()
        session[_key(self.desk)] = visitor.to_session()
        self._storage.record_entry(desk=self.desk.name, sub=visitor.sub, shown_name=visitor.shown_name, now=time.time())
        return redirect(after)

    def log_out(self) -> ResponseReturnValue:
        """Forget the visitor here, then ask the platform to end its session too."""
        check_form_token()
        visitor = visitor_at(self.desk)
        session.pop(_key(self.desk), None)
        _browser_session().rename()
        if visitor is None:
            return redirect(self.desk.path("logged-out"))
        return self._provider.leave(id_token=visitor.id_token, return_uri=self._address("logged-out"))

    def logged_out(self) -> ResponseReturnValue:
        """Confirm that the visitor has left."""
        return render_template("relying/logged_out.html", desk=self.desk)

    def refused(self, error: Any) -> ResponseReturnValue:
        """Explain an error answer of the platform, or a state that is not of this browser."""
        heading, sentence = _REFUSED.get(error.error, _BROKEN)
        current_app.logger.warning("sign-in at %s refused: %s", self.desk.name, error.error)
        return problem(gettext(heading), gettext(sentence), status=400, desk=self.desk)

    def not_genuine(self, error: Exception) -> ResponseReturnValue:
        """Explain that the answer did not prove to come from the platform."""
        current_app.logger.warning("sign-in at %s not genuine: %s", self.desk.name, type(error).__name__)
        sentence = gettext("收到的登录结果不能证明来自政务服务平台，本系统没有采用。")
        return problem(gettext("登录结果没有通过核验"), sentence, status=400, desk=self.desk)

    def incomplete(self, error: ClaimsMissing) -> ResponseReturnValue:
        """Explain what the platform did not tell."""
        heading = gettext("暂时不能办理%(service)s") % {"service": gettext(self.desk.title)}
        return problem(heading, str(error), status=403, desk=self.desk)

    @property
    def _after_key(self) -> str:
        return f"{self.desk.name}:after"

    def _address(self, page: str) -> str:
        return self._options.address + self.desk.path(page)

    def _own_path(self, target: str) -> str:
        """Return the path of `target` if it is a page of this desk, else the desk's home: no way to other sites."""
        parts = urlsplit(target)
        own = f"{parts.scheme}://{parts.netloc}" == self._options.address and parts.path.startswith(self.desk.path())
        return parts.path if own and not parts.path.startswith("//") else self.desk.path()


def _key(desk: Desk) -> str:
    return f"{desk.name}:visitor"


def _browser_session() -> StoredSession:
    found = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - a LocalProxy has no other way
    if not isinstance(found, StoredSession):
        message = "sessions of this app are opened by StoredSessions"
        raise TypeError(message)
    return found
