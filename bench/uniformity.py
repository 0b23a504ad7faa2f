"""`python -m bench.uniformity`: nobody can tell known from unknown login names, unit names and case numbers.

One run starts PostgreSQL and the platform with made-up accounts. For every exchange a stranger can have,

* 20 pairs of answers (a known value, an unknown one) are compared whole: status, headers, cookies and body, once what
  is different every time (tokens, the picture's address, the request's number) is put aside;
* 200 interleaved pairs, each in an order left to chance, are timed, and the two rows of times compared by the
  Mann-Whitney test: p must be above 0.01.

Nine tests of things that are alike fall below 0.01 once in a dozen runs. So what falls below is asked a second time,
with 200 fresh pairs, and has failed when it falls below again: one in ten thousand by chance, always for a difference.
The same test over the processor time that the platform and the database spent on each answer stands beside it: it sees
through what other programs on the machine do to the clock on the wall.

Limits are lifted, so that the limits' own answers do not stand in the way.
"""

import argparse
import math
import os
import random
import re
import secrets
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from itertools import chain
from pathlib import Path
from pprint import pformat

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from scripts import postgres

from bench.process import running_ms

SAME, TIMED, LEAST, TRIES = 20, 200, 0.01, 2
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_PICTURE = re.compile(r'src="(/challenge/picture/[^"]*)"')
_CHANGING = (
    re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+'),
    re.compile(r'(?<=/challenge/)(?:picture|audio)/[^"]*'),
    re.compile(r'(?<=data-resend=")\d+'),
)
_OWN_HEADERS = frozenset({"date", "x-request-id", "content-length", "etag", "server"})


def fingerprint(
    *, status: int, headers: Sequence[tuple[str, str]], body: str, typed: Sequence[str] = ()
) -> tuple[object, ...]:
    """Return what two answers have in common that nobody can tell apart.

    `typed` are the values the asker chose: the page repeats them, in full or masked.
    """
    for value in typed:
        body = body.replace(value, "…").replace(f"{value[:3]}****{value[-4:]}", "…")
    for changing in _CHANGING:
        body = changing.sub("", body)
    cookies = sorted(_cookie(value) for name, value in headers if name.lower() == "set-cookie")
    others = sorted(
        (name.lower(), value)
        for name, value in headers
        if name.lower() not in _OWN_HEADERS and name.lower() != "set-cookie"
    )
    return status, tuple(others), tuple(cookies), body


def _cookie(header: str) -> str:
    """Return a Set-Cookie header with the length of its value in place of the value."""
    pair, _semicolon, attributes = header.partition(";")
    name, _equals, value = pair.partition("=")
    kept = sorted(part for part in attributes.split(";") if not part.strip().lower().startswith("expires"))
    return f"{name}={len(value)};{';'.join(kept)}"


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the two-sided p of the Mann-Whitney U test: normal approximation, corrected for ties and continuity."""
    ranks: dict[float, float] = {}
    place = 0
    ties = Counter(chain(first, second))
    for value, times in sorted(ties.items()):
        ranks[value] = place + (times + 1) / 2
        place += times
    m, n = len(first), len(second)
    u = sum(ranks[value] for value in first) - m * (m + 1) / 2
    tied = sum(times**3 - times for times in ties.values())
    variance = m * n / 12 * ((m + n + 1) - tied / ((m + n) * (m + n - 1)))
    if variance == 0:
        return 1.0
    z = max(0.0, abs(u - m * n / 2) - 0.5) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))


@dataclass
class Stranger:
    """A browser of its own; `took` is what the last answer took: milliseconds on the wall, and of processors.

    `running` returns the milliseconds that what answers has run so far.
    """

    client: httpx.Client
    running: Callable[[], float]
    page: str = ""
    took: tuple[float, float] = (0.0, 0.0)

    def get(self, path: str) -> None:
        """Open a page."""
        self.page = self.client.get(path).text

    def post(self, path: str, values: Mapping[str, str]) -> httpx.Response:
        """Send a form with the token of the page in front; the answer's page is the next one."""
        token = _TOKEN.search(self.page)
        assert token, (path, self.page[:300])
        data = {**values, "csrfmiddlewaretoken": token[1]}
        ran, start = self.running(), time.perf_counter()
        answer = self.client.post(path, data=data)
        elapsed = 1000 * (time.perf_counter() - start)
        self.took = elapsed, self.running() - ran
        self.page = answer.text if answer.status_code == 200 else self.page
        return answer

    def picture(self) -> str:
        """Look at the 验证码 of the page and return what it says."""
        found = _PICTURE.search(self.page)
        assert found, self.page[:300]
        self.client.get(found[1])
        answer: str = self.client.get("/demo/captcha.json").json()["answer"]
        return answer


Exchange = Callable[[Stranger, Sequence[str]], httpx.Response]


def log_in(stranger: Stranger, said: Sequence[str]) -> httpx.Response:
    """Log in with a wrong password."""
    stranger.get("/log-in/natural/")
    return stranger.post("/log-in/natural/", {"login_name": said[0], "password": "not-this-one-surely"})


