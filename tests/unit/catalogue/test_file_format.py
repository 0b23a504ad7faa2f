"""How a catalogue file reads, and where it says that it is wrong."""

import copy
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tongban.catalogue.errors import InvalidCatalogue
from tongban.catalogue.file_format import parse_catalogue
from tongban.catalogue.rules import Audience, ServiceEntry
from tongban.kernel.assurance import AssuranceLevel
from tongban.site.rules import NoticeEntry

DEMO = Path(__file__).parents[3] / "src/tongban/demo/data/catalogue.json"
ONE: dict[str, Any] = {
    "slug": "guide-only",
    "name": "指南",
    "summary": "只有指南。",
    "audience": "both",
    "category": "公共服务",
    "required_assurance": "self_asserted",
    "how_to_apply": "到窗口办理。",
    "materials": [{"name": "申请表"}],
    "steps": ["提交"],
}


def one(**changes: object) -> dict[str, Any]:
    return {"services": [{**copy.deepcopy(ONE), **changes}]}


def test_demo_file_offers_the_services_of_the_seed() -> None:
    entries = {entry.name: entry for entry in parse_catalogue(json.loads(DEMO.read_text(encoding="utf-8")))}
    assert entries["高企认定"].audience is Audience.LEGAL
    assert entries["科小企评价"].client_id
    assert entries["科技人才信息登记"].audience is Audience.NATURAL
    assert not entries["外国人来华工作许可指南"].client_id
    assert all(entry.conditions and entry.steps and entry.time_limit for entry in entries.values())


def test_missing_parts_are_empty() -> None:
    (entry,) = parse_catalogue(one())
    assert entry.required_assurance is AssuranceLevel.SELF_ASSERTED
    assert entry.materials == [{"name": "申请表", "form": "", "note": ""}]
    assert entry.hotline == ""


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "file"),
        ({"services": {}}, "services"),
        ({"services": [], "sevices": []}, "sevices"),
        ({"services": ["x"]}, "services[0]"),
        (one(slug="Upper"), "services[0].slug"),
        (one(name=" "), "services[0].name"),
        (one(name=3), "services[0].name"),
        (one(audience="everyone"), "services[0].audience"),
        (one(required_assurance="2"), "services[0].required_assurance"),
        (one(steps="提交"), "services[0].steps"),
        (one(steps=["提交", ""]), "services[0].steps[1].text"),
        (one(materials=[{"form": "原件"}]), "services[0].materials[0].name"),
        (one(materials=[{"name": "表", "count": 2}]), "services[0].materials[0].count"),
        (one(colour="red"), "services[0].colour"),
        (one(how_to_apply=""), "services[0].how_to_apply"),
        ({"services": [ONE, ONE]}, "services[1].slug"),
    ],
)
def test_the_first_wrong_place_is_named(data: object, place: str) -> None:
    with pytest.raises(InvalidCatalogue) as caught:
        parse_catalogue(data)
    assert caught.value.place == place
    assert caught.value.problem


def test_every_key_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs/catalogue.md").read_text(encoding="utf-8")
    for field in (*fields(ServiceEntry), *fields(NoticeEntry)):
        assert f"| `{field.name}` |" in page
