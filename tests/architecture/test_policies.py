"""The page of rules says what the code does."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.forms import CharField
from django.urls import get_resolver

from tests.architecture.test_routes import routes
from tongban.config.table import TABLE
from tongban.design import fields
from tongban.design.forms import Form
from tongban.web.doors import Door

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tongban"
PAGE = ROOT / "docs" / "security" / "policies.md"
LIMITS = re.compile(
    r"RATES|_PER_(?!PAGE)|_FAILURES|_TRIES|_CHECKS|_DELAY_|^SESSION_|EVIDENCE_(MAX|LIVE)|PASSWORD_LENGTH|_DIGITS"
)


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def who(door: Door) -> str:
    """Return who passes a closed door, in words."""
    if door.roles:
        return ", ".join(sorted(role.replace("_", " ") for role in door.roles))
    return {"legal": "units", "natural": "citizens", "staff": "staff"}.get(door.realm or "", "whoever is signed in")


def closed_doors() -> Iterator[tuple[str, str]]:
    """Yield each address that is not for everybody, and who may open it."""
    for route, pattern in routes(get_resolver()):
        door: Door = getattr(pattern.callback, "door")  # noqa: B009 - a view is a function that carries its door
        if door.kind == "signed_in":
            yield route, who(door)


def forms() -> list[type[Form]]:
    """Return every form of the platform."""
    for path in SOURCE.glob("*/forms.py"):
        import_module(f"tongban.{path.parent.name}.forms")
    found, waiting = set(), [Form]
    while waiting:
        kinds = [kind for kind in waiting.pop().__subclasses__() if kind.__module__.startswith("tongban.")]
        found |= set(kinds)
        waiting += kinds
    return sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


def test_every_limit_stands_there_with_its_number() -> None:
    limits = [setting for setting in TABLE if LIMITS.search(setting.name)]
    assert len(limits) > 20
    assert [one.name for one in limits if f"| `{one.name}` | `{one.default}` |" not in page()] == []


def test_settings_named_on_the_page_exist() -> None:
    known = {setting.name for setting in TABLE}
    assert set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`", page())) <= known


def test_every_field_says_what_it_accepts() -> None:
    names = [name for name, kind in vars(fields).items() if isinstance(kind, type) and name.endswith("Field")]
    assert [name for name in names if f"`{name}`" not in page()] == []


def test_every_text_of_every_form_has_a_longest_length() -> None:
    texts = [
        (form.__name__, name, field.max_length)
        for form in forms()
        for name, field in form.base_fields.items()
        if isinstance(field, CharField)
    ]
    assert len(texts) > 40
    assert [text for text in texts if not text[2] or text[2] > 2000] == []


def test_no_form_asks_for_a_hint_or_a_secret_question() -> None:
    names = {name for form in forms() for name in form.base_fields}
    labels = "".join(str(field.label) for form in forms() for field in form.base_fields.values())
    assert "password" in names
    assert not [name for name in names if re.search(r"hint|question|mother|email|mail", name)]
    assert not re.search("密保|提示问题|密码提示|邮箱", labels)


def test_every_closed_door_is_there() -> None:
    assert [door for door in closed_doors() if f"| `/{door[0]}` | {door[1]} |" not in page()] == []


def test_no_door_is_there_that_is_open_or_gone() -> None:
    listed = re.findall(r"^\| `/([^`]*)` \| (.*) \|$", page().partition("## Rights")[2], re.MULTILINE)
    assert sorted(listed) == sorted(closed_doors())


def test_a_session_of_an_account_begins_in_one_place() -> None:
    begins = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"auth.login", "login", "force_login", "alogin"}
    }
    assert begins == {"accounts/views/log_in.py"}
    assert "`accounts/views/log_in.py`" in page()
