"""Every text a person reads has a translation, and the compiled catalogues are those of the written ones."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tongban"
CATALOGUES = sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/django.po"))
_HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_is_a_catalogue_of_every_language_but_the_source() -> None:
    codes = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    assert {path.parents[1].name for path in CATALOGUES} == codes != set()


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package's catalogues as they are when everything is collected and compiled anew."""
    copy: Path = tmp_path_factory.mktemp("collected") / "tongban"
    leave_out = shutil.ignore_patterns("__pycache__", "static", "data")
    shutil.copytree(PACKAGE, copy, ignore=leave_out)
    run(ROOT / "scripts" / "messages", copy)
    return copy


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_nothing_is_missing_unsure_or_out_of_date(catalogue: Path, collected: Path) -> None:
    for wrong in ("--untranslated", "--only-fuzzy"):
        left = [line for line in run("msgattrib", wrong, "--no-obsolete", catalogue).splitlines() if "msgid" in line]
        assert left in ([], ['msgid ""']), "fill in the translations, then `make messages`"
    again = collected / catalogue.relative_to(PACKAGE)
    assert again.read_text(encoding="utf-8") == catalogue.read_text(encoding="utf-8"), "run `make messages`"
    assert again.with_suffix(".mo").read_bytes() == catalogue.with_suffix(".mo").read_bytes(), "run `make messages`"


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parents[1].name)
def test_translations_are_in_their_language(catalogue: Path) -> None:
    said = [line for line in catalogue.read_text(encoding="utf-8").splitlines() if line.startswith("msgstr")]
    assert [line for line in said if _HAN.search(line)] == []
