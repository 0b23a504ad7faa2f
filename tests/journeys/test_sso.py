"""Single sign-on between real processes: platform, worker, 高企认定, 科小企评价, as `make run` starts them."""

import base64
import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import psycopg
import pytest

from tests.journeys.traveller import Traveller


@dataclass(frozen=True)
class Demo:
    """The running demonstration."""

    port: int
    home: Path

    def at(self, step: int) -> str:
        return f"http://127.0.0.1:{self.port + step}"

    @property
    def platform(self) -> str:
        return self.at(0)

    def account(self, realm: str, role: str) -> dict[str, str]:
        accounts = httpx.get(f"{self.platform}/demo/accounts.json").json()
        return next(one for one in accounts if (one["realm"], one["role"]) == (realm, role))

    def move_clock(self, seconds: float) -> None:
        httpx.post(f"{self.platform}/demo/clock", json={"offset": seconds}).raise_for_status()


def free_ports() -> int:
    """Return the first of four neighbouring ports that are free; processes that look at the same time find others."""
    for port in range(20_000 + os.getpid() * 4 % 12_000, 32_000, 4):
        try:
            for step in range(4):
                with closing(socket.socket()) as probe:
                    probe.bind(("127.0.0.1", port + step))
        except OSError:
            continue
        return port
    raise AssertionError("no free ports")


