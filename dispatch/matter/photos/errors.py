"""Refusals of photos that the feed does not name."""

from typing import ClassVar, Final

from realtime.feed.errors import Refused

MAX_MB: Final = 20
MAX_BYTES: Final = MAX_MB * 1024 * 1024
MAX_MEGAPIXELS: Final = 40
RULE: Final = "照片"


class TooLarge(Refused):
    """More than is taken: bytes, or pixels."""

    status: ClassVar[int] = 413
    title: ClassVar[str] = "照片过大"


def too_many_bytes() -> TooLarge:
    """The file is larger than any photo of a phone."""
    return TooLarge(
        "photo.too_large", f"照片超过 {MAX_MB} MB。", field="file", rule=RULE, remedy="请压缩后再传，或重新拍摄。"
    )


def too_many_pixels() -> TooLarge:
    """The picture would take more memory than one request may have."""
    return TooLarge(
        "photo.too_many_pixels",
        f"照片的像素太多，最多 {MAX_MEGAPIXELS * 100} 万像素。",
        field="file",
        rule=RULE,
        remedy="请用手机相机的普通模式拍摄。",
    )
