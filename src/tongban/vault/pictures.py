"""Pictures that strangers send: judged by their first bytes before anything decodes them, then drawn anew.

`look` reads only headers, so that a small file which claims a gigantic picture costs nothing. `drawn_anew` decodes,
and belongs into the worker: what leaves it was written by us, without anything that was hidden in the original.
"""

import io
import struct
from dataclasses import dataclass

from django.conf import settings
from PIL import Image, ImageOps

from tongban.vault.errors import EvidenceRefused
from tongban.vault.refusals import Refusal

JPEG = "image/jpeg"
PNG = "image/png"
LONGEST_SIDE = 4096  # pixels; a document page at 300 dpi has 3508
_QUALITY = 88
_PNG_HEAD = struct.Struct(">8sI4sII")
_PNG_BEGINS = (b"\x89PNG\r\n\x1a\n", 13, b"IHDR")  # ISO/IEC 15948 5.2, 11.2.2
_JPEG_BEGINS = b"\xff\xd8\xff"
_START_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2})  # ITU-T T.81 B.1.1.3: baseline, extended, progressive
_OTHER_FRAMES = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_SCAN_OR_END = frozenset({0xDA, 0xD9})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_START_OF_SCAN = b"\xff\xda"
_MOST_SCANS = 40
"""A picture of many scans is decoded once for each of them; programs write about ten, and a thumbnail has its own."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the header says. `width` and `height` in pixels."""

    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture we wrote."""

    content: bytes
    media_type: str
    width: int
    height: int


def look(content: bytes) -> Look:
    """Return what the header of `content` says; raises `EvidenceRefused`. Names and declared types are not asked."""
    if not content:
        raise EvidenceRefused(Refusal.EMPTY)
    if len(content) > settings.EVIDENCE_MAX_BYTES:
        raise EvidenceRefused(Refusal.TOO_BIG)
    if content.startswith(_PNG_BEGINS[0]):
        found = _look_at_png(content)
    elif content.startswith(_JPEG_BEGINS):
        found = _look_at_jpeg(content)
    else:
        raise EvidenceRefused(Refusal.NO_PICTURE)
    if found.width < 1 or found.height < 1:
        raise EvidenceRefused(Refusal.DAMAGED)
    if found.width * found.height > settings.EVIDENCE_MAX_PIXELS:
        raise EvidenceRefused(Refusal.TOO_MANY_PIXELS)
    return found


def _look_at_png(content: bytes) -> Look:
    if len(content) < _PNG_HEAD.size:
        raise EvidenceRefused(Refusal.DAMAGED)
    *begins, width, height = _PNG_HEAD.unpack_from(content)
    if tuple(begins) != _PNG_BEGINS:
        raise EvidenceRefused(Refusal.DAMAGED)
    return Look(PNG, width, height)


def _look_at_jpeg(content: bytes) -> Look:
    if content.count(_START_OF_SCAN) > _MOST_SCANS:
        raise EvidenceRefused(Refusal.DAMAGED)
    try:
        return _first_frame(content)
    except (IndexError, struct.error):
        raise EvidenceRefused(Refusal.DAMAGED) from None


def _first_frame(content: bytes) -> Look:
    """Walk the segments of a JPEG up to the first frame header; each step goes at least two bytes on."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise EvidenceRefused(Refusal.DAMAGED)
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        at += 2
        if marker in _WITHOUT_LENGTH:
            continue
        if marker in _SCAN_OR_END or marker in _OTHER_FRAMES:
            raise EvidenceRefused(Refusal.DAMAGED)
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", content, at + 3)
            return Look(JPEG, width, height)
        length: int = struct.unpack_from(">H", content, at)[0]
        if length < 2:
            raise EvidenceRefused(Refusal.DAMAGED)
        at += length


def drawn_anew(content: bytes) -> Picture:
    """Return the picture in `content` drawn upright and written by us; raises `EvidenceRefused`.

    Nothing else survives: no metadata, no second picture, nothing before, between or behind the pixels. A side longer
    than `LONGEST_SIDE` is scaled down. A PNG that would grow beyond what may be uploaded becomes a JPEG.
    """
    found = look(content)
    drawn = _drawn(content, found)
    media_type = found.media_type
    written = _written(drawn, media_type)
    if media_type == PNG and len(written) > settings.EVIDENCE_MAX_BYTES:
        media_type = JPEG
        written = _written(drawn, media_type)
    return Picture(written, media_type, drawn.width, drawn.height)


def _drawn(content: bytes, found: Look) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = settings.EVIDENCE_MAX_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            if image.size != (found.width, found.height):
                raise EvidenceRefused(Refusal.DAMAGED)
            ImageOps.exif_transpose(image, in_place=True)
            return _scaled_on_white(image)
    # Pillow's decoders and its reader of metadata raise what their formats suggest; these are the kinds they use.
    except (ArithmeticError, LookupError, MemoryError, OSError, SyntaxError, TypeError, ValueError, struct.error):
        raise EvidenceRefused(Refusal.DAMAGED) from None
    except Image.DecompressionBombError:
        raise EvidenceRefused(Refusal.TOO_MANY_PIXELS) from None


def _scaled_on_white(image: Image.Image) -> Image.Image:
    """Return `image` in plain colours, small enough; a transparent part could show one thing here and another there."""
    plain = _plain(image)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if plain.mode == "RGB":
        return plain
    return Image.alpha_composite(Image.new("RGBA", plain.size, "white"), plain).convert("RGB")


def _plain(image: Image.Image) -> Image.Image:
    """Return `image` as RGB, or as RGBA when parts of it are transparent."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _written(image: Image.Image, media_type: str) -> bytes:
    # A fresh image: what Pillow keeps beside the pixels would be written as well.
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    file = io.BytesIO()
    if media_type == PNG:
        clean.save(file, "PNG")
    else:
        clean.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()
