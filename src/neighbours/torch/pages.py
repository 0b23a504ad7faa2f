"""The pages: home, the search for units and for persons, what was found."""

import secrets
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, send_file, session, url_for
from flask.typing import ResponseReturnValue

from neighbours.relying.clock import PlatformClock
from neighbours.relying.errors import PlatformUnavailable
from neighbours.relying.form_token import check_form_token, form_token
from neighbours.torch.captcha import Answers, Captchas, picture, sound
from neighbours.torch.outcomes import WORDS
from neighbours.torch.transfer_api import Found, Refused, Searcher, TransferApi

_UNAVAILABLE = "暂时联系不上政务服务平台。您填写的内容没有受影响，请稍后再试。"
_WRONG_PICTURE = "验证码不对，或已经过期。请看新图片或听新音频重新输入。"
_SEND = "send-code"
_NEW_PICTURE = "new-picture"
_KEY = "found"


class SearchPages:
    """Everything this site shows."""

    def __init__(self, api: TransferApi, *, captchas: Captchas, clock: PlatformClock) -> None:
        self._api = api
        self._captchas = captchas
        self._clock = clock

    def blueprint(self) -> Blueprint:
        """Return the pages at their addresses."""
        here = Path(__file__).parent
        pages = Blueprint("torch", __name__, static_folder=str(here / "static"), static_url_path="/static/torch")
        pages.add_url_rule("/", view_func=self.home)
        pages.add_url_rule("/search/", view_func=self.unit, methods=["GET", "POST"])
        pages.add_url_rule("/search/person/", view_func=self.person, methods=["GET", "POST"])
        pages.add_url_rule("/search/found/", view_func=self.found)
        pages.add_url_rule("/search/picture.png", view_func=self.picture)
        pages.add_url_rule("/search/sound.wav", view_func=self.sound)
        pages.add_url_rule("/demo/captcha.json", view_func=self.captcha_answer)
        return pages

    def home(self) -> ResponseReturnValue:
        """Show what this site offers."""
        return render_template("torch/home.html")

    def unit(self) -> ResponseReturnValue:
        """企业: search by USCC and 验证码."""
        typed = _typed("uscc", "captcha")
        if request.method == "GET":
            return _page("unit", typed)
        check_form_token()
        errors = {} if _pressed(_NEW_PICTURE) else self._errors_of_unit(typed)
        if errors or _pressed(_NEW_PICTURE):
            return _page("unit", typed, errors=errors)
        return self._search("unit", typed, lambda: self._api.search_unit(typed["uscc"], searcher=_searcher()))

    def person(self) -> ResponseReturnValue:
        """个人: 验证码, then an SMS code to the phone, then the search."""
        typed = _typed("phone", "captcha", "code")
        if request.method == "GET" or _pressed(_NEW_PICTURE):
            return _page("person", typed)
        check_form_token()
        if _pressed(_SEND):
            return self._send_code(typed)
        errors = _phone_errors(typed)
        if not typed["code"]:
            errors["code"] = "请输入短信验证码。还没有收到的，请先点击“获取验证码”。"
        if errors:
            return _page("person", typed, errors=errors)
        phone, code = typed["phone"], typed["code"]
        return self._search("person", typed, lambda: self._api.search_person(phone, code, searcher=_searcher()))

    def found(self) -> ResponseReturnValue:
        """Show what was found, and one next step."""
        kept = session.get(_KEY)
        if not kept or kept["outcome"] not in WORDS:
            return redirect(url_for("torch.unit"))
        return render_template("torch/found.html", found=kept, words=WORDS[kept["outcome"]])

    def picture(self) -> ResponseReturnValue:
        """Draw the 验证码 of this turn, a new one unless it is awaited."""
        return Response(picture(self._posed().answer), mimetype="image/png")

    def sound(self) -> ResponseReturnValue:
        """Speak the 验证码 of this turn, in parts when asked for parts."""
        return send_file(BytesIO(sound(self._posed().spoken)), mimetype="audio/wav", conditional=True, max_age=0)

    def captcha_answer(self) -> ResponseReturnValue:
        """Tell the answers of the 验证码 last shown to this browser, where the platform is a demonstration."""
        if not self._clock.is_movable():
            abort(404)
        shown = self._captchas.last_shown(_browser(), now=self._clock.now())
        return jsonify(answer=shown.answer, spoken=shown.spoken)

    def _posed(self) -> Answers:
        return self._captchas.pose(_browser(), request.args.get("turn", ""), now=self._clock.now())

    def _errors_of_unit(self, typed: dict[str, str]) -> dict[str, str]:
        """Judge what costs nothing first: the picture cannot be answered twice."""
        errors = {}
        if not typed["uscc"]:
            errors["uscc"] = "请输入统一社会信用代码。"
        elif len("".join(typed["uscc"].split())) != 18:
            errors["uscc"] = "统一社会信用代码为18位。请检查是否漏输或多输。"
        return errors or self._picture_errors(typed)

    def _picture_errors(self, typed: dict[str, str]) -> dict[str, str]:
        if not typed["captcha"]:
            return {"captcha": "请输入图片中的验证码，或音频中的数字。"}
        if self._captchas.redeem(_browser(), typed["captcha"], now=self._clock.now()):
            return {}
        return {"captcha": _WRONG_PICTURE}

    def _send_code(self, typed: dict[str, str]) -> ResponseReturnValue:
        errors = _phone_errors(typed) or self._picture_errors(typed)
        if errors:
            return _page("person", typed, errors=errors)
        try:
            resend_in = self._api.send_code(typed["phone"], searcher=_searcher())
        except Refused as refused:
            return _page("person", typed, errors={refused.field or "phone": refused.sentence})
        except PlatformUnavailable:
            return _page("person", typed, errors={"": _UNAVAILABLE})
        digits = "".join(typed["phone"].split())
        return _page("person", typed, sent=f"{digits[:3]}****{digits[-4:]}", resend_in=resend_in)

    def _search(self, kind: str, typed: dict[str, str], search: Callable[[], Found]) -> ResponseReturnValue:
        first = "uscc" if kind == "unit" else "phone"
        try:
            found = search()
        except Refused as refused:
            return _page(kind, typed, errors={refused.field or first: refused.sentence})
        except PlatformUnavailable:
            return _page(kind, typed, errors={"": _UNAVAILABLE})
        session[_KEY] = {"outcome": found.outcome, "login_name": found.login_name, "address": found.address}
        return redirect(url_for("torch.found"), code=303)


