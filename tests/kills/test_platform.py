"""Kill -9 of the server and the worker at random moments while people register and have themselves verified.

What is true afterwards: every account is complete or absent, everybody gets to the end by trying again as a person
would, no code works twice, no message is lost or sent twice, and the audit trail can prove itself.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.browser.conftest import _free_port
from tests.journeys.test_accounts import CONSENT
from tests.journeys.visitor import Lost
from tests.kills.remote import Gone, RemoteVisitor
from tongban.config.serving import granian_command

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("TONGBAN_TEST_KILLS", "8"))
SEED = int(os.environ.get("TONGBAN_TEST_SEED", str(random.SystemRandom().randrange(10**6))))
PEOPLE_AT_A_TIME = 3
PASSWORD = "Zwei-Birnen-im-Korb"


@dataclass(slots=True)
class Platform:
    """A server and a worker that are started again whenever they were killed."""

    address: str
    environment: Mapping[str, str]
    logs: Path
    server: list[str]
    processes: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def start(self) -> None:
        """Start what is not running and wait until the platform answers."""
        for name, command in (("server", self.server), ("worker", [sys.executable, "-m", "tongban", "worker"])):
            if name not in self.processes:
                with (self.logs / f"{name}.log").open("ab") as log:
                    self.processes[name] = subprocess.Popen(
                        command, env=dict(self.environment), stdout=log, stderr=log, start_new_session=True
                    )
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            try:
                with urlopen(f"{self.address}/readyz", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.logs / "server.log").read_text(encoding="utf-8")[-2000:])

    def kill(self, name: str) -> None:
        """Kill a process and all its children at once."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def run(self, *words: str) -> str:
        """Run a Python module beside the platform; return what it prints."""
        command = [sys.executable, "-m", *words]
        done = subprocess.run(
            command, env=dict(self.environment), cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A demonstration platform of its own."""
    port = _free_port()
    environment = {
        **os.environ,
        "TONGBAN_PROFILE": "demo",
        "TONGBAN_HOME": str(tmp_path),
        "TONGBAN_ADDRESS": f"http://127.0.0.1:{port}",
        "TONGBAN_SMS_RATES_PHONE": "1000/h",
        "TONGBAN_SMS_RATES_NETWORK": "10000/5min",
        "TONGBAN_LOG_IN_FAILURES_NETWORK": "10000",
        # Whoever is killed tries again, as often as a slow machine asks for.
        "TONGBAN_LOG_IN_FAILURES": "1000",
        "TONGBAN_PROOFING_PER_ACCOUNT": "1000/h",
        "TONGBAN_PROOFING_PER_DOCUMENT": "1000/h",
        "TONGBAN_ONE_TIME_CODE_SECONDS": "600",
        "TONGBAN_SMS_LEASE_SECONDS": "3",
        "TONGBAN_SMS_TIMEOUT": "2",
        "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "PORT": str(port),
    }
    serve = granian_command(host="127.0.0.1", port=port, workers=1, threads=8)
    made = Platform(f"http://127.0.0.1:{port}", environment, tmp_path, serve)
    made.run("tongban", "demo", "--set-up-only")
    made.start()
    yield made
    for name in list(made.processes):
        made.kill(name)


class Citizen:
    """Somebody who registers and has themselves verified, and tries again whenever the platform was gone."""

    def __init__(self, platform: str, number: int, person: Mapping[str, str]) -> None:
        self._platform, self._person, self._number = platform, person, number
        self.login_name, self.phone = f"kill-{number}", str(13_900_500_000 + number)
        self.typed: list[tuple[RemoteVisitor, str]] = []
        """The browsers in which a code was typed and not refused, with the code: one of them opened the account."""
        self.saw_registered = False

    def get_there(self) -> None:
        """Try until verified; raises what is no fault of a killed process."""
        for _try in range(100):
            try:
                if not self.saw_registered:
                    self._register()
                self._verify()
            except Gone:
                time.sleep(0.3)
            else:
                return
        raise AssertionError(f"{self.login_name} never got there")

    def _visitor(self, path: str) -> RemoteVisitor:
        visitor = RemoteVisitor(self._platform)
        visitor.get(path)
        return visitor

    def _register(self) -> None:
        visitor = self._visitor("/register/natural/")
        known = visitor.messages(self.phone)
        visitor.fill({"手机号码": self.phone, "验证码": visitor.picture()}).submit("获取验证码")
        assert visitor.errors == [], visitor.errors
        # A code asked for from an earlier browser may arrive only now, before this one's.
        for code in visitor.arriving_codes(self.phone, known):
            if self._types(visitor, code):
                self.saw_registered = True
                return

    def _types(self, visitor: RemoteVisitor, code: str) -> bool:
        """Finish the registration with `code`; return whether there is an account now, and not only another's code."""
        try:
            self._finish(visitor, code, self.login_name)
        except Gone:
            self.typed.append((visitor, code))
            raise
        if visitor.path.startswith("/log-in/"):
            self.typed.append((visitor, code))
            return True
        if _is_about_the_code(visitor):
            return False
        # An earlier try went through although its answer was lost: the name is taken, by this person.
        assert self.typed, visitor.errors
        assert any("登录名" in error for error in visitor.errors), visitor.errors
        return True

    def _finish(self, visitor: RemoteVisitor, code: str, login_name: str) -> None:
        visitor.fill({"手机号码": self.phone, "短信验证码": code, "登录名": login_name})
        visitor.fill({"密码": PASSWORD, "确认密码": PASSWORD, CONSENT: True}).submit("注册账号")

    def _verify(self) -> None:
        visitor = self._visitor("/log-in/natural/")
        visitor.fill({"登录名": self.login_name, "密码": PASSWORD}).submit("登录")
        assert not visitor.path.startswith("/log-in/"), visitor.errors
        visitor.get("/account/profile/")
        if "已实名认证" not in visitor.text:
            visitor.click("修改个人信息")
            visitor.fill({"姓名": self._person["name"], "证件类型": self._person["document"]})
            visitor.fill({"证件号码": self._person["id_number"]}).submit("保存")
            visitor.get("/account/profile/")
        # Killed while the authority was asked: the worker goes on, as the page says, and nobody has to wait here.
        assert "已实名认证" in visitor.text or "核验中" in visitor.text, visitor.text

    def types_codes_again(self) -> None:
        """The code that opened the account opens no second one, in the browser that asked for it and while it lives.

        Where an answer was lost nobody knows whether it was that code; one of them it was.
        """
        assert self.typed
        opened = [self._opens_another(visitor, code, place) for place, (visitor, code) in enumerate(self.typed)]
        assert opened.count(True) < len(opened), self.login_name

    def _opens_another(self, visitor: RemoteVisitor, code: str, place: int) -> bool:
        visitor.get("/register/natural/")
        self._finish(visitor, code, f"again-{self._number}-{place}")
        has_opened = visitor.path.startswith("/log-in/")
        assert has_opened or _is_about_the_code(visitor), visitor.errors
        return has_opened


def _is_about_the_code(visitor: RemoteVisitor) -> bool:
    return any("短信验证码" in error for error in visitor.errors)


def test_nothing_is_lost_or_done_twice(platform: Platform) -> None:
    """See the module; `TONGBAN_TEST_KILLS` says how many kills, `TONGBAN_TEST_SEED` repeats a run."""
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    people = iter(_people(platform))
    citizens: list[Citizen] = []
    troubles: list[BaseException] = []
    over = threading.Event()

    def live() -> None:
        while not over.is_set() and (citizen := next(people, None)):
            citizens.append(citizen)
            try:
                citizen.get_there()
            except (AssertionError, Lost, ValueError) as trouble:
                troubles.append(trouble)
                return

    threads = [threading.Thread(target=live) for _ in range(PEOPLE_AT_A_TIME)]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.1, 1.5))
        for name in chance.choice((["server"], ["worker"], ["server", "worker"])):
            platform.kill(name)
        platform.start()
    over.set()
    for thread in threads:
        thread.join(timeout=300)
    assert troubles == []
    assert not any(thread.is_alive() for thread in threads)
    assert citizens
    _hold_against(platform, citizens)


