"""Pictures as phones, jokers and attackers send them."""

import io
import struct
import zlib
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from tests.dispatch.browser import Browser

HTML: Final = b"<html><script>alert(document.cookie)</script></html>"
ZIP: Final = b"PK\x03\x04 an archive PK\x05\x06" + bytes(18)
PDF: Final = b"%PDF-1.4 a document %%EOF"
SECRET: Final = "机主王建国"


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    """A picture, red on its left half."""
    image = Image.new("RGB", size, (40, 90, 160))
    image.paste((220, 20, 20), (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()


def phone_photo(*, orientation: int = 6) -> bytes:
    """What a phone makes: place, time, owner, a colour profile, a comment, a preview in XMP."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = SECRET
    exif[ExifTags.Base.Make] = "Phone"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:02 09:30:00"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (30.0, 39.0, 0.0)
    gps[ExifTags.GPS.GPSLongitudeRef] = "E"
    gps[ExifTags.GPS.GPSLongitude] = (120.0, 21.0, 36.0)
    gps[ExifTags.GPS.GPSMapDatum] = "WGS-84"
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><owner>' + SECRET.encode() + b"</owner></x:xmpmeta>"
    return photo(exif=exif, icc_profile=b"profile" * 40, comment=SECRET.encode(), xmp=xmp)


def huge_png(side: int = 20_000) -> bytes:
    """A few hundred bytes that would unfold to 400 megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def sends(browser: Browser, content: bytes, *, claimed: str = "image/jpeg", key: str = "photo-1") -> Any:
    """Uploads a file as a form does."""
    file = SimpleUploadedFile("photo.jpg", content, content_type=claimed)
    return browser.client.post("/api/v1/photos", {"file": file}, headers={"Idempotency-Key": key})


def bomb(width: int, height: int) -> bytes:
    """A PNG of one colour: a hundred kilobytes, however many pixels."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()
