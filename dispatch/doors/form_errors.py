"""Faults of a form in words: pydantic's kinds, said in Chinese with what to do. Pure.

For a whole request (server/problems.py) and for one row of many (doors/batch_rows.py) alike.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from command import forms
from realtime.feed.errors import Invalid

# pydantic's kinds of fault, in words and with what to do; the rest are said in general.
_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺少此项。", "请补充后重新提交。"),
    "extra_forbidden": ("没有这一项。", "请检查名称，或去掉此项。"),
    "model_type": ("须为对象。", "请按接口说明提交。"),
    "model_attributes_type": ("须为对象。", "请按接口说明提交。"),
    "string_too_short": ("内容不能为空。", "请填写内容。"),
    "string_unseen": ("只有看不见的字符。", "请重新填写内容。"),
    "string_too_long": ("内容过长，最多 {max_length} 字。", "请精简后重新提交。"),
    "string_type": ("须为文字。", "请以字符串提交。"),
    "string_unicode": ("含有无效字符。", "请检查编码，以 UTF-8 提交。"),
    "string_pattern_mismatch": ("含有不允许的字符。", "请去掉换行和控制字符。"),
    "enum": ("不在可选范围内，可选：{expected}。", "请选择其中之一。"),
    "uuid_parsing": ("不是有效的编号（UUID）。", "请检查编号。"),
    "uuid_type": ("不是有效的编号（UUID）。", "请检查编号。"),
    "float_parsing": ("须为数字。", "请填写数字。"),
    "float_type": ("须为数字。", "请填写数字。"),
    "finite_number": ("须为有限的数字。", "请填写数字。"),
    "int_parsing": ("须为整数。", "请填写整数。"),
    "bool_parsing": ("须为 true 或 false。", "请填写 true 或 false。"),
    "bool_type": ("须为 true 或 false。", "请填写 true 或 false。"),
    "setting_value": ("须为 true、false、整数或文字。", "请按设置页列出的单位填写。"),
    "timezone_aware": ("时间须带时区。", "例如 2026-11-02T09:00:00+08:00。"),
    "timezone_offset": ("时区偏移须在 -12:00 至 +14:00 之间。", "例如 2026-11-02T09:00:00+08:00。"),
    "datetime_from_date_parsing": ("不是有效的时间。", "例如 2026-11-02T09:00:00+08:00。"),
    "datetime_parsing": ("不是有效的时间。", "例如 2026-11-02T09:00:00+08:00。"),
    "date_from_datetime_parsing": ("不是有效的日期。", "例如 2026-11-02。"),
    "greater_than_equal": ("不能小于 {ge}。", "请检查数值。"),
    "less_than_equal": ("不能大于 {le}。", "请检查数值。"),
    "less_than": ("须小于 {lt}。", "请检查数值。"),
    "too_short": ("至少 {min_length} 项。", "请补充后重新提交。"),
    "too_long": ("最多 {max_length} 项。", "请减少后重新提交。"),
}

# What each form asks for, by its pattern: who typed 李四 for a username has no control character to remove.
_PATTERNS: Final[Mapping[str, tuple[str, str]]] = {
    forms.USERNAME: (
        "只能用小写字母、数字和 . _ -，以字母或数字开头，2 至 40 个。",
        "例如 li.si，或姓名的拼音加数字。",
    ),
    forms.CODE: ("只能用小写字母、数字和 _，以字母开头，最多 40 个。", "例如 water_bureau。"),
    forms.UNIT_CODE: (
        "只能用小写字母、数字和 _，以字母或数字开头，最多 40 个。",
        "例如 water_bureau，或区划代码。",
    ),
    forms.ITEM_CODE: ("须为 4 位数字。", "例如 1901。"),
    forms.KEYWORD: ("不能含分号和换行。", "请分成几个关键词。"),
}
_OTHER_FORM: Final = ("格式不正确。", "请按接口说明检查此项。")


def invalid(errors: Sequence[Mapping[str, Any]]) -> Invalid:
    """All faults of a request's form: the first named in full, each listed with its field and kind."""
    faults = [_fault(error) for error in errors]
    field, detail, remedy = faults[0]
    return Invalid(
        "request.invalid",
        f"{field}：{detail}",
        field=field,
        rule="格式",
        remedy=remedy,
        extra={"faults": [{"field": name, "detail": words, "remedy": what} for name, words, what in faults]},
    )


def _fault(error: Mapping[str, Any]) -> tuple[str, str, str]:
    context = {key: str(value) for key, value in (error.get("ctx") or {}).items()}
    words, remedy = _FAULTS.get(str(error.get("type")), _OTHER_FORM)
    if error.get("type") == "string_pattern_mismatch" and not context["pattern"].startswith(r"^[^\x00"):
        words, remedy = _PATTERNS.get(context["pattern"], _OTHER_FORM)
    # Of a request the place is (source, name of the parameter, path inside it): people know only the path.
    place = [str(step) for step in error.get("loc", ())]
    inner = place[2:] if len(place) > 2 and place[0] == "body" else place[1:]
    try:
        detail = words.format(**context)
    except KeyError:
        detail = words
    return ".".join(inner) or "body", detail, remedy
