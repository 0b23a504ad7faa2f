"""Let the accounts stand that were here before, then import the legacy accounts as an operator would."""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tongban.audit.actors import Actor
from tongban.demo import torch
from tongban.demo.accounts import PASSWORD
from tongban.demo.flows.open_demo_account import open_demo_account
from tongban.design.labels import UNIT_TYPES
from tongban.transfer.file_format import open_file
from tongban.transfer.flows.import_file import import_file


def bring_over(*, actor: Actor) -> None:
    """Open the accounts that stand before and import a file of units and one of persons; again changes nothing."""
    for one in torch.accounts():
        if one.before:
            open_demo_account(
                realm=one.before.realm,
                login_name=one.before.login_name,
                password=PASSWORD,
                phone=one.before.phone,
                holder=one.unit or one.person,
                verified=one.before.verified,
            )
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("torch-units.csv", _unit_rows()), ("torch-persons.csv", _person_rows())):
            file = Path(folder) / name
            _write(file, rows)
            import_file(actor=actor, file=open_file(file))


def _unit_rows() -> list[Mapping[str, str]]:
    return [
        {
            "统一社会信用代码": one.key,
            "单位名称": one.unit.name,
            "单位类型": str(UNIT_TYPES[one.unit.unit_type]),
            "联系人": one.unit.legal_representative.name,
            "手机": one.phone,
            "密码": one.hashed(),
        }
        for one in torch.accounts()
        if one.unit and one.kind
    ]


def _person_rows() -> list[Mapping[str, str]]:
    return [{"手机": one.key, "密码": one.hashed()} for one in torch.accounts() if one.kind and not one.unit]


def _write(file: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.DictWriter(sheet, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
