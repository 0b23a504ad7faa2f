"""Probes, headers, options, storage, sessions, clock and server of a business system."""

import json
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from click.testing import CliRunner
from flask import Flask, session
from flask.sessions import SecureCookieSession
from flask.testing import FlaskClient

from neighbours.hnte.app import create as create_hnte
from neighbours.relying import server
from neighbours.relying.clock import PlatformClock
from neighbours.relying.house import moment
from neighbours.relying.options import ClientCredentials, Options, OptionsError
from neighbours.relying.sessions import StoredSessions
from neighbours.relying.sign_in import _browser_session
from neighbours.relying.storage import ABSOLUTE_SECONDS, IDLE_SECONDS, Storage
from neighbours.relying.visitor import Visitor
from tests.unit.neighbours.fake_platform import FakePlatform

Browse = Callable[[Flask], FlaskClient]


def test_probes(hnte: Flask, browser: Browse) -> None:
    client = browser(hnte)
    assert client.get("/livez").json == {"alive": True}
    assert client.get("/readyz").json == {"ready": True, "storage": True, "platform": True}
    assert client.get("/demo/captcha.json").json == {}


def test_not_ready_without_platform(options: Options, platform: FakePlatform, browser: Browse) -> None:
    platform.issuer = "https://evil.example"
    answer = browser(create_hnte(options)).get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"ready": False, "storage": True, "platform": False}


def test_a_platform_out_of_reach_is_explained(options: Options, tmp_path: Path, browser: Browse) -> None:
    away = Options.make(
        port=8002, platform="http://127.0.0.1:9", home=tmp_path / "away", client_file=options.client_file
    )
    answer = browser(create_hnte(away)).get("/log-in/")
    assert answer.status_code == 502
    assert "暂时联系不上政务服务平台" in answer.text


def test_every_file_a_page_names_is_there(hnte: Flask, browser: Browse) -> None:
    client = browser(hnte)
    page = client.get("/").text
    named = re.findall(r'<link rel="(\w+)" href="([^"]+)"', page)
    # Without an icon of the page's own browsers ask for one that is not there.
    assert [kind for kind, _address in named] == ["icon", "stylesheet"]
    for _kind, address in named:
        with client.get(address) as answer:
            assert answer.status_code == 200


