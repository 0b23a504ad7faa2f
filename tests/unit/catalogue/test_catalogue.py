"""Loading the catalogue, reading it and searching it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import IntegrityError

from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.catalogue import queries
from tongban.catalogue.errors import ServiceNotFound
from tongban.catalogue.events import LOADED
from tongban.catalogue.file_format import parse_catalogue
from tongban.catalogue.flows.load_catalogue import load_catalogue
from tongban.catalogue.loading import Loaded
from tongban.catalogue.models import Service
from tongban.catalogue.rules import Audience, ServiceEntry
from tongban.config.commands.catalogue import command
from tongban.kernel.assurance import AssuranceLevel

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[3] / "src/tongban/demo/data/catalogue.json"


@pytest.fixture
def entries() -> list[ServiceEntry]:
    found = parse_catalogue(json.loads(DEMO.read_text(encoding="utf-8")))
    load_catalogue(actor=Actor.system(), entries=found)
    return found


def names(found: list[queries.Found]) -> list[str]:
    return [hit.service.name for hit in found]


def test_loading_twice_changes_nothing(entries: list[ServiceEntry]) -> None:
    before = list(Service.objects.values())
    assert Event.objects.filter(name=LOADED.name).count() == 1
    assert load_catalogue(actor=Actor.system(), entries=entries) == Loaded(
        added=0, changed=0, unchanged=len(entries), withdrawn=0
    )
    assert list(Service.objects.values()) == before
    assert Event.objects.filter(name=LOADED.name).count() == 1


def test_the_file_is_the_whole_catalogue(entries: list[ServiceEntry]) -> None:
    first = queries.service(entries[0].slug)
    changed = replace(entries[1], summary="新的说明。")
    assert load_catalogue(actor=Actor.system(), entries=[changed]) == Loaded(
        added=0, changed=1, unchanged=0, withdrawn=len(entries) - 1
    )
    assert [row.summary for row in queries.offered()] == ["新的说明。"]
    with pytest.raises(ServiceNotFound):
        queries.service(first.slug)
    load_catalogue(actor=Actor.system(), entries=entries)
    assert queries.service(first.slug).pk == first.pk


def test_services_are_for_their_audience_in_the_order_of_the_file(entries: list[ServiceEntry]) -> None:
    legal = [row.name for row in queries.services_for(Audience.LEGAL)]
    natural = [row.name for row in queries.services_for(Audience.NATURAL)]
    assert legal[:2] == ["高企认定", "科小企评价"]
    assert natural[0] == "科技人才信息登记"
    assert "高企认定" not in natural
    assert "外国人来华工作许可指南" in legal
    assert "外国人来华工作许可指南" in natural


def test_a_service_knows_what_it_demands(entries: list[ServiceEntry]) -> None:
    hnte = queries.service_of_client("hnte").get()
    assert hnte.has_entry
    assert hnte.needs_verification
    assert hnte.assurance is AssuranceLevel.CROSS_CHECKED
    guide = queries.service("research-instrument-sharing")
    assert not guide.has_entry
    assert not guide.needs_verification


def test_search_puts_names_first_and_demands_every_word(entries: list[ServiceEntry]) -> None:
    assert names(queries.search("认定"))[:1] == ["高企认定"]
    assert names(queries.search("外国人 许可")) == ["外国人来华工作许可指南"]
    assert names(queries.search("国科发火〔2016〕３２号")) == ["高企认定"]
    assert queries.search("不存在的事项") == []
    assert queries.search("  ") == []
    assert queries.search("%") == [] or all("%" in hit.service.search_text for hit in queries.search("%"))


def test_search_shows_where_the_words_are(entries: list[ServiceEntry]) -> None:
    (found,) = queries.search("护照")
    assert [piece.text for piece in found.excerpt if piece.found] == ["护照"]
    (found,) = queries.search("设定行政许可的决定")
    assert "".join(piece.text for piece in found.excerpt).startswith("用人单位")


def test_the_database_refuses_a_service_nobody_can_use(entries: list[ServiceEntry]) -> None:
    with pytest.raises(IntegrityError):
        Service.objects.filter(slug="foreigner-work-permit").update(how_to_apply="")


def test_the_command_loads_a_file(tmp_path: Path) -> None:
    runner = CliRunner()
    result = runner.invoke(command, ["load", str(DEMO)])
    assert result.exit_code == 0
    assert "10 added, 0 changed, 0 unchanged, 0 withdrawn" in result.output
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"services": [1]}', encoding="utf-8")
    result = runner.invoke(command, ["load", str(wrong)])
    assert result.exit_code == 1
    assert "services[0]" in result.output
    wrong.write_text("{", encoding="utf-8")
    assert runner.invoke(command, ["load", str(wrong)]).exit_code == 1