def log_in_as_staff(stranger: Stranger, said: Sequence[str]) -> httpx.Response:
    """Log in as staff with a wrong password."""
    stranger.get("/staff/log-in/")
    return stranger.post("/staff/log-in/", {"login_name": said[0], "password": "not-this-one-surely"})


def search_login_name(stranger: Stranger, said: Sequence[str]) -> httpx.Response:
    """检索登录名."""
    stranger.get("/recover/natural/login-name/")
    return stranger.post("/recover/natural/login-name/", {"login_name": said[0], "human_check": stranger.picture()})


def ask_reset_code(stranger: Stranger, said: Sequence[str]) -> httpx.Response:
    """Ask for the code of a new password, with the right phone where there is one."""
    search_login_name(stranger, said)
    stranger.get("/recover/new-password/")
    return stranger.post("/recover/new-password/", {"phone": said[1], "act": "send-code"})


def reset_with_wrong_code(stranger: Stranger, said: Sequence[str]) -> httpx.Response:
    """Type a wrong code for a new password."""
    search_login_name(stranger, said)
    stranger.get("/recover/new-password/")
    values = {"phone": said[1], "password": "Korb-voll-reifer-Quitten", "code": "739182"}
    return stranger.post("/recover/new-password/", values)


def search_unit_name(stranger: Stranger, said: Sequence[str]) -> httpx.Response:
    """检索单位名称."""
    stranger.get("/recover/legal/appeal/")
    return stranger.post("/recover/legal/appeal/", {"unit_name": said[0], "human_check": stranger.picture()})


def ask_for_contact(stranger: Stranger, said: Sequence[str]) -> httpx.Response:
    """查询单位联系人."""
    stranger.get("/recover/legal/contact/")
    return stranger.post("/recover/legal/contact/", {"uscc": said[0], "human_check": stranger.picture()})


def ask_status_code(stranger: Stranger, said: Sequence[str]) -> httpx.Response:
    """Ask for the code that shows a case, with the right phone where there is one."""
    stranger.get("/recover/appeals/status/")
    values = {"number": said[0], "phone": said[1], "human_check": stranger.picture(), "act": "send-code"}
    return stranger.post("/recover/appeals/status/", values)


def status_with_wrong_code(stranger: Stranger, said: Sequence[str]) -> httpx.Response:
    """Type a wrong code for a case."""
    stranger.get("/recover/appeals/status/")
    return stranger.post("/recover/appeals/status/", {"number": said[0], "phone": said[1], "code": "739182"})


@dataclass(frozen=True)
class Question:
    """An exchange with a known and an unknown value; what else is typed is as long in both."""

    name: str
    exchange: Exchange
    known: tuple[str, ...]
    unknown: tuple[str, ...]

    def asked(self, server: "Server", said: Sequence[str]) -> tuple[tuple[object, ...], tuple[float, float]]:
        """Return the fingerprint of the answer and the milliseconds it took."""
        with httpx.Client(base_url=server.platform, headers={"Origin": server.platform}) as client:
            stranger = Stranger(client, server.running)
            answer = self.exchange(stranger, said)
            headers = list(answer.headers.multi_items())
            found = fingerprint(status=answer.status_code, headers=headers, body=answer.text, typed=said)
            return found, stranger.took


@dataclass(frozen=True)
class Server:
    """What answers: its address, and the processes it consists of."""

    platform: str
    processes: tuple[int, ...]

    def running(self) -> float:
        """Return the milliseconds all of it has run so far."""
        return running_ms(*self.processes)


def _difference(one: object, other: object) -> Iterator[str]:
    """Return the lines in which two fingerprints differ."""
    first, second = (pformat(found, width=200).splitlines() for found in (one, other))
    return unified_diff(first, second, lineterm="", n=0)


def judge(server: Server, question: Question, *, same: int, timed: int) -> bool:
    """Ask, compare, print one line for each try; return whether nobody can tell."""
    equal = 0
    for _ in range(same):
        one, other = question.asked(server, question.known)[0], question.asked(server, question.unknown)[0]
        equal += one == other
        if one != other:
            print(*_difference(one, other), sep="\n", file=sys.stderr)
    print(f"  {question.name:24} {equal:3}/{same}", end="")
    return any(_timed_alike(server, question, timed) for _try in range(TRIES)) and equal == same


def _timed_alike(server: Server, question: Question, pairs: int) -> bool:
    """Return whether the times of `pairs` interleaved pairs cannot be told apart."""
    known: list[tuple[float, float]] = []
    unknown: list[tuple[float, float]] = []
    for _pair in range(pairs):
        # Chance decides which of the two comes first. A server has rhythms of its own (threads and connections that
        # take turns), and any fixed order falls in step with one of them and takes it for a difference.
        for row, said in random.sample(((known, question.known), (unknown, question.unknown)), k=2):
            row.append(question.asked(server, said)[1])
    ps = []
    for what, one, other in zip(
        ("wall", "processor"), zip(*known, strict=True), zip(*unknown, strict=True), strict=True
    ):
        ps.append(mann_whitney(one, other))
        medians = f"{statistics.median(one):7.2f} {statistics.median(other):7.2f}"
        print(f"   {what} {medians} ms p = {ps[-1]:.3f}", end="")
    print(flush=True)
    return ps[0] > LEAST


