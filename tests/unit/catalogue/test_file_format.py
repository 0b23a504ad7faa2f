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
        (one(en="Guide"), "services[0].en"),
        (one(en={"nmae": "Guide"}), "services[0].en.nmae"),
        (one(en={"slug": "guide"}), "services[0].en.slug"),
        (one(en={"name": 3}), "services[0].en.name"),
        (one(en={"name": " "}), "services[0].en.name"),
        (one(en={"fee": "Free"}), "services[0].en.fee"),
        (one(en={"steps": "Submit"}), "services[0].en.steps"),
        (one(en={"steps": ["Submit", "Wait"]}), "services[0].en.steps"),
        (one(en={"steps": [""]}), "services[0].en.steps[0]"),
        (one(en={"materials": ["Form"]}), "services[0].en.materials[0]"),
        (one(en={"materials": [{"name": "Form", "count": "2"}]}), "services[0].en.materials[0].count"),
        (one(en={"materials": [{"name": "Form", "note": "Stamped"}]}), "services[0].en.materials[0].note"),
        (one(de={"name": "Anleitung"}), "services[0].de"),
        (one(translations={"en": {"name": "Guide"}}), "services[0].translations"),
        ({"services": [ONE, ONE]}, "services[1].slug"),
    ],
)
def test_the_first_wrong_place_is_named(data: object, place: str) -> None:
    with pytest.raises(InvalidCatalogue) as caught:
        parse_catalogue(data)
    assert caught.value.place == place
    assert caught.value.problem


def test_a_text_may_have_english() -> None:
    said = {"name": " Guide ", "steps": ["Submit"], "materials": [{"name": "Form", "note": ""}]}
    (entry,) = parse_catalogue(one(en=said))
    assert entry.translations == {"en": {"name": "Guide", "steps": ["Submit"], "materials": [{"name": "Form"}]}}
    assert parse_catalogue(one())[0].translations == {}


def test_every_key_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs/catalogue.md").read_text(encoding="utf-8")
    for field in (*fields(ServiceEntry), *fields(NoticeEntry)):
        key = "en" if field.name == "translations" else field.name
        assert f"| `{key}` |" in page
