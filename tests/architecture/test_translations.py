"""Every text a person reads has a translation, and the compiled catalogues are those of the written ones."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from neighbours.relying.language import LANGUAGES
from tongban.design import display

ROOT = Path(__file__).resolve().parents[2]
PACKAGES: dict[Path, list[str | Path]] = {
    ROOT / "src" / "tongban": [ROOT / "scripts" / "messages"],
    ROOT / "src" / "neighbours": [sys.executable, ROOT / "scripts" / "neighbour_messages"],
}
"""The packages that speak to people, and what collects their texts."""
CATALOGUES = sorted(path for package in PACKAGES for path in package.glob("locale/*/LC_MESSAGES/*.po"))
_HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def name_of(catalogue: Path) -> str:
    """Return the package and the language of a catalogue."""
    return f"{catalogue.parents[3].name}-{catalogue.parents[1].name}"


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_is_a_catalogue_of_every_language_but_the_source() -> None:
    codes = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    for package in PACKAGES:
        assert {path.parents[1].name for path in CATALOGUES if path.is_relative_to(package)} == codes != set()
    assert set(LANGUAGES) == set(display.TAGS.values()), "the business systems speak what the platform speaks"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the source whose catalogues are collected and compiled anew."""
    copy: Path = tmp_path_factory.mktemp("collected")
    leave_out = shutil.ignore_patterns("__pycache__", "static", "data")
    for package, collect in PACKAGES.items():
        shutil.copytree(package, copy / package.name, ignore=leave_out)
        run(*collect, copy / package.name)
    return copy


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=name_of)
def test_nothing_is_missing_unsure_or_out_of_date(catalogue: Path, collected: Path) -> None:
    for wrong in ("--untranslated", "--only-fuzzy"):
        left = [line for line in run("msgattrib", wrong, "--no-obsolete", catalogue).splitlines() if "msgid" in line]
        assert left in ([], ['msgid ""']), "fill in the translations, then `make messages`"
    again = collected / catalogue.relative_to(ROOT / "src")
    assert again.read_text(encoding="utf-8") == catalogue.read_text(encoding="utf-8"), "run `make messages`"
    assert again.with_suffix(".mo").read_bytes() == catalogue.with_suffix(".mo").read_bytes(), "run `make messages`"


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=name_of)
def test_translations_are_in_their_language(catalogue: Path) -> None:
    said = [line for line in catalogue.read_text(encoding="utf-8").splitlines() if line.startswith("msgstr")]
    assert [line for line in said if _HAN.search(line)] == []


_TRANSLATED = re.compile(r"{#.*?#}|{% trans\b.*?{% endtrans %}|{{.*?}}|{%.*?%}", re.DOTALL)


@pytest.mark.parametrize(
    "template", sorted((ROOT / "src" / "neighbours").rglob("*.html")), ids=lambda path: str(path.name)
)
def test_no_template_of_a_business_system_speaks_past_the_catalogues(template: Path) -> None:
    plain = _TRANSLATED.sub("", template.read_text(encoding="utf-8"))
    assert [line for line in plain.splitlines() if _HAN.search(line)] == []
