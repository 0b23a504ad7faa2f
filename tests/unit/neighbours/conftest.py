"""A fake platform, and the two business systems in front of it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from neighbours.hnte.app import create as create_hnte
from neighbours.relying.options import Options
from neighbours.tsme.app import create as create_tsme
from tests.unit.neighbours.fake_platform import FakePlatform, running

ADDRESS = "http://127.0.0.1:8002"


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with running(FakePlatform()) as found:
        yield found


@pytest.fixture
def options(tmp_path: Path, platform: FakePlatform) -> Options:
    names = ("hnte", "tsme", "talent")
    file = tmp_path / "clients.json"
    file.write_text(json.dumps({name: {"client_id": f"{name}-id", "client_secret": "s3cret"} for name in names}))
    return Options.make(port=8002, platform=platform.address, home=tmp_path / "home", client_file=file)


@pytest.fixture
def hnte(options: Options) -> Flask:
    return create_hnte(options)


@pytest.fixture
def tsme(options: Options) -> Flask:
    return create_tsme(options)


class Browser(FlaskClient):
    """A browser that calls the system by its own address."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("base_url", ADDRESS)
        return super().open(*args, **kwargs)


@pytest.fixture
def browser() -> Callable[[Flask], FlaskClient]:
    return lambda app: Browser(app, app.response_class)