def _typed(*names: str) -> dict[str, str]:
    return {name: request.form.get(name, "").strip()[:64] for name in names}


def _pressed(act: str) -> bool:
    return request.method == "POST" and request.form.get("act") == act


def _phone_errors(typed: dict[str, str]) -> dict[str, str]:
    digits = "".join(typed["phone"].split())
    if not digits:
        return {"phone": "请输入手机号码。"}
    if not (len(digits) >= 11 and digits[-11:].isdecimal()):
        return {"phone": "手机号码为11位数字。请检查是否漏输或多输。"}
    return {}


def _browser() -> str:
    """Return the random name of the calling browser, kept in its session; it says nothing of the person."""
    name: str = session.setdefault("browser", secrets.token_urlsafe(16))
    return name


def _searcher() -> Searcher:
    return Searcher(id=_browser(), network=request.remote_addr or "")


def _page(kind: str, typed: dict[str, str], *, errors: dict[str, str] | None = None, **shown: Any) -> str:
    """Show the form again: everything typed stays, except the answer to a picture that is gone."""
    _browser()  # named before pictures are asked for, two of which may come at once
    values = {**typed, "captcha": ""}
    context = {"kind": kind, "values": values, "errors": errors or {}, "form_token": form_token(), **shown}
    return render_template("torch/search.html", **context, turn=secrets.token_urlsafe(6))
