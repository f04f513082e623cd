"""Re-encodes a photo from what was sent: pixels only, upright, as JPEG. Pure: bytes in, bytes out.

Nothing of the sent file is kept but its pixels and what EXIF says of place and time: whatever else it carried
(comments, profiles, previews, an archive behind the last byte) does not come through. It is done in the workshop.
"""

import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import IO, Final

import pillow_heif
from PIL import ExifTags, Image, ImageOps

from dispatch.matter.photos.errors import MAX_MEGAPIXELS, RULE, too_many_pixels
from realtime.feed.errors import Invalid, Refused

LONGEST_SIDE: Final = 4096  # of the kept picture: enough to read a number plate, a tenth of the memory
THUMB_SIDE: Final = 64  # what kind of picture it is, and no face or writing: looking at it is not recorded
QUALITY: Final = 85
_WHITE: Final = (255, 255, 255)
_HEAD_BYTES: Final = 32
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
_TYPES: Final[Mapping[str, str]] = {
    "image/jpeg": "JPEG",
    "image/jpg": "JPEG",
    "image/pjpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
}
_UNSAID: Final = frozenset({"", "application/octet-stream"})

pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MAX_MEGAPIXELS * 1_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """A photo as it is kept, with what the camera said of where and when.

    lon, lat  degrees as the camera wrote them; `datum` what it calls their system, None when it says nothing
    taken_at  UTC
    """

    full: bytes
    thumb: bytes
    width: int
    height: int
    lon: float | None
    lat: float | None
    datum: str | None
    taken_at: datetime | None


def make(source: IO[bytes], claimed: str, zone: tzinfo) -> Made:
    """The photo that a file holds.

    claimed  the content type that came with it; "" or application/octet-stream claims nothing
    zone     of a camera that gives its time without an offset
    Raises Invalid for what is no image, or not the one it claims to be; TooLarge for more than 40 megapixels.
    """
    kind = _kind(source, claimed)
    try:
        with Image.open(source, formats=(kind,)) as image:
            width, height = image.size
            if width * height > MAX_MEGAPIXELS * 1_000_000:
                raise too_many_pixels()
            exif = image.getexif()
            place, datum = _place(exif), _datum(exif)
            taken_at = _taken_at(exif, zone)
            if kind == "JPEG":
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            full = _pixels(image)
    except Image.DecompressionBombError:
        raise too_many_pixels() from None
    except (Refused, MemoryError):
        raise
    except Exception as error:  # a decoder that reads what is broken may raise anything
        raise _no_image("文件已损坏，无法读出图像。") from error
    full.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = _jpeg(full)
    size = full.size
    full.thumbnail((THUMB_SIDE, THUMB_SIDE))
    lon, lat = place or (None, None)
    return Made(kept, _jpeg(full), *size, lon, lat, datum if place else None, taken_at)


def _kind(source: IO[bytes], claimed: str) -> str:
    """Which of the taken formats the file's head shows. Raises Invalid."""
    source.seek(0)
    head = source.read(_HEAD_BYTES)
    source.seek(0)
    kind = None
    if head.startswith(b"\xff\xd8\xff"):
        kind = "JPEG"
    elif head.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = "PNG"
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        kind = "WEBP"
    elif head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        kind = "HEIF"
    if kind is None:
        raise _no_image("文件不是 JPEG、PNG、WebP 或 HEIC 图像。")
    said = claimed.partition(";")[0].strip().lower()
    if said not in _UNSAID and _TYPES.get(said) != kind:
        raise Invalid(
            "photo.not_what_it_says",
            f"文件声称是 {said}，内容却是 {kind}。",
            field="file",
            rule=RULE,
            remedy="请直接上传手机拍摄的原图。",
        )
    return kind


def _pixels(image: Image.Image) -> Image.Image:
    """The first picture of the file, upright, in RGB, with nothing beside its pixels."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        over = upright.convert("RGBA")
        plain = Image.new("RGB", over.size, _WHITE)
        plain.paste(over, mask=over.getchannel("A"))
    else:
        plain = upright.convert("RGB").copy()
    plain.info = {}
    return plain


def blurred(thumb: bytes) -> bytes:
    """A small picture of `THUMB_SIDE` at most: those that were made before they had to be so small are made smaller."""
    with Image.open(io.BytesIO(thumb), formats=("JPEG",)) as image:
        if max(image.size) <= THUMB_SIDE:
            return thumb
        image.draft("RGB", (THUMB_SIDE, THUMB_SIDE))
        image.thumbnail((THUMB_SIDE, THUMB_SIDE))
        return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    image.info = {}
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _place(exif: Image.Exif) -> tuple[float, float] | None:
    """(lon, lat) in degrees; None without, or for what can't be a place."""
    with suppress(KeyError, TypeError, ValueError, ZeroDivisionError, IndexError, OverflowError):
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "W")
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "S")
        if abs(lon) <= 180 and abs(lat) <= 90 and (lon, lat) != (0, 0):
            return lon, lat
    return None


def _degrees(parts: tuple[float, ...], reference: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    found = degrees + minutes / 60 + seconds / 3600
    return -found if str(reference).strip("\0 ").upper() == negative else found


def _datum(exif: Image.Exif) -> str | None:
    with suppress(KeyError, TypeError, ValueError):
        words = str(exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSMapDatum]).strip("\0 ")
        return "".join(character for character in words if character.isprintable())[:50] or None
    return None


def _taken_at(exif: Image.Exif, zone: tzinfo) -> datetime | None:
    """When the camera says; None without, or for what can't be a time."""
    with suppress(KeyError, TypeError, ValueError, OverflowError):
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        told = datetime.strptime(str(inner[ExifTags.Base.DateTimeOriginal]).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # the zone follows
        offset = _offset(str(inner.get(ExifTags.Base.OffsetTimeOriginal, "")))
        found = told.replace(tzinfo=offset or zone).astimezone(UTC)
        return found if found.year >= 2000 else None
    return None


def _offset(words: str) -> tzinfo | None:
    with suppress(ValueError):
        sign, hours, minutes = words[0:1], int(words[1:3]), int(words[4:6])
        if sign in "+-" and words[3:4] == ":":
            return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1))
    return None


def _no_image(detail: str) -> Invalid:
    return Invalid("photo.no_image", detail, field="file", rule=RULE, remedy="请上传照片（JPEG、PNG、WebP 或 HEIC）。")
