"""Pictures on their way in and out: uploads, previews, watermarks. Attacks first."""

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import RequestFactory
from PIL import Image, ImageChops

from tests.journeys.people import log_in, somebody
from tests.journeys.visitor import Visitor
from tests.unit.vault import pictures as samples
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.design import fields
from tongban.design.forms import Form
from tongban.vault import holders, queries, watermark
from tongban.vault.flows.accept_evidence import accept_evidence
from tongban.vault.flows.freeze_evidence import freeze_evidence
from tongban.vault.flows.open_evidence import EvidenceContent
from tongban.vault.flows.reencode_evidence import reencode_due
from tongban.vault.models import EvidenceFile
from tongban.vault.upload_handler import BoundedUpload
from tongban.vault.uploading import ids, take_uploads

ACTOR = Actor("natural", "me")
ME = "account:me"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


class PictureForm(Form):
    name = fields.PersonNameField()
    front = fields.EvidenceField(label="证件正面")
    back = fields.EvidenceField(label="证件反面", required=False)


def sent(values: dict[str, str], **files: bytes) -> PictureForm:
    named = {slot: SimpleUploadedFile("../../evil.php", content, "text/html") for slot, content in files.items()}
    return PictureForm(values, named)


def take(form: PictureForm, **options: Any) -> dict[str, EvidenceFile]:
    return take_uploads(form, actor=ACTOR, holder=ME, **options)


# Uploading


@pytest.mark.django_db
def test_pictures_are_kept_when_another_field_fails() -> None:
    form = sent({"name": ""}, front=samples.jpeg(), back=samples.gif())
    take(form)
    assert list(form.errors) == ["name", "back"]
    assert queries.evidence_for(ME).keys() == {"front"}
    again = sent({"name": "张三"})
    take(again)
    assert again.is_valid()


@pytest.mark.django_db
def test_names_and_declared_types_are_not_asked() -> None:
    form = sent({"name": "张三"}, front=samples.jpeg())
    assert take(form)["front"].media_type == "image/jpeg"
    assert form.is_valid()


@pytest.mark.django_db(transaction=True)
def test_only_what_is_ready_goes_into_a_case() -> None:
    kept = take(sent({}, front=samples.jpeg(), back=samples.jpeg()[:-400]))
    assert ids(kept) == []
    reencode_due()
    form = PictureForm({"name": "张三"})
    kept = take(form)
    assert ids(kept) == [kept["front"].id]
    assert list(form.errors) == ["back"]
    assert f"/evidence/{kept['front'].id}/" in form["front"].as_field_group()


@pytest.mark.django_db(transaction=True)
def test_delete_and_what_a_case_has_already() -> None:
    kept = take(sent({}, front=samples.jpeg()))
    freeze_evidence(actor=ACTOR, files=[kept["front"].id], case_id=uuid4())
    kept["front"].refresh_from_db()
    shown = PictureForm()
    assert take(shown, frozen=kept) == kept
    assert "delete-front" not in shown["front"].as_field_group()
    fresh = take(sent({}, front=samples.png()), frozen=kept)
    assert fresh["front"] != kept["front"]
    assert take(PictureForm({"act": "delete-front"}), frozen=kept) == kept


@pytest.mark.django_db
def test_a_form_of_a_get_takes_nothing() -> None:
    assert take(PictureForm()) == {}


