"""Numbers for Prometheus: only for who shows the token, and of nobody in particular."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from tests.unit.audit.trail import happen
from tongban.config.serving import metrics_environment
from tongban.site import measuring

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


def fetch(token: str = "") -> Any:
    return Client().get("/metrics", headers={"Authorization": f"Bearer {token}"} if token else {})


def test_without_a_token_there_is_no_such_page(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert fetch().status_code == fetch("x").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_only_who_has_the_token_reads(settings: Any) -> None:
    settings.METRICS_TOKEN = "a-token"
    assert fetch().status_code == fetch("another").status_code == 404
    answer = fetch("a-token")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["Cache-Control"] == "no-store"


def test_requests_are_counted_by_route(settings: Any) -> None:
    settings.METRICS_TOKEN = "a-token"
    settings.MIDDLEWARE = ["tongban.site.measuring.measured", *settings.MIDDLEWARE]
    client = Client()
    client.get("/help/")
    client.get("/no-such-page/13812345678/")
    client.generic("BREW", "/help/")
    happen(2)
    text = fetch("a-token").content.decode()
    assert 'tongban_requests_total{method="GET",route="site:help",status="200"}' in text
    assert 'tongban_requests_total{method="GET",route="none",status="404"}' in text
    assert 'route="site:help",status="405"' in text
    assert 'tongban_request_seconds_bucket{le="+Inf",method="GET",route="site:help"}' in text
    waiting = [line for line in text.splitlines() if line.startswith("tongban_waiting{")]
    assert {line.split('"')[1] for line in waiting} == {"audit_events", "sms", "verifications", "pictures"}
    assert "13812345678" not in text
    assert "BREW" not in text


def test_a_request_without_a_route_is_measured() -> None:
    from django.http import HttpResponse

    answer = measuring.measured(lambda request: HttpResponse("x"))(RequestFactory().get("/"))
    assert answer.content == b"x"


def test_the_processes_of_a_server_count_together(settings: Any, tmp_path: Path) -> None:
    settings.HOME, settings.METRICS_TOKEN = tmp_path, ""
    assert metrics_environment(8000) == {}
    settings.METRICS_TOKEN = "a-token"
    environment = metrics_environment(8000)
    folder = Path(environment["PROMETHEUS_MULTIPROC_DIR"])
    (folder / "counter_1.db").touch()
    assert metrics_environment(8000) == environment
    assert list(folder.iterdir()) == []
    count = (
        "import os, django; django.setup();"
        "from tongban.site import measuring as m; m.REQUESTS.labels('GET', 'site:home', '200').inc()"
    )
    read = (
        "import django; django.setup(); from tongban.site import measuring as m; m.backlogs = lambda: ();"
        "print(m.page().decode())"
    )
    around = {
        **os.environ,
        **environment,
        "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
        "TONGBAN_PROFILE": "test",
        "PYTHONPATH": str(ROOT / "src"),
    }
    outputs = [
        subprocess.run([sys.executable, "-c", code], env=around, check=True, capture_output=True, text=True).stdout
        for code in (count, count, read)
    ]
    assert 'tongban_requests_total{method="GET",route="site:home",status="200"} 2.0' in outputs[-1]
