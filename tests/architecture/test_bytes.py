"""The face stays light: what a first visit downloads, compressed with brotli as the server sends it."""

from pathlib import Path

import brotli
import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tongban"
STATIC = SOURCE / "design" / "static" / "design"
SOLVER = SOURCE / "challenge" / "static" / "challenge" / "altcha.js"
KIB = 1024


def compressed(name: str) -> int:
    return len(brotli.compress((STATIC / name).read_bytes()))


@pytest.mark.parametrize(("name", "limit"), [("tongban.css", 12 * KIB), ("tongban.js", 4 * KIB)])
def test_a_file_keeps_to_its_budget(name: str, limit: int) -> None:
    assert compressed(name) <= limit


def test_all_static_files_together_leave_room_for_the_page() -> None:
    assert sum(compressed(path.name) for path in STATIC.iterdir()) <= 20 * KIB


def test_the_solver_of_puzzles_is_small_and_loaded_only_where_it_is_chosen() -> None:
    """It stands apart: a visit downloads it on pages with a 验证码 of an operator who chose it."""
    assert len(brotli.compress(SOLVER.read_bytes())) <= 2 * KIB
    assert "altcha" not in (STATIC / "tongban.js").read_text(encoding="utf-8")


def test_nothing_comes_from_elsewhere() -> None:
    for path in (*STATIC.iterdir(), SOLVER):
        addresses = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in addresses, path.name
        assert "@import" not in addresses, path.name
        assert "@font-face" not in addresses, path.name
