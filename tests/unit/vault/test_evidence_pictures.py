"""What is taken for a picture, and what is left of one that was drawn anew. Attacks first."""

import contextlib
import io
import resource
import time
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.unit.vault import pictures as samples
from tongban.vault.errors import EvidenceRefused
from tongban.vault.pictures import JPEG, LONGEST_SIDE, PNG, Look, drawn_anew, look
from tongban.vault.refusals import Refusal, sentence


def refusal(content: bytes) -> Refusal:
    with pytest.raises(EvidenceRefused) as refused:
        look(content)
    return refused.value.refusal


def test_a_small_png_of_900_megapixels_costs_nothing() -> None:
    bomb = samples.bomb_png()
    assert len(bomb) < 1024 * 1024
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert refusal(bomb) is Refusal.TOO_MANY_PIXELS
    assert time.process_time() - started < 1  # drawing it would take many seconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4096  # KiB


@pytest.mark.parametrize(
    "content",
    [
        samples.gif(),
        samples.webp(),
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"GIF89a\xff\xd8\xff",
        b"\xef\xbb\xbf\x89PNG\r\n\x1a\n",
        b"BM" + bytes(100),
        b"\x00",
    ],
)
def test_other_kinds_are_told_by_their_content(content: bytes) -> None:
    assert refusal(content) is Refusal.NO_PICTURE


def test_a_picture_of_thousands_of_scans_is_refused_unread() -> None:
    assert refusal(samples.many_scans()) is Refusal.DAMAGED


def test_a_progressive_photo_is_welcome() -> None:
    assert look(samples.jpeg(progressive=True)).media_type == JPEG


def test_the_limit_of_bytes(settings: Any) -> None:
    content = samples.jpeg()
    settings.EVIDENCE_MAX_BYTES = len(content)
    assert look(content).width == 640
    settings.EVIDENCE_MAX_BYTES = len(content) - 1
    assert refusal(content) is Refusal.TOO_BIG


def test_the_limit_of_pixels(settings: Any) -> None:
    settings.EVIDENCE_MAX_PIXELS = 640 * 400
    assert look(samples.png()).height == 400
    assert look(samples.jpeg()).height == 400
    assert refusal(samples.png(641)) is Refusal.TOO_MANY_PIXELS
    assert refusal(samples.jpeg(641)) is Refusal.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + bytes(30),
        samples.png()[:16] + bytes(8) + samples.png()[24:],
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x01" + bytes(40),
        b"\xff\xd8\xff\xd9" + bytes(40),
        b"\xff\xd8\xff\xc9" + bytes(40),
        b"\xff\xd8\xff\x01\xff\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x02\x00\x00",
        b"\xff\xd8\xff\xc0\x00\x11\x08\x00",
    ],
)
def test_broken_headers_are_refused(content: bytes) -> None:
    assert refusal(content) is Refusal.DAMAGED


def test_an_empty_file_says_so() -> None:
    assert refusal(b"") is Refusal.EMPTY


@given(st.binary(max_size=400), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"]))
def test_no_bytes_upset_the_reader(rest: bytes, begins: bytes) -> None:
    with contextlib.suppress(EvidenceRefused):
        look(begins + rest)


@given(st.data())
def test_no_damage_upsets_the_drawing(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([samples.png(40, 30), samples.jpeg(40, 30)])))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(EvidenceRefused):
        drawn_anew(bytes(content))


def test_nothing_of_a_polyglot_is_left() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("evil.html", samples.SECRET)
    comment = samples.jpeg(comment=samples.SECRET)
    for content in (comment + samples.SECRET, samples.png() + archive.getvalue(), samples.jpeg() + archive.getvalue()):
        drawn = drawn_anew(content).content
        assert samples.SECRET not in drawn
        assert b"PK\x03\x04" not in drawn
        assert not zipfile.is_zipfile(io.BytesIO(drawn))


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright() -> None:
    drawn = drawn_anew(samples.with_gps())
    assert (drawn.width, drawn.height) == (200, 300)
    with Image.open(io.BytesIO(drawn.content)) as image:
        assert not image.getexif()
        assert "comment" not in image.info
        assert "exif" not in image.info
    assert b"SecretCamera" not in drawn.content


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_plain_colours(mode: str) -> None:
    drawn = drawn_anew(samples.png(20, 10, mode=mode, colour="white" if "I" not in mode else 65535))  # type: ignore[arg-type]
    with Image.open(io.BytesIO(drawn.content)) as image:
        assert (image.mode, image.format) == ("RGB", "PNG")
        assert image.getpixel((3, 3)) == (255, 255, 255)


def test_what_is_transparent_is_drawn_on_white() -> None:
    hidden = Image.new("RGBA", (10, 10), (255, 0, 0, 0))
    file = io.BytesIO()
    hidden.save(file, "PNG")
    with Image.open(io.BytesIO(drawn_anew(file.getvalue()).content)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


def test_a_printers_colours_are_understood() -> None:
    file = io.BytesIO()
    Image.new("CMYK", (10, 10)).save(file, "JPEG")
    assert drawn_anew(file.getvalue()).media_type == JPEG


def test_long_sides_are_scaled_down() -> None:
    drawn = drawn_anew(samples.png(LONGEST_SIDE * 2, 100))
    assert (drawn.width, drawn.height, drawn.media_type) == (LONGEST_SIDE, 50, PNG)


def test_a_png_that_would_grow_becomes_a_jpeg(settings: Any) -> None:
    stripes = Image.linear_gradient("L").resize((500, 500)).convert("P", palette=Image.Palette.ADAPTIVE)
    file = io.BytesIO()
    stripes.save(file, "PNG", optimize=True)
    noisy = Image.effect_noise((300, 300), 90)
    jpeg = io.BytesIO()
    noisy.save(jpeg, "PNG", optimize=True, compress_level=9)
    settings.EVIDENCE_MAX_BYTES = len(jpeg.getvalue())
    assert drawn_anew(jpeg.getvalue()).media_type == JPEG


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize(
    "exif", [b"Exif\0\0garbage", b"Exif\0\0II*\0\x08\0\0\0\xff\xff", b"Exif\0\0MM\0*" + b"\xff" * 30]
)
def test_garbage_instead_of_metadata_is_dropped_or_refused(exif: bytes) -> None:
    with contextlib.suppress(EvidenceRefused):
        assert b"garbage" not in drawn_anew(samples.jpeg(exif=exif)).content


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyError, MemoryError, TypeError, Image.DecompressionBombError])
def test_whatever_a_decoder_raises_the_picture_is_refused(error: type[Exception], monkeypatch: Any) -> None:
    def upset(image: Image.Image, **options: Any) -> None:
        raise error

    monkeypatch.setattr("tongban.vault.pictures.ImageOps.exif_transpose", upset)
    with pytest.raises(EvidenceRefused):
        drawn_anew(samples.png())


def test_a_header_that_says_something_else_to_the_decoder_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr("tongban.vault.pictures.look", lambda content: Look(JPEG, 1, 1))
    with pytest.raises(EvidenceRefused):
        drawn_anew(samples.jpeg())


def test_a_picture_cut_off_is_refused() -> None:
    for content in (samples.jpeg()[:-400], samples.png()[:-100]):
        with pytest.raises(EvidenceRefused) as refused:
            drawn_anew(content)
        assert refused.value.refusal is Refusal.DAMAGED


@pytest.mark.parametrize("one", list(Refusal))
def test_every_refusal_has_a_sentence(one: Refusal) -> None:
    assert sentence(one).endswith("。")
    assert "%" not in sentence(one)