def _people(platform: Platform) -> Iterator[Citizen]:
    with urlopen(f"{platform.address}/demo/register.json") as answer:
        free = [one for one in json.load(answer)["people"] if one["answer"] == "match" and not one["account"]]
    return (Citizen(platform.address, number, person) for number, person in enumerate(free))


def _hold_against(platform: Platform, citizens: list[Citizen]) -> None:
    complete = {"phone": True, "consents": 2, "registered": 1, "bindings": 1, "proofs": 1}
    expected = {"accounts": {citizen.login_name: complete for citizen in citizens}, "sms": ["sent"]}
    # What waits in the outbox goes out while the codes in it live, and codes are tried again while they would work:
    # only then the clock may move.
    _stands(platform, lambda stands: stands["sms"] == expected["sms"])
    for citizen in citizens:
        citizen.types_codes_again()
    move = Request(f"{platform.address}/demo/clock", b'{"offset": 600}', {"Content-Type": "application/json"})
    urlopen(move).close()
    assert _stands(platform, lambda stands: stands == expected) == expected
    with urlopen(f"{platform.address}/demo/outbox.json") as answer:
        # Each log-in from a new browser is told, in the same words within a minute; everything else is said once.
        sent = Counter((one["to"], one["text"]) for one in json.load(answer) if one["purpose"] != "new_device")
    assert [message for message, times in sent.items() if times > 1] == []
    platform.run("tongban", "audit", "verify")


def _stands(platform: Platform, well: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return what stands once all is `well`, or after three minutes."""
    deadline = time.monotonic() + 180
    while True:
        stands: dict[str, Any] = json.loads(platform.run("tests.kills.standing"))
        stands["sms"] = sorted(stands["sms"])
        if well(stands) or time.monotonic() > deadline:
            return stands
        time.sleep(0.5)
