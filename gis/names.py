"""What a Chinese office writes as a name of a place or a person, and what only looks like one. Pure.

Judged by what signs are for, not by a table of those that one has met: 绿城·桃花源社区, 〇, a Tibetan village and an
ideograph younger than this program's Unicode table are names; a number, a date, a spreadsheet's error are not.
"""

import re
import unicodedata
from typing import Final

_DOTS: Final = "\u2022\u2027\u2219\u22c5\u30fb\uff65\u0387\u2024\uff0e"  # typed for the middle dot of a name
_SPACES: Final = re.compile(r"[\s\u200b\u3000]+")  # \s knows U+00A0 and U+2000 to U+200A
_UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SEPARATORS: Final = re.compile("[\u2028\u2029\u0085]")
_BLANKS: Final = frozenset("\u3164\u115f\u1160\uffa0\u2800")  # letters and signs that are drawn as nothing
_JOINERS: Final = re.compile("(?<![\u0600-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1800-\u18af])[\u200c\u200d]")
_HAN: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_BETWEEN_HAN: Final = re.compile(f"(?<=[{_HAN}·]) +(?=[{_HAN}·])")
_DATE: Final = re.compile(
    r"\d{2,4}[-./年]\d{1,2}([-./月]\d{1,2}日?)?([ T]\d{1,2}:\d{2}(:\d{2})?)?|\d{1,2}月\d{1,2}日"
    r"|\d{1,2}[-/](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)([-/]\d{2,4})?"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[-/]\d{2,4}",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"[+-]?[\d.,%]+(e[+-]?\d+)?", re.IGNORECASE)
_ERROR: Final = re.compile(r"#[A-Z\u4e00-\u9fff][A-Z0-9/_\u4e00-\u9fff]*[!?]?|#+|#DIV/0!", re.IGNORECASE)
_WORDS_OF_TABLES: Final = frozenset(
    {
        *("姓名", "名称", "合计", "总计", "小计", "同上", "同左", "待定", "待补"),
        *("无", "暂无", "未知", "不详", "不明", "n.a.", "n.a"),
    }
)
_TELEPHONE: Final = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_NOTHING: Final = frozenset({"null", "none", "nan", "n/a", "true", "false", "undefined", "(null)", "<null>"})
_TWO_HIGH_BYTES: Final = re.compile(rb"[\x80-\xff]{2}")  # every sign of GB 2312 and UTF-8 has them; `Ürümqi` has none
_READ_AS: Final = ("latin-1", "cp1252", "gb18030")  # how text in another encoding is read when nobody says so


def cleaned(text: str) -> str:
    """A name without what nobody sees: zero-width signs, spaces at its ends and between ideographs; one middle dot.

    `李　四` (U+3000) is `李四`; a space between Latin words stays, as one.
    """
    text = _JOINERS.sub("", _UNSEEN.sub("", unicodedata.normalize("NFC", text)))
    text = "".join("·" if sign in _DOTS else sign for sign in text)
    return _BETWEEN_HAN.sub("", _SPACES.sub(" ", text).strip())


def seen(text: str) -> str:
    """A line without what nobody sees and what turns its reading round: zero-width signs, marks of direction.

    Separators of lines and paragraphs (U+2028, U+2029) become a space; what is seen stays as it was typed.
    """
    return _JOINERS.sub("", _UNSEEN.sub("", _SEPARATORS.sub(" ", text))).strip()


def folded(text: str) -> str:
    """What two spellings of one name have in common: to look it up by. Width, case and spaces don't matter."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", cleaned(text))).casefold()


def shows_something(text: str) -> bool:
    """Whether a reader sees anything of a text: a letter, digit, sign; no blank of any script."""
    return any((unicodedata.category(sign)[0] in "LNPS" and sign not in _BLANKS) or _is_younger(sign) for sign in text)


def is_nothing(text: str) -> bool:
    """Whether a text is a program's word for an empty value: `NULL`, `nan`."""
    return unicodedata.normalize("NFKC", text).strip().casefold() in _NOTHING


def is_error(text: str) -> bool:
    """Whether a text is a spreadsheet's error value: `#N/A`, `#REF!`, `#####`."""
    return bool(_ERROR.fullmatch(text.strip()))


def why_no_name(text: str) -> str | None:
    """Why a cleaned text can't be a name, in Chinese; None for one that can."""
    plain = unicodedata.normalize("NFKC", text)
    if is_error(plain):
        return f"「{text}」是表格的错误值，不是名称"
    if _DATE.fullmatch(plain):
        return f"「{text}」是日期，不是名称"
    if _NUMBER.fullmatch(plain):
        return f"「{text}」是数字，不是名称"
    if set(plain) == {"?"}:
        return f"「{text}」是导出时丢失的文字，原来的字已无从得知"
    if is_nothing(plain):
        return f"「{text}」表示空值，不是名称"
    if plain.strip().casefold() in _WORDS_OF_TABLES:
        return f"「{text}」是表格里的用词，不是名称"
    if "\ufffd" in text:
        return f"「{text}」里有导出时丢失的文字"
    if _TELEPHONE.search(plain):
        return f"「{text}」里有电话号码，名称和电话请分开填写"
    if bad := next((sign for sign in text if not is_sign(sign)), None):
        return f"含有不能显示的字符（{codepoint(bad)}）"
    letters = (sign for sign in text if unicodedata.category(sign)[0] == "L" and sign not in _BLANKS)
    if not any(letters) and not any(sign == "〇" or _is_younger(sign) for sign in text):
        return f"「{text}」里没有文字"
    return None


def is_sign(sign: str) -> bool:
    """Whether a character can be shown on every machine: no control, no private use, no half of a pair.

    Planes 2 and 3 hold ideographs only: those that this program's table doesn't know yet are signs too.
    """
    if _is_younger(sign):
        return ord(sign) & 0xFFFE != 0xFFFE
    return unicodedata.category(sign) not in ("Cc", "Cn", "Co", "Cs", "Zl", "Zp")


def codepoint(sign: str) -> str:
    """`U+E816`."""
    return f"U+{ord(sign):04X}"


def encoding_meant(text: str) -> str | None:
    """The encoding that a garbled text was written in, "GB18030" or "UTF-8"; "": it can't be told; None: not garbled.

    Garbled is what can't be text (a replacement sign, C1 controls) or what becomes Chinese when its bytes are read in
    the other encoding; `绿城·桃花源社区` and `Café` are neither.
    """
    for read_as in _READ_AS:
        try:
            raw = text.encode(read_as)
        except UnicodeEncodeError:
            continue
        for meant in ("utf-8", "gb18030") if read_as != "gb18030" else ("utf-8",):
            if not _TWO_HIGH_BYTES.search(raw) or not _is_chinese(raw, meant):
                continue
            return "UTF-8" if meant == "utf-8" else "GB18030"
    if "\ufffd" in text or any("\x80" <= sign <= "\x9f" for sign in text):
        return ""
    return None


def _is_chinese(raw: bytes, encoding: str) -> bool:
    """Whether all that isn't ASCII in these bytes is Chinese, at least two signs of it."""
    try:
        other = [sign for sign in raw.decode(encoding) if not sign.isascii()]
    except UnicodeDecodeError:
        return False
    return len(other) >= 2 and all(re.fullmatch(f"[{_HAN}（）·—、]", sign) for sign in other)


def _is_younger(sign: str) -> bool:
    return 0x20000 <= ord(sign) <= 0x3FFFF
