"""Ways in which text of a stranger could become code, markup, a query, a command or an address do not stand in `src`.

Read from the syntax tree: what a linter is told to ignore here and there cannot hide from this list. An exception is
named with its reason; one that is no longer needed fails too.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tongban"

CALLS = {
    "eval": "text becomes code", "exec": "text becomes code", "compile": "text becomes code",
    "__import__": "text chooses code",
    "mark_safe": "text becomes markup", "SafeString": "text becomes markup",
    "raw": "text becomes a query", "extra": "text becomes a query", "RawSQL": "text becomes a query",
    "from_string": "text becomes a template",
    "popen": "text becomes a command",
    "urlopen": "the server fetches an address", "urlretrieve": "the server fetches an address",
    "format_map": "text becomes a format",
}  # fmt: skip
MODULES = {
    "pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle",  # objects from bytes
    "xml", "lxml", "defusedxml", "xmlrpc",  # entities
    "ldap", "ldap3", "jinja2", "mako", "markdown",  # other languages
    "zipfile", "tarfile", "rarfile", "shutil",  # archives
    "requests", "httpx", "httpcore", "aiohttp", "http.client", "socket", "ftplib", "smtplib",  # going out
    "random",  # guessable
    "subprocess",  # commands
}  # fmt: skip
ALLOWED = {
    ("config/commands/demo.py", "socket"): "asks whether a port of this machine is taken; sends nothing",
    ("config/serving.py", "subprocess"): "starts our own fixed commands, as lists of arguments",
    ("config/serving.py", "urlopen"): "asks our own children whether they are up",
    ("kernel/vendors/transport.py", "httpcore"): "calls vendors, at addresses of the settings only",
    ("kernel/vendors/transport.py", "socket"): "looks up the names in those addresses, within a deadline",
    ("accounts/qr.py", "SafeString"): "the drawing of a QR code, which holds no text but a title of ours",
    ("demo/rules.py", "random"): "made-up people, the same at every start; the room is refused in production",
}


def modules() -> list[tuple[str, ast.Module]]:
    files = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    return [(path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in files]


MODULES_OF_SOURCE = modules()


def called(node: ast.Call) -> str:
    """Return the last name of what is called."""
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def owner(node: ast.Call) -> str:
    """Return the name before the last point, where it is a plain name."""
    of = node.func.value if isinstance(node.func, ast.Attribute) else None
    return of.id if isinstance(of, ast.Name) else ""


def is_constant(node: ast.Call) -> bool:
    """Return whether markup is made of what stands in the source, as in `SafeString("")`."""
    return called(node) == "SafeString" and all(isinstance(given, ast.Constant) for given in node.args)


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def findings(tree: ast.Module) -> set[str]:
    """Return the names of dangerous calls and modules."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and not is_constant(node)]
    calls = {"system" for node in found if called(node) == "system" and owner(node) == "os"}
    calls |= CALLS.keys() & {called(node) for node in found if owner(node) != "re"}
    names = {module for module in imported(tree) if module in MODULES or module.partition(".")[0] in MODULES}
    return calls | {name.partition(".")[0] for name in names}


def test_nothing_dangerous_is_called_but_for_a_reason() -> None:
    found = {(where, what) for where, tree in MODULES_OF_SOURCE for what in findings(tree)}
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "code",
    ["eval(x)", "import pickle", "from xml.etree import ElementTree", "Case.objects.raw(x)", "mark_safe(x)",
     "engine.from_string(x)", "os.system(x)", "import http.client", "import random"],
)  # fmt: skip
def test_the_search_finds_what_it_looks_for(code: str) -> None:
    assert findings(ast.parse(code))


def test_no_shell_reads_a_command() -> None:
    with_shell = [
        where
        for where, tree in MODULES_OF_SOURCE
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "shell"
    ]
    assert with_shell == []


def test_statements_are_written_before_anybody_types() -> None:
    """SQL is a constant, or put together from names of our own schema; values are always bound (ASVS 1.2.4)."""
    built = set()
    for where, tree in MODULES_OF_SOURCE:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in {"execute", "executemany", "Statement"}:
                statement = node.args[0]
                constants = [part for part in ast.walk(statement) if isinstance(part, ast.Constant)]
                if not (isinstance(statement, ast.Constant | ast.IfExp) and constants) and not _constant_name(
                    statement
                ):
                    built.add((where, ast.unparse(statement)))
    assert built == {
        ("accounts/plain_rows.py", "statement"),  # constants of `queries` and `sessions`
        ("audit/guard.py", "statement"),  # of the triggers in the same module
        ("audit/guard.py", "f'DROP TRIGGER IF EXISTS {trigger.name}{table}'"),  # the same
        ("audit/models.py", "self.insert_statement() + ending"),  # from the names of the model's columns
        ("audit/models.py", "f'WITH {before} {Waiting.insert_statement()}'"),  # the same, and a `Statement`
        ("audit/statements.py", "self.sql"),  # of a `Statement`: looked at where it is made
        ("accounts/tally.py", "_COUNT + unhurried()"),  # constants of both modules
        ("transfer/staging.py", "self._statements[statement]"),  # from the tables of rules and the names of columns
        ("transfer/staging.py", "self._statements['older_indexes']"),  # the same
        ("transfer/staging.py", "f'INSERT INTO {name} ({columns}) VALUES ({marks})'"),  # the same
        ("transfer/flows/import_file.py", "f'PRAGMA wal_autocheckpoint = {_LOG_PAGES}'"),  # a number of that module
    }


def _constant_name(statement: ast.expr) -> bool:
    return isinstance(statement, ast.Name) and statement.id.isupper()


def test_patterns_and_markup_are_written_before_anybody_types() -> None:
    """Regular expressions and `format_html` take constants first, so that nobody types either (ASVS 1.2.9, 1.2.1)."""
    typed = set()
    for where, tree in MODULES_OF_SOURCE:
        for node in ast.walk(tree):
            is_pattern = isinstance(node, ast.Call) and owner(node) == "re"
            if isinstance(node, ast.Call) and (is_pattern or called(node) == "format_html"):
                first = node.args[0]
                if not isinstance(first, ast.Constant | ast.JoinedStr):
                    typed.add((where, ast.unparse(first)))
                names = {part.id for part in ast.walk(first) if isinstance(part, ast.Name)}
                if isinstance(first, ast.JoinedStr) and not all(name.strip("_").isupper() for name in names):
                    typed.add((where, ast.unparse(first)))
    # Translated sentences, from our own catalogue.
    assert typed == {("accounts/views/log_in.py", "sentence")}


def test_templates_never_switch_escaping_off() -> None:
    unescaped = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("templates/**/*.html")
        if any(
            word in path.read_text(encoding="utf-8") for word in ("|safe", "autoescape off", "|escapejs", "<script>")
        )
    ]
    assert unescaped == []