def main() -> None:
    """Start everything, ask, stop everything; exit with 1 when something can be told apart."""
    parser = argparse.ArgumentParser(prog="python -m bench.uniformity")
    parser.add_argument("--same", type=int, default=SAME)
    parser.add_argument("--timed", type=int, default=TIMED)
    parser.add_argument("--port", type=int, default=18500)
    parser.add_argument("--only", default="", help="questions whose names begin so")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    with tempfile.TemporaryDirectory(prefix="tongban-bench-") as home, postgres.server(options=()) as database:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tongban.config.settings", "TONGBAN_PROFILE": "demo", "TONGBAN_HOME": home,
            "TONGBAN_DATABASE": database, "TONGBAN_ADDRESS": f"http://127.0.0.1:{options.port}",
            "TONGBAN_SECRET_KEY": secrets.token_hex(32), "TONGBAN_SMS_RATES_PHONE": "100000/min",
            "TONGBAN_SMS_RATES_NETWORK": "100000/min", "TONGBAN_HUMAN_CHECK_RATES_NETWORK": "100000/min",
            "TONGBAN_HUMAN_CHECK_RATES_BROWSER": "100000/min",
            "TONGBAN_LOG_IN_FAILURES": "100000", "TONGBAN_LOG_IN_FAILURES_NETWORK": "100000",
            "TONGBAN_RECOVERY_PER_ACCOUNT": "100000/d", "TONGBAN_RECOVERY_PER_UNIT": "100000/d",
        }  # fmt: skip
        sys.exit(0 if _run(Path(home), options) else 1)


def _run(home: Path, options: argparse.Namespace) -> bool:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from tongban.config.serving import Children, granian_command
    from tongban.demo.flows.seed import seed

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    seed(hnte="http://127.0.0.1:1", tsme="http://127.0.0.1:2", folder=home / "clients")
    questions = [one for one in _questions() if one.name.startswith(options.only)]
    connections.close_all()
    platform = f"http://127.0.0.1:{options.port}"
    children = Children(logs=home)
    children.start("platform", granian_command(host="127.0.0.1", port=options.port, workers=1, threads=2), {})
    try:
        children.wait_until_ready([f"{platform}/readyz"])
        print(f"known and unknown, {options.timed} interleaved pairs: equal answers, median times, Mann-Whitney")
        server = Server(platform, (children.running["platform"].pid, database_process()))
        judged = [judge(server, one, same=options.same, timed=options.timed) for one in questions]
        return all(judged)
    finally:
        children.stop()


def database_process() -> int:
    """Return the process of the database."""
    pid_file = Path(os.environ["TONGBAN_DATABASE"].partition("host=")[2]) / "data" / "postmaster.pid"
    return int(pid_file.read_text().split()[0])


def _questions() -> list[Question]:
    from tongban.accounts.models import Account, LegalProfile
    from tongban.kernel import clock
    from tongban.review import case_numbers

    person = Account.objects.get(login_name="demo-person")
    names = ("demo-person", person.phone_text() or ""), ("demo-nobody", "13900000009")
    unit = LegalProfile.objects.get(account__login_name="demo-unit")
    units = (unit.unit_name,), ("无" * len(unit.unit_name),)
    contacts = (unit.uscc,), (_free_code(),)
    # A phone of its own: every message to a phone is remembered, and makes the next one a little dearer.
    cases = (_case(), "13900000001"), (case_numbers.new(clock.now()), "13900000002")
    staff = ("reviewer.one",), ("reviewer.oxx",)
    rows: list[tuple[str, Exchange, tuple[tuple[str, ...], tuple[str, ...]]]] = [
        ("log in", log_in, names),
        ("log in: staff", log_in_as_staff, staff),
        ("reset: search", search_login_name, names),
        ("reset: ask for a code", ask_reset_code, names),
        ("reset: wrong code", reset_with_wrong_code, names),
        ("unit name", search_unit_name, units),
        ("unit's contact", ask_for_contact, contacts),
        ("case: ask for a code", ask_status_code, cases),
        ("case: wrong code", status_with_wrong_code, cases),
    ]
    return [Question(name, exchange, known, unknown) for name, exchange, (known, unknown) in rows]


def _free_code() -> str:
    from tongban.demo import rules

    return rules.units()[-1].uscc


def _case() -> str:
    """Open an appeal and return its number."""
    from tongban.audit.actors import Actor
    from tongban.kernel.mobile import Mobile
    from tongban.recovery.rules import NATURAL_KIND
    from tongban.review.flows.open_case import open_case

    case = open_case(
        actor=Actor.anonymous(), kind=NATURAL_KIND, account_id=None, subjects={}, data={"filled": "{}"},
        contact_phone=Mobile.parse("13900000001"), key="bench",
    )  # fmt: skip
    return case.number


if __name__ == "__main__":
    main()
