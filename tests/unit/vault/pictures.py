"""Pictures for tests: honest ones, and what attackers send."""

import io
import struct
import zlib

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

SECRET = b"<script>alert(document.domain)</script>"


def jpeg(width: int = 640, height: int = 400, colour: str = "steelblue", **options: object) -> bytes:
    return _saved(Image.new("RGB", (width, height), colour), "JPEG", **options)


def png(width: int = 640, height: int = 400, colour: str = "steelblue", mode: str = "RGB") -> bytes:
    return _saved(Image.new(mode, (width, height), colour), "PNG")


def gif() -> bytes:
    return _saved(Image.new("RGB", (10, 10), "red"), "GIF")


def webp() -> bytes:
    return _saved(Image.new("RGB", (10, 10), "red"), "WEBP")


def bomb_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a small PNG whose header claims 900 megapixels, with pixels enough to keep a decoder busy for long."""
    rows = zlib.compress(b"\0" * 50_000_000, 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def with_gps() -> bytes:
    exif = Image.Exif()
    exif[Base.Make] = "SecretCamera"
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (39.0, 54.0, 20.0)
    return jpeg(300, 200, exif=exif.tobytes(), comment=b"taken at home")


def many_scans(scans: int = 200) -> bytes:
    """Return a progressive JPEG whose last scan is repeated: each one makes a decoder walk the whole picture."""
    content = jpeg(64, 64, progressive=True)
    at = content.rindex(b"\xff\xda")
    return content[:-2] + content[at:-2] * scans + content[-2:]


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