@contextmanager
def own_database() -> Iterator[str]:
    """Yield a database of our own on the PostgreSQL server of this test run, or "" for SQLite."""
    server = os.environ.get("TONGBAN_DATABASE", "")
    if not server:
        yield ""
        return
    name = f"sso_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("demo")
    port = free_ports()
    with own_database() as database:
        own = ("TONGBAN_", "DJANGO_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        environment |= {"TONGBAN_PROFILE": "demo", "TONGBAN_HOME": str(home), "TONGBAN_DATABASE": database}
        command = [sys.executable, "-m", "tongban", "demo", "--port", str(port)]
        process = subprocess.Popen(command, env={**environment, "PYTHONPATH": "src"}, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if "Ctrl-C" in line:
                    break
            else:
                raise AssertionError([log.read_text()[-2000:] for log in (home / "logs").glob("*")])
            yield Demo(port, home)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
            assert process.returncode == 0


@pytest.fixture
def traveller(demo: Demo) -> Iterator[Traveller]:
    found = Traveller(demo.platform)
    yield found
    found.http.close()


def log_in(traveller: Traveller, account: dict[str, str]) -> Traveller:
    traveller.fill({"登录名": account["login_name"], "密码": account["password"]}).submit("登录")
    assert "/log-in/" not in traveller.path, traveller.text
    return traveller


def enter(traveller: Traveller, audience: str, service: str) -> Traveller:
    """服务事项 → 按用户 → … → 办理入口."""
    traveller.get("/").click("服务事项").click(audience)
    traveller.click("办理入口", near=service)
    return traveller


def test_a_unit_walks_into_both_systems_and_leaves(demo: Demo, traveller: Traveller) -> None:
    unit = demo.account("legal", "verified")
    enter(traveller, "法人单位", "高企认定")
    assert traveller.path.startswith(f"{demo.platform}/log-in/legal/")
    log_in(traveller, unit)
    assert traveller.heading == "同意向“高企认定”提供信息"
    assert unit["login_name"] in traveller.text, "the demo unit logs in with its USCC"
    traveller.submit("同意并继续")
    assert traveller.path == f"{demo.at(2)}/"
    assert traveller.heading == "高新技术企业认定"
    assert "当前以" in traveller.response.text
    assert unit["login_name"] in traveller.text

    enter(traveller.get(demo.platform), "法人单位", "科小企评价")
    traveller.submit("同意并继续")
    assert traveller.path == f"{demo.at(3)}/"
    assert unit["login_name"] in traveller.text

    enter(traveller.get(demo.platform), "法人单位", "高企认定")
    assert traveller.path == f"{demo.at(2)}/", "what was agreed to is not asked again"
    traveller.submit("退出登录")
    assert traveller.path.startswith(f"{demo.at(2)}/logged-out/")
    assert "您已退出登录" in traveller.heading
    assert "用户登录" in traveller.get(f"{demo.platform}/").response.text
    assert traveller.get(f"{demo.at(2)}/").heading == "高企认定"


def test_a_person_walks_into_the_talent_desk_and_learns_who_opens_the_others(demo: Demo, traveller: Traveller) -> None:
    enter(traveller, "自然人", "科技人才信息登记")
    log_in(traveller, demo.account("natural", "verified")).submit("同意并继续")
    assert traveller.path == f"{demo.at(3)}/talent/"
    assert traveller.heading == "科技人才信息登记"

    enter(traveller.get(demo.platform), "法人单位", "高企认定")
    assert traveller.status == 403
    assert "谁可以给您权限" in traveller.text

    traveller.get(f"{demo.at(2)}/").click("用政务服务平台账号登录")
    assert traveller.status == 403, "a deep link meets the same rule"
    assert "谁可以给您权限" in traveller.text
    traveller.click("返回业务系统")
    assert traveller.path.startswith(f"{demo.at(2)}/callback/")
    assert traveller.heading == "您没有同意提供信息"


def test_a_person_walks_in_for_the_unit_that_lets_them_and_is_out_when_it_ends(
    demo: Demo, traveller: Traveller
) -> None:
    unit = demo.account("legal", "verified")
    traveller.get("/log-in/natural/")
    log_in(traveller, {"login_name": "demo-agent", "password": unit["password"]})
    traveller.get("/account/mandates/")
    assert unit["login_name"] in traveller.text
    enter(traveller, "法人单位", "高企认定")
    assert "凭单位的授权" in traveller.text
    assert "当前以" in traveller.response.text
    traveller.submit("同意并继续")
    assert traveller.path == f"{demo.at(2)}/"
    assert unit["login_name"] in traveller.text
    assert "凭单位授权办理" in traveller.text

    traveller.get(f"{demo.platform}/account/mandates/")
    (ending,) = [label for label in traveller.links() if label.startswith("结束授权：科小企评价")]
    traveller.click(ending).submit("结束授权")
    enter(traveller.get(demo.platform), "法人单位", "科小企评价")
    assert traveller.status == 403
    assert "谁可以给您权限" in traveller.text
    traveller.click("向单位申请授权")
    assert traveller.heading == "申请授权"


def test_the_unverified_are_led_to_their_information(demo: Demo, traveller: Traveller) -> None:
    enter(traveller, "法人单位", "高企认定")
    log_in(traveller, demo.account("legal", "registered"))
    assert traveller.status == 403
    assert "请先完成实名认证" in traveller.heading
    traveller.click("去“我的信息”")
    assert traveller.heading == "我的信息"


def test_refusing_leads_back_to_the_system(demo: Demo, traveller: Traveller) -> None:
    enter(traveller, "自然人", "科技人才信息登记")
    log_in(traveller, demo.account("natural", "verified"))
    if "同意向" not in traveller.heading:  # the other journey may have agreed before
        traveller.get(f"{demo.platform}/account/consents/").submit("撤回同意：科技人才信息登记")
        enter(traveller, "自然人", "科技人才信息登记")
    traveller.submit("不同意")
    assert traveller.path.startswith(f"{demo.at(3)}/talent/callback/")
    assert traveller.heading == "您没有同意提供信息"


def test_the_systems_follow_the_clock_of_the_demonstration(demo: Demo, traveller: Traveller) -> None:
    demo.move_clock(7200)
    try:
        enter(traveller, "法人单位", "科小企评价")
        log_in(traveller, demo.account("legal", "verified"))
        if traveller.path.startswith(demo.platform):
            traveller.submit("同意并继续")
        assert traveller.path == f"{demo.at(3)}/"
    finally:
        demo.move_clock(0)


def test_thirty_parallel_redemptions_over_http_give_one_token(demo: Demo, traveller: Traveller) -> None:
    secret = json.loads((demo.home / "clients" / "hnte.json").read_text())["hnte"]
    verifier = secrets.token_urlsafe(32)
    callback = f"{demo.at(2)}/callback/"
    query = {
        "response_type": "code",
        "client_id": secret["client_id"],
        "redirect_uri": callback,
        "scope": "openid unit",
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    traveller.get("/log-in/legal/")
    log_in(traveller, demo.account("legal", "verified"))
    address = f"{demo.platform}/oidc/authorize?{urlencode(query)}"
    traveller.get(address, follow=False)
    if traveller.status == 200:
        traveller.submit("同意并继续", follow=False)
    location = traveller.response.headers["location"]
    assert "code=" in location, location
    code = parse_qs(urlsplit(location).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier}

    def redeem(_: int) -> httpx.Response:
        with httpx.Client(timeout=60) as client:
            return client.post(
                f"{demo.platform}/oidc/token", data=form, auth=(secret["client_id"], secret["client_secret"])
            )

    with ThreadPoolExecutor(max_workers=30) as pool:
        answers = list(pool.map(redeem, range(30)))
    good = [answer for answer in answers if answer.status_code == 200]
    assert [answer.status_code for answer in answers if answer.status_code != 200] == [400] * 29
    assert len(good) == 1
    bearer = {"authorization": f"Bearer {good[0].json()['access_token']}"}
    assert httpx.get(f"{demo.platform}/oidc/userinfo", headers=bearer).status_code == 401, "the replays ended it"
