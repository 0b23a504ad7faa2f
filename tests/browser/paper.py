"""Pictures that could be photographs of papers: large enough to read, with words, never anybody's."""

import io

from PIL import Image, ImageDraw


def paper(*lines: str, width: int = 1100, height: int = 700) -> bytes:
    """Return a JPEG of a sheet with `lines` on it (Latin letters and digits; the font has no others)."""
    picture = Image.new("RGB", (width, height), "#7a8a99")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((60, 60, width - 60, height - 60), radius=40, fill="#f4f1e6", outline="#456")
    pen.rectangle((width - 380, 150, width - 130, 450), fill="#c3ccd4")
    for place, line in enumerate(lines):
        readable = "".join(sign if sign.isascii() else "#" for sign in line)
        pen.text((130, 150 + 90 * place), readable, fill="#222", font_size=44)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()
