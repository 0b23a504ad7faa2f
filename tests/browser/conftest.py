"""Chromium, the whole demonstration started as `make run` starts it, and what tests do with both."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 30_000  # milliseconds
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one for the whole run."""
    # A bound against hanging, not a measurement: on a busy machine a page may take its time.
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS))
        yield browser
        browser.close()


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page, one line per finding. Under our policy no script tag may be added."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: Any = page.evaluate(
        "rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations'], preload: false})", RULES
    )
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found["violations"] for node in rule["nodes"]]


def too_wide(page: Page) -> list[str]:
    """Return what sticks out of the window, the furthest first; empty when the page does not scroll sideways."""
    found: list[str] = page.evaluate("""() => {
      if (document.documentElement.scrollWidth <= innerWidth) return []
      const right = (node) => node.getBoundingClientRect().right
      const nodes = [...document.body.querySelectorAll('*')].filter((node) => right(node) > innerWidth)
      nodes.sort((one, other) => right(other) - right(one))
      return ['sideways', ...nodes.slice(0, 5).map((node) => `${right(node)}: ${node.outerHTML.slice(0, 200)}`)]
    }""")
    return found


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demonstration; `platform` is its address, `process` its launcher."""

    platform: str
    port: int
    home: Path
    environment: dict[str, str]
    process: "subprocess.Popen[str]"

    @property
    def named(self) -> str:
        """The platform by a name: browsers make passkeys at names only."""
        return f"http://localhost:{self.port}"

    def json(self, path: str) -> Any:
        """Return what a demo address answers."""
        with urlopen(self.platform + path, timeout=30) as response:
            return json.load(response)

    def post(self, path: str, **values: object) -> Any:
        """Post JSON to a demo address."""
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(self.platform + path, json.dumps(values).encode(), headers), timeout=30) as response:
            return json.load(response)

    def command(self, *words: str) -> str:
        """Run `tongban` beside the demonstration; return what it prints."""
        return subprocess.run(
            [sys.executable, "-m", "tongban", *words],
            env={**self.environment, "TONGBAN_PROFILE": "demo"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def codes(self, phone: str) -> list[str]:
        """Return the codes that were sent to `phone`, the newest first."""
        return [one["code"] for one in self.json("/demo/outbox.json") if one["to"] == phone and one["code"]]

    def newest_code(self, phone: str, *, after: int = 0) -> str:
        """Return the newest code sent to `phone` once there are more than `after`: the worker has to deliver it."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if len(codes := self.codes(phone)) > after:
                return codes[0]
            time.sleep(0.2)
        raise AssertionError(phone)

    def links(self) -> list[str]:
        """Return the paths of all links that were sent, the newest message first."""
        texts = [message["text"] for message in self.json("/demo/outbox.json")]
        return [path for text in texts for path in re.findall(r"(?:/[\w-]+)+/", text)]

    def newest_link(self, start: str, *, besides: Collection[str] = ()) -> str:
        """Return the path of the newest link sent that begins with `start`, waiting for the worker to deliver it.

        `besides` were there before what causes the message: earlier ones, which may be spent.
        """
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for path in self.links():
                if path.startswith(start) and path not in besides:
                    return path
            time.sleep(0.2)
        raise AssertionError(start)


def _free_port() -> int:
    """Return the first of four free neighbouring ports; runs that look at the same time find others.

    A server binds its port long after it was found free, and two servers may share one without an error.
    """
    for start in range(20_000 + os.getpid() * 10 % 10_000, 32_000, 10):
        try:
            for step in range(4):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", start + step))
        except OSError:
            continue
        return start
    raise RuntimeError("no free ports")


@contextmanager
def started(home: Path, **settings: str) -> Iterator[Demo]:
    """Start the demonstration as people start it, with some settings of one's own."""
    port = _free_port()
    environment = {**os.environ, "PORT": str(port), "TONGBAN_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    # The tests do within a minute, from one address, what takes many people several. The limits have their own tests.
    environment["TONGBAN_SMS_RATES_PHONE"] = "20/h"
    environment["TONGBAN_SMS_RATES_NETWORK"] = "1000/5min"
    environment["TONGBAN_ADDRESS"] = f"http://127.0.0.1:{port}"
    # The demonstration as people start it: not with the settings of this test run, and their models.
    for name in ("TONGBAN_PROFILE", "TONGBAN_DATABASE", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    environment |= {f"TONGBAN_{name}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "tongban", "demo"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    assert process.poll() is None, "the demonstration did not start"
    yield Demo(f"http://127.0.0.1:{port}", port, home, environment, process)
    process.send_signal(signal.SIGTERM)
    process.stdout.close()
    assert process.wait(timeout=60) == 0


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Start the demonstration once for all browser tests."""
    with started(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(params=[True, False], ids=["js", "no-js"])
def context(request: pytest.FixtureRequest, chromium: Browser, demo: Demo) -> Iterator[BrowserContext]:
    """A fresh visitor, once with and once without JavaScript."""
    fresh = chromium.new_context(
        base_url=demo.platform, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=request.param
    )
    fresh.set_default_timeout(PATIENCE)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of the fresh visitor."""
    return context.new_page()