def test_headers(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    headers = browser(hnte).get("/").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert f"form-action 'self' {platform.address}" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    with browser(hnte).get("/static/neighbour.css") as sheet:
        assert "max-age" in sheet.headers["Cache-Control"]


def test_another_host_name_is_led_to_the_own_address(hnte: Flask) -> None:
    answer = hnte.test_client().get("/log-in/?a=1", headers={"Host": "localhost:8002"})
    assert (answer.status_code, answer.location) == (308, "http://127.0.0.1:8002/log-in/?a=1")
    assert hnte.test_client().get("/livez", headers={"Host": "localhost:8002"}).status_code == 200


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/log-out/", 405)])
def test_wrong_addresses_get_a_page(hnte: Flask, browser: Browse, path: str, status: int) -> None:
    answer = browser(hnte).get(path)
    assert answer.status_code == status
    assert "<h1>" in answer.text


def test_visiting_without_a_session_stores_nothing(hnte: Flask, browser: Browse) -> None:
    assert "Set-Cookie" not in browser(hnte).get("/").headers


@pytest.mark.parametrize("address", ["ftp://x", "127.0.0.1:1", "http://x/path", "http://x?q=1", ""])
def test_a_platform_address_must_be_an_origin(tmp_path: Path, address: str) -> None:
    with pytest.raises(OptionsError, match="platform"):
        Options.make(port=1, platform=address, home=tmp_path, client_file=tmp_path / "f")


def test_options_travel_through_the_environment(options: Options) -> None:
    assert Options.from_environment(options.to_environment()) == options


def test_credentials_never_print_the_secret() -> None:
    assert "s3cret" not in repr(ClientCredentials("a", "s3cret"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"hnte": {"client_id": "x"}}', '{"hnte": 1}'])
def test_a_client_file_that_is_of_no_use_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "clients.json"
    file.write_text(text)
    options = Options.make(port=1, platform="http://127.0.0.1:1", home=tmp_path, client_file=file)
    with pytest.raises(OptionsError, match=r"clients\.json"):
        options.credentials("hnte")


def test_sessions_end_when_idle_and_absolutely(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "s.sqlite3")
    storage.save_session("a", {"x": 1}, now=0)
    assert storage.load_session("a", now=IDLE_SECONDS - 1) == ({"x": 1}, 0)
    assert storage.load_session("a", now=IDLE_SECONDS + 1) is None
    for moment_ in range(0, ABSOLUTE_SECONDS, IDLE_SECONDS // 2):
        storage.save_session("b", {"x": 2}, now=moment_)
    assert storage.load_session("b", now=ABSOLUTE_SECONDS - 1) is not None
    storage.save_session("b", {"x": 2}, now=ABSOLUTE_SECONDS)
    assert storage.load_session("b", now=ABSOLUTE_SECONDS + 1) is None


def test_the_file_does_not_hold_the_cookie(tmp_path: Path) -> None:
    Storage(tmp_path / "s.sqlite3").save_session("the-cookie", {}, now=0)
    kept = sqlite3.connect(tmp_path / "s.sqlite3").execute("SELECT digest FROM session").fetchall()
    assert "the-cookie" not in json.dumps(kept)


def test_storage_that_is_gone_does_not_answer(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    storage = Storage(path)
    assert storage.answers()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE session")
    assert not storage.answers()


def test_an_idle_session_is_kept_alive_by_visits(
    hnte: Flask, browser: Browse, monkeypatch: pytest.MonkeyPatch, platform: FakePlatform
) -> None:
    client = browser(hnte)
    begun = client.get("/log-in/")
    client.get("/callback/?" + urlencode(platform.authorize(begun.location)))
    now = [time.time()]
    monkeypatch.setattr("neighbours.relying.sessions.time.time", lambda: now[0])
    for _ in range(3):
        now[0] += IDLE_SECONDS - 10
        assert "当前以" in client.get("/").text
    now[0] += IDLE_SECONDS + 10
    assert "当前以" not in client.get("/").text


def test_a_session_that_became_empty_is_forgotten(hnte: Flask, browser: Browse) -> None:
    def forget() -> str:
        session.clear()
        return "forgotten"

    hnte.add_url_rule("/forget/", view_func=forget)
    client = browser(hnte)
    client.get("/log-in/")
    assert client.get_cookie("hnte_session", domain="127.0.0.1") is not None
    client.get("/forget/")
    assert client.get_cookie("hnte_session", domain="127.0.0.1") is None


def test_sessions_of_another_kind_are_a_mistake(tmp_path: Path, hnte: Flask) -> None:
    interface = StoredSessions(Storage(tmp_path / "s.sqlite3"), secure=True)
    with pytest.raises(TypeError):
        interface.save_session(hnte, SecureCookieSession(), hnte.make_response(""))
    other = Flask("other")
    other.secret_key = "k"
    with other.test_request_context("/"), pytest.raises(TypeError):
        _browser_session()


def test_the_clock_is_real_without_a_demonstration(platform: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neighbours.relying.clock.time.time", lambda: 1000.0)
    clock = PlatformClock(platform.address)
    assert clock.now() == 1000.0
    platform.clock_offset = 60.0
    assert clock.now() == 1000.0, "a platform that said it has no such clock is not asked again"
    assert PlatformClock(platform.address).now() == 1060.0


def test_the_clock_is_real_when_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise requests.ConnectionError

    monkeypatch.setattr("neighbours.relying.clock.requests.get", refuse)
    monkeypatch.setattr("neighbours.relying.clock.time.time", lambda: 1000.0)
    assert PlatformClock("http://127.0.0.1:9").now() == 1000.0


def test_claims_of_a_wrong_type_are_no_claims() -> None:
    visitor = Visitor.from_claims(id_claims={"sub": "x", "acr": 3}, userinfo={"name": ["a"]}, id_token="t")
    assert (visitor.name, visitor.acr, visitor.realm, visitor.shown_name) == (None, None, "", "—")


def test_moments_are_told_in_beijing() -> None:
    assert moment(0) == "1970-01-01 08:00"


class _FakeServer:
    made: list[dict[str, Any]] = []

    def __init__(self, **options: Any) -> None:
        self.made.append(options)

    def serve(self) -> None:
        """Serve nothing."""


def test_the_command_line_serves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(server, "Granian", _FakeServer)
    environment: dict[str, str] = {}
    monkeypatch.setattr("neighbours.relying.server.os.environ", environment)
    command = server.make_command(name="x", title="X", target="a:b")
    arguments = ["--port", "8002", "--home", str(tmp_path), "--client-file", str(tmp_path / "c"), "--platform"]
    assert CliRunner().invoke(command, [*arguments, "http://127.0.0.1:8000/"]).exit_code == 0
    assert _FakeServer.made[-1]["target"] == "a:b"
    assert environment["NEIGHBOUR_PLATFORM"] == "http://127.0.0.1:8000"
    refused = CliRunner().invoke(command, [*arguments, "nonsense"])
    assert refused.exit_code == 2
    assert "nonsense" in refused.output


def test_both_systems_have_a_command_line() -> None:
    from neighbours.hnte.__main__ import main as hnte_main
    from neighbours.tsme.__main__ import main as tsme_main

    assert {hnte_main.name, tsme_main.name} == {"hnte", "tsme"}
