"""What a document is, by its content; its name and claimed type are not asked. Pure: bytes in, kind out."""

import zipfile
from collections.abc import Mapping
from typing import IO, Final

import puremagic

from dispatch.matter.photos.errors import RULE
from realtime.feed.errors import Invalid

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_PARTS: Final[Mapping[str, str]] = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_MACROS: Final = "vbaproject.bin"


def kind_of(source: IO[bytes]) -> str:
    """What a document is: a key of MEDIA_TYPES. Raises Invalid for what is no document, and for one with macros."""
    source.seek(0)
    content = source.read()
    try:
        kind = puremagic.from_string(content).lstrip(".").lower() if content else ""
    except Exception:  # what looks into the broken may raise anything; then it is nothing that is known
        kind = ""
    kind = _of_package(source) if content.startswith(b"PK") else kind
    if kind not in MEDIA_TYPES:
        raise Invalid(
            "file.not_taken",
            "只收 PDF 和不带宏的 Word、Excel、PPT 文件。",
            field="file",
            rule=RULE,
            remedy="请另存为 PDF 再上传；图片请用“拍照”上传。",
        )
    return kind


def _of_package(source: IO[bytes]) -> str:
    """What an Office package (a zip) is by its parts; empty for any other zip, a broken one, and one with macros."""
    try:
        with zipfile.ZipFile(source) as package:
            names = package.namelist()
    except Exception:
        return ""
    if "[Content_Types].xml" not in names or any(name.lower().endswith(_MACROS) for name in names):
        return ""
    found = [kind for kind, part in _PARTS.items() if any(name.startswith(part) for name in names)]
    return found[0] if len(found) == 1 else ""
