"""Write across a picture of a document what it is shown for, so that no copy of the screen can serve anything else."""

import io
import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from tongban.kernel import clock
from tongban.vault.flows.open_evidence import EvidenceContent

log = logging.getLogger("tongban.vault.watermark")
LONGEST_SIDE = 2400  # pixels
_QUALITY = 85
_INK = (120, 20, 20, 96)
_HALO = (255, 255, 255, 110)
_ANGLE = 28  # degrees
_LATIN = "FOR REVIEW ONLY"
# Where Debian, Red Hat, Alpine and openEuler put fonts that have Chinese characters.
_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def for_review(*, purpose: str, number: str, reviewer: str) -> list[str]:
    """Return the lines for the review desk: 仅供…审核, the case number, the time, who looks."""
    at = localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    return [_("仅供%(purpose)s审核") % {"purpose": purpose.removesuffix("审核")}, number, f"{at} {reviewer}"]


def burned(opened: EvidenceContent, *, lines: Sequence[str]) -> EvidenceContent:
    """Return the picture, at most `LONGEST_SIDE` long, with `lines` all over it; always a JPEG.

    Where no font with Chinese characters is installed (setting WATERMARK_FONT), what is not ASCII is left out and
    "FOR REVIEW ONLY" stands in the first line: the numbers that lead back to who looked are always there.
    """
    with Image.open(io.BytesIO(opened.content), formats=("JPEG", "PNG")) as image:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        ground = image.convert("RGB")
    ground.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    marked = ground.convert("RGBA")
    stamp = _stamp(lines, size=max(14, min(ground.size) // 22))
    layer = Image.new("RGBA", marked.size)
    for row, top in enumerate(range(-stamp.height // 3, marked.height, stamp.height)):
        for left in range(-(row % 2) * stamp.width // 2, marked.width, stamp.width):
            layer.paste(stamp, (left, top))
    file = io.BytesIO()
    Image.alpha_composite(marked, layer).convert("RGB").save(file, "JPEG", quality=_QUALITY)
    return EvidenceContent(file.getvalue(), "image/jpeg")


def has_chinese_font() -> bool:
    """Return whether the watermark can be written in Chinese here."""
    return _font_file() is not None


def _stamp(lines: Sequence[str], *, size: int) -> Image.Image:
    """Return the text on nothing, aslant, with room around it."""
    font, text = _font(size), "\n".join(line[:60] for line in _legible(lines))
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), text, font=font)
    plain = Image.new("RGBA", (int(right - left) + size, int(bottom - top) + size))
    ImageDraw.Draw(plain).multiline_text(
        (size // 2 - left, size // 2 - top), text, font=font, fill=_INK, stroke_width=max(1, size // 16),
        stroke_fill=_HALO,
    )  # fmt: skip
    return plain.rotate(_ANGLE, expand=True)


def _legible(lines: Sequence[str]) -> list[str]:
    if has_chinese_font():
        return list(lines)
    ascii_only = ["".join(letter for letter in line if " " <= letter <= "~").strip() for line in lines]
    return [_LATIN, *(line for line in ascii_only if line)]


def _font_file() -> Path | None:
    return _found(settings.WATERMARK_FONT)


@cache
def _found(wanted: Path | None) -> Path | None:
    places = [wanted] if wanted else [Path(place) for place in _FONTS]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        log.warning("no font with Chinese characters: the watermark of the review desk is in Latin letters")
    return found


def _font(size: int) -> Font:
    file = _font_file()
    return ImageFont.load_default(size) if file is None else ImageFont.truetype(str(file), size)
