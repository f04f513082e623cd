"""Telephone numbers as one types them, and as one number is stored and compared. Pure."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

_BETWEEN = re.compile(r"[\s()\[\].·•_~\u002d\u00ad\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_HERE = re.compile(r"(\+|00)86(?=[0-9])|^86(?=1[3-9][0-9]{9}$)")  # 0086 begins no number here
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,2}|\d+\.0+")
_NUMBER = re.compile(r"\+?[0-9]{5,15}")


def plain(number: str) -> str:
    """`138-0000 0000`, `+86 138 0000 0000`, `１３８00000000` and `1.38000000001E10` without what parts their digits.

    A number that a spreadsheet shows by its power of ten is written out where no digit of it is lost.
    """
    text = unicodedata.normalize("NFKC", number).strip()
    if _SCIENTIFIC.fullmatch(text):
        try:
            value = Decimal(text)
        except InvalidOperation:
            return text
        whole = value == value.to_integral_value() and len(value.as_tuple().digits) > value.adjusted()
        return f"{value:.0f}" if whole else text
    return _HERE.sub("", _BETWEEN.sub("", text))


def why_no_phone(number: str) -> str | None:
    """Why a plain number can't be called, in Chinese; None for one that can."""
    if _SCIENTIFIC.fullmatch(number) or re.fullmatch(r"[\d.]+[eE][+]?\d+", number):
        return "号码被表格改成了科学计数，末几位已丢失"
    if len(re.findall(r"\d{7,}", number)) > 1:
        return "一格里有两个号码"
    if not _NUMBER.fullmatch(number):
        return "不是有效的号码"
    if re.fullmatch(r"1[3-9]\d{7,}", number) and len(number) != 11:
        return f"手机号应为 11 位，这里是 {len(number)} 位"
    return None
