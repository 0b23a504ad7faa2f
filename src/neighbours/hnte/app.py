"""The 高企认定 system: one desk, for units."""

from pathlib import Path

from flask import Flask

from neighbours.relying.app import make_app
from neighbours.relying.desk import Desk, needs_unit
from neighbours.relying.language import marked
from neighbours.relying.options import Options

TITLE = marked("高企认定")
DESK = Desk(
    name="hnte",
    title=TITLE,
    summary=marked("高新技术企业认定：企业在线提出认定申请、报送材料、查询进度。"),
    audience=marked("法人单位"),
    prefix="",
    scope="openid profile unit",
    missing=needs_unit,
    home="hnte/home.html",
)


def create(options: Options | None = None) -> Flask:
    """Return the WSGI application; without `options` they come from the environment."""
    return make_app(
        "hnte",
        title=TITLE,
        desks=[DESK],
        templates=Path(__file__).parent / "templates",
        options=options or Options.from_environment(),
    )
