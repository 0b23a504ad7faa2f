"""The 科小企评价 system: one desk for units, and the small desk 科技人才信息登记 for natural persons."""

from pathlib import Path

from flask import Flask

from neighbours.relying.app import make_app
from neighbours.relying.desk import Desk, needs_person, needs_unit
from neighbours.relying.language import marked
from neighbours.relying.options import Options

TITLE = marked("科小企评价")
UNIT_DESK = Desk(
    name="tsme",
    title=TITLE,
    summary=marked("科技型中小企业评价：企业自主评价、在线填报、取得入库登记编号。"),
    audience=marked("法人单位"),
    prefix="",
    scope="openid profile unit",
    missing=needs_unit,
    home="tsme/home.html",
)
TALENT_DESK = Desk(
    name="talent",
    title=marked("科技人才信息登记"),
    summary=marked("科技人才登记本人的专业领域和联系方式，供科技计划、人才服务使用。"),
    audience=marked("自然人"),
    prefix="/talent",
    scope="openid profile",
    missing=needs_person,
    home="tsme/talent.html",
)


def create(options: Options | None = None) -> Flask:
    """Return the WSGI application; without `options` they come from the environment."""
    return make_app(
        "tsme",
        title=TITLE,
        desks=[UNIT_DESK, TALENT_DESK],
        templates=Path(__file__).parent / "templates",
        options=options or Options.from_environment(),
    )
