"""A photo is made anew: pixels upright, what the camera said of where and when, and nothing else."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dispatch.matter.photos.errors import TooLarge
from dispatch.matter.photos.making import LONGEST_SIDE, THUMB_SIDE, Made, make
from realtime.feed.errors import Invalid
from tests.dispatch.photos.pictures import HTML, PDF, SECRET, ZIP, huge_png, phone_photo, photo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def made(content: bytes, claimed: str = "") -> Made:
    """The photo that these bytes hold."""
    return make(io.BytesIO(content), claimed, SHANGHAI)


def refusal(content: bytes, claimed: str = "") -> str:
    """With which code these bytes are refused."""
    with pytest.raises((Invalid, TooLarge)) as refused:
        made(content, claimed)
    return refused.value.code


def test_place_and_time_are_taken_out_and_everything_else_is_left_behind() -> None:
    sent = phone_photo()
    assert SECRET.encode() in sent
    kept = made(sent, "image/jpeg")
    assert (kept.lon, kept.lat, kept.datum) == (pytest.approx(120.36), pytest.approx(30.65), "WGS-84")
    assert kept.taken_at == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
    for picture in (kept.full, kept.thumb):
        image = Image.open(io.BytesIO(picture))
        assert image.format == "JPEG"
        assert not dict(image.getexif())
        assert not [name for name in ("exif", "icc_profile", "comment", "xmp", "photoshop") if name in image.info]
        assert SECRET.encode() not in picture
        assert picture.rstrip(b"\0").endswith(b"\xff\xd9")  # nothing behind the last byte


def test_a_photo_is_turned_upright() -> None:
    kept = made(phone_photo(orientation=6))  # the camera was held on its side
    assert (kept.width, kept.height) == (480, 640)
    image = Image.open(io.BytesIO(kept.full))
    top, bottom = image.getpixel((240, 40)), image.getpixel((240, 600))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] > 180 > bottom[0]  # what was on the left is now at the top


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_taken_format_becomes_a_jpeg(kind: str) -> None:
    kept = made(photo(kind))
    assert (kept.width, kept.height) == (640, 480)
    assert kept.full.startswith(b"\xff\xd8\xff")


def test_what_is_transparent_becomes_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(written, "PNG")
    assert Image.open(io.BytesIO(made(written.getvalue()).full)).getpixel((5, 5)) == (255, 255, 255)


def test_large_pictures_are_kept_smaller() -> None:
    kept = made(photo(size=(6000, 3000)))
    assert max(kept.width, kept.height) == LONGEST_SIDE
    assert max(Image.open(io.BytesIO(kept.thumb)).size) == THUMB_SIDE


@pytest.mark.parametrize("extra", [HTML, ZIP, PDF], ids=["html", "zip", "pdf"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_hides_behind_a_picture_does_not_come_through(kind: str, extra: bytes) -> None:
    kept = made(photo(kind) + extra)
    assert extra not in kept.full + kept.thumb
    assert b"<script" not in kept.full and b"PK\x03\x04" not in kept.full and b"%PDF" not in kept.full


def test_what_hides_inside_a_picture_does_not_come_through() -> None:
    kept = made(photo(comment=HTML))
    assert HTML not in kept.full


@pytest.mark.parametrize(
    "content", [b"", b"hello", HTML, ZIP, PDF, b"GIF89a" + bytes(100), HTML + photo(), b"\x00" * 100]
)
def test_a_file_whose_head_is_no_picture_is_refused(content: bytes) -> None:
    assert refusal(content) == "photo.no_image"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_that_is_cut_off_is_refused(kind: str) -> None:
    content = photo(kind)
    assert refusal(content[:40]) == "photo.no_image"


def test_a_picture_that_claims_to_be_another_is_refused() -> None:
    assert refusal(photo("PNG"), "image/jpeg") == "photo.not_what_it_says"
    assert refusal(photo(), "text/html") == "photo.not_what_it_says"
    assert made(photo("PNG"), "application/octet-stream").width == 640


def test_a_bomb_is_refused_by_its_head() -> None:
    assert len(huge_png()) < 1_000
    assert refusal(huge_png()) == "photo.too_many_pixels"
    assert refusal(huge_png(7_000)) == "photo.too_many_pixels"


def test_an_absurd_place_or_time_is_left_out() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "0000:00:00 00:00:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (999.0, 0.0, 0.0), "E", (0.0, 0.0, 0.0)
    kept = made(photo(exif=exif))
    assert (kept.lon, kept.lat, kept.taken_at) == (None, None, None)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_broken_picture_is_made_or_refused_but_never_fails(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))
    content = bytearray(phone_photo() if kind == "JPEG" else photo(kind))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        kept = made(bytes(content[: data.draw(st.integers(10, len(content)))]))
    except (Invalid, TooLarge):
        return
    assert kept.full.startswith(b"\xff\xd8\xff")
