"""Log lines: one object each, with the request's id, without anybody's number and without addresses that open doors."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.test import Client, RequestFactory
from django.urls import resolve

from tongban.audit import context
from tongban.config import logs

PHONE, ID_NUMBER = "13812345678", "11010519491231002X"


@pytest.fixture
def lines() -> Iterator[Any]:
    """A function that returns what was logged since, as objects."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    formatter = logs.logging(style="json", level="INFO")["formatters"]["line"]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**{k: v for k, v in formatter.items() if k != "()"}))
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.removeHandler(handler)


def test_both_kinds_of_logger_end_in_the_same_lines(lines: Any) -> None:
    with context.bind(request_id="r-1", network="n-1"):
        structlog.get_logger("tongban.test").warning("happened", number=7)
    logging.getLogger("tongban.test").warning("%s of row %s", "a", 7)
    first, second = lines()
    assert (first["event"], first["number"], first["level"]) == ("happened", 7, "warning")
    assert first["logger"] == second["logger"] == "tongban.test"
    assert first["request_id"] == "r-1"
    assert "network" not in first
    assert second["event"] == "a of row 7"
    assert "request_id" not in second
    assert first["timestamp"].endswith("Z")


@pytest.mark.parametrize("text", [f"to {PHONE}", f"phone={PHONE}, next", f"+86{PHONE}", f"电话{PHONE}", ID_NUMBER])
def test_numbers_that_look_personal_are_hidden(lines: Any, text: str) -> None:
    logging.getLogger("tongban.test").warning(text)
    structlog.get_logger("tongban.test").warning("happened", detail=text)
    for line in lines():
        assert PHONE not in json.dumps(line, ensure_ascii=False)
        assert ID_NUMBER not in json.dumps(line)
        assert "[hidden]" in json.dumps(line)


def test_numbers_that_are_parts_of_ids_stay(lines: Any) -> None:
    row = "0199aaaa-bbbb-7ccc-8ddd-a13812345678"
    logging.getLogger("tongban.test").warning(row)
    assert lines()[0]["event"] == row


def test_errors_hide_what_broke_a_constraint(lines: Any) -> None:
    try:
        message = f"duplicate key\nDETAIL:  Key (login_name_key)=(zhang.san) already exists.\nphone {PHONE}"
        raise ValueError(message)
    except ValueError:
        logging.getLogger("tongban.test").exception("failed")
    (line,) = lines()
    assert "ValueError: duplicate key" in line["exception"]
    assert "zhang.san" not in line["exception"]
    assert PHONE not in line["exception"]


def test_requests_are_named_by_route(lines: Any) -> None:
    request = RequestFactory().get("/notices/one-time-secret/")
    extra = {"status_code": 404, "request": request}
    logging.getLogger("django.request").warning("Not Found: %s", request.path, extra=extra)
    request.resolver_match = resolve("/notices/one-time-secret/")
    logging.getLogger("django.request").warning("Not Found: %s", request.path, extra=extra)
    logging.getLogger("django.security.csrf").warning(
        "Forbidden (%s): %s", "CSRF cookie not set.", request.path, extra={"request": request}
    )
    assert [(line["event"], line["method"], line["route"]) for line in lines()] == [
        ("answered 404", "GET", "(no such page)"),
        ("answered 404", "GET", "notices/<slug:slug>/"),
        ("Forbidden", "GET", "notices/<slug:slug>/"),
    ]
    assert "one-time-secret" not in json.dumps(lines())


@pytest.mark.django_db
def test_a_page_that_is_not_there_is_logged_with_its_request(lines: Any) -> None:
    answer = Client().get("/no-such-page/one-time-secret/")
    (line,) = [line for line in lines() if line["logger"] == "django.request"]
    assert "one-time-secret" not in json.dumps(line)
    assert line["event"] == "answered 404"
    assert line["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("style", ["json", "text"])
def test_it_is_a_configuration_python_takes(style: str) -> None:
    described = logs.logging(style=style, level="INFO")
    assert described["loggers"]["tongban.vault.reveal"]["level"] == "WARNING"
    formatter = logging.config.DictConfigurator({**described, "incremental": False}).configure_formatter(
        dict(described["formatters"]["line"])
    )
    record = logging.LogRecord("tongban.test", logging.WARNING, "", 0, f"to {PHONE}", (), None)
    assert "to [hidden]" in formatter.format(record)
