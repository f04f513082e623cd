"""Rows of an uploaded list, XLSX or CSV. What is neither says what it is, and what to do with it."""

from typing import Final

from command.lists import text, workbook
from command.lists.contract import MAX_BYTES, Layout, Sheet, refused
from command.lists.table import chosen, rows_of
from realtime.feed.errors import Invalid

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_TEXTS: Final = (".csv", ".txt", ".tsv")


def read(name: str, content: bytes, layout: Layout) -> Sheet:
    """The rows of a file. Raises Invalid for one that is too large, is no list of this kind, or can't be read whole."""
    if len(content) > MAX_BYTES:
        raise too_large()
    if content.startswith(b"PK"):
        page, others = chosen(workbook.pages(content), layout)
        return rows_of(page, layout, others)
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise refused("import.unreadable", "文件有打开密码。", "请在表格软件中去掉密码，另存为 XLSX 后上传。")
        raise refused(
            "import.unreadable", "这是旧格式的表格（.xls、.et），不能直接读取。", "请在表格软件中另存为 XLSX 后上传。"
        )
    head = content[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<?xml", b"<html", b"<!doctype", b"<table", b"<meta")):
        raise refused("import.unreadable", "这是网页或 XML，只是叫作表格。", "请用表格软件打开它，另存为 XLSX 后上传。")
    if not content.strip():
        raise refused("import.empty", "文件是空的。", "请填写后上传。")
    if name.lower().endswith(_TEXTS) or text.is_a_list(content, layout):  # CSV that was given another name is CSV
        return rows_of(text.page(content, layout), layout)
    raise refused("import.unreadable", "文件既不是 XLSX，也不是 CSV。", "请下载模板，填写后上传。")


def too_large() -> Invalid:
    """The refusal of a file that is larger than any list."""
    return refused("import.too_large", "文件超过 5 MB。", "请拆成几份，每份不超过 2000 行。")
