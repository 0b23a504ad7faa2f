"""Made-up files of the legacy platform."""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from tongban.audit.actors import Actor
from tongban.kernel import check_characters
from tongban.transfer.file_format import open_file
from tongban.transfer.flows.import_file import import_file
from tongban.transfer.models import Batch

ME = Actor.operator("ops")
UNIT_HEADER = ("统一社会信用代码", "单位名称", "联系人", "手机号码", "密码")
PERSON_HEADER = ("手机号码", "密码")


def code(number: int) -> str:
    """Return the unified social credit code with this number."""
    digits = f"{number:08d}"
    first = f"91110108{digits}{check_characters.organisation(digits)}".replace("X", "0")
    return first + check_characters.uscc(first)


def phone(number: int) -> str:
    """Return the phone with this number."""
    return f"13{number:09d}"


def password(number: int) -> str:
    """Return the legacy password of the account with this number."""
    return f"Torch-{number}"


def hashed(number: int) -> str:
    """Return its hash, as the legacy platform kept it."""
    return "md5$" + hashlib.md5(password(number).encode(), usedforsecurity=False).hexdigest()


def unit(number: int, **other: str) -> tuple[str, ...]:
    """Return the row of a unit."""
    cells = {
        "uscc": code(number),
        "name": f"示例{chr(0x4E00 + number % 20000)}有限公司",
        "contact": "张三",
        "phone": phone(number),
        "password": hashed(number),
    }
    return tuple({**cells, **other}.values())


def person(number: int, **other: str) -> tuple[str, ...]:
    """Return the row of a person."""
    return tuple({"phone": phone(number), "password": hashed(number), **other}.values())


def write(
    folder: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    name: str = "file.csv",
    encoding: str = "utf-8",
) -> Path:
    """Write a file and return its path."""
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def units(folder: Path, rows: Iterable[Sequence[str]], name: str = "units.csv") -> Path:
    """Write a file of units."""
    return write(folder, UNIT_HEADER, rows, name=name)


def persons(folder: Path, rows: Iterable[Sequence[str]], name: str = "persons.csv") -> Path:
    """Write a file of persons."""
    return write(folder, PERSON_HEADER, rows, name=name)


def imported(path: Path, *, block: int = 5000) -> Batch:
    """Import the file and return its batch."""
    return import_file(actor=ME, file=open_file(path), block=block)