def test_an_upload_beyond_the_limit_is_dropped_as_it_comes(settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 100
    request = RequestFactory().post("/", {"front": SimpleUploadedFile("a.jpg", b"x" * 300_000)})
    uploaded: Any = request.FILES["front"]
    assert isinstance(request.upload_handlers[0], BoundedUpload)
    assert uploaded.size == 101
    assert not hasattr(uploaded, "temporary_file_path")


@pytest.mark.django_db
def test_what_was_cut_off_is_told_as_too_big(settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 100
    files = RequestFactory().post("/", {"front": SimpleUploadedFile("a.jpg", samples.jpeg())}).FILES
    form = PictureForm({"name": "张三"}, files)
    take(form)
    assert str(form.errors["front"][0]).startswith("图片太大")


# The preview


def ready(holder: str, content: bytes = b"", slot: str = "front") -> EvidenceFile:
    file = accept_evidence(actor=ACTOR, holder=holder, slot=slot, content=content or samples.jpeg())
    reencode_due()
    file.refresh_from_db()
    return file


@pytest.mark.django_db(transaction=True)
def test_the_owner_sees_the_picture_and_nothing_but_a_picture() -> None:
    account = somebody()
    visitor = log_in(Visitor(), Realm.NATURAL, "zhang.san")
    file = ready(holders.of_account(account.id), samples.jpeg(comment=samples.SECRET) + samples.SECRET)
    answer = visitor.client.get(f"/evidence/{file.id}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Disposition"] == "inline", "no name of anybody's choice"
    assert samples.SECRET not in answer.content
    opened = Event.objects.get(name="vault:evidence:opened")
    assert (opened.actor_kind, opened.actor_id, opened.subject) == ("natural", str(account.id), file.id)


@pytest.mark.django_db(transaction=True)
def test_to_everybody_else_it_does_not_exist() -> None:
    account = somebody()
    somebody("li.si", "13800000009")
    file = ready(holders.of_account(account.id))
    stranger = log_in(Visitor(), Realm.NATURAL, "li.si").client
    for client in (Client(), stranger):
        there, nowhere = client.get(f"/evidence/{file.id}/"), client.get(f"/evidence/{uuid4()}/")
        assert there.status_code == nowhere.status_code == 404
    assert Client().post(f"/evidence/{file.id}/").status_code == 405
    assert client.get("/evidence/..%2f..%2fetc%2fpasswd/").status_code == 404
    assert not Event.objects.filter(name="vault:evidence:opened").exists()


@pytest.mark.django_db(transaction=True)
def test_a_browser_that_nobody_signed_in_with_sees_its_own() -> None:
    client = Client()
    client.get(f"/evidence/{uuid4()}/")
    file = ready(holders.of_browser(client.session["browser"]))
    assert client.get(f"/evidence/{file.id}/").status_code == 200
    assert Client().get(f"/evidence/{file.id}/").status_code == 404
    assert Event.objects.get(name="vault:evidence:opened").actor_kind == "anonymous"


@pytest.mark.django_db(transaction=True)
def test_before_it_is_drawn_anew_not_even_the_owner_sees_it() -> None:
    account = somebody()
    visitor = log_in(Visitor(), Realm.NATURAL, "zhang.san")
    file = accept_evidence(actor=ACTOR, holder=holders.of_account(account.id), slot="front", content=samples.jpeg())
    assert visitor.client.get(f"/evidence/{file.id}/").status_code == 404


# The watermark


def written(opened: EvidenceContent) -> Image.Image:
    with Image.open(io.BytesIO(opened.content)) as image:
        return image.convert("L")


def darkest(image: Image.Image) -> int:
    return next(shade for shade, times in enumerate(image.histogram()) if times)


def content(width: int = 800, height: int = 600, kind: str = "PNG") -> EvidenceContent:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(file, kind)
    return EvidenceContent(file.getvalue(), f"image/{kind.lower()}")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_every_part_of_the_picture_is_written_across(kind: str) -> None:
    lines = watermark.for_review(purpose="实名认证", number="TB-2026-8F3K-7Q2M", reviewer="reviewer.one")
    assert lines[0] == "仅供实名认证审核"
    assert watermark.for_review(purpose="申诉审核", number="", reviewer="")[0] == "仅供申诉审核"
    assert lines[1] == "TB-2026-8F3K-7Q2M"
    assert lines[2].endswith(" reviewer.one")
    marked = watermark.burned(content(kind=kind), lines=lines)
    assert marked.media_type == "image/jpeg"
    image = written(marked)
    for left in range(0, 800, 200):
        for top in range(0, 600, 200):
            assert darkest(image.crop((left, top, left + 200, top + 200))) < 215, (left, top)


def test_different_lines_differ() -> None:
    one, other = (watermark.burned(content(), lines=[number]) for number in ("TB-1", "TB-2"))
    assert ImageChops.difference(written(one), written(other)).getbbox()


def test_a_gigantic_or_tiny_picture_is_marked_too() -> None:
    assert max(written(watermark.burned(content(5000, 40), lines=["x" * 500])).size) == watermark.LONGEST_SIDE
    assert written(watermark.burned(content(3, 3), lines=["仅供审核"])).size == (3, 3)


def test_without_a_chinese_font_the_numbers_are_there_still(settings: Any, tmp_path: Path) -> None:
    settings.WATERMARK_FONT = tmp_path / "none.ttf"
    assert not watermark.has_chinese_font()
    marked = written(watermark.burned(content(), lines=["仅供审核", "TB-2026"]))
    plain = written(watermark.burned(content(), lines=["TB-2026"]))
    assert darkest(marked) < 215
    assert not ImageChops.difference(marked, plain).getbbox()


def test_with_a_chinese_font_it_is_chinese() -> None:
    if not watermark.has_chinese_font():
        pytest.skip("no font with Chinese characters is installed")
    one, other = (watermark.burned(content(), lines=[line]) for line in ("仅供审核", "仅供参考"))
    assert ImageChops.difference(written(one), written(other)).getbbox()
