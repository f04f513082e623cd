"""What screens show of people."""

import pytest

from dispatch.issues.masking import Personal, mask_address, mask_name, mask_phone, mask_text


@pytest.mark.parametrize(("name", "shown"), [("张三", "张**"), ("欧阳修文", "欧**"), ("李", "李**"), ("", "**")])
def test_a_name_keeps_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("138-1234-1234", "138****1234"),
        ("+86 13812341234", "138****1234"),
        ("13812341234", "138****1234"),
        ("0572-2281234", "****234"),
        ("2281234", "****234"),
        ("110", "****"),
        ("没有", "****"),
    ],
)
def test_a_telephone_number(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_a_full_width_number_is_one_too() -> None:
    wide = "".join(chr(0xFF10 + int(digit)) for digit in "13812341234")
    assert mask_phone(wide) == "138****1234"
    assert mask_text(f"电话{wide}。") == "电话138****1234。"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打13812341234。", "请打138****1234。"),
        ("138 1234 1234 或 139-1234-5678", "138****1234 或 139****5678"),
        ("身份证330501199001011234", "身份证3****************4"),
        ("330501 19900101 123X", "3****************X"),
        ("旧证330501900101123", "旧证3*************3"),
        ("座机0572-2281234", "座机0572****234"),
        ("工单号 202611020001234567", "工单号 202611020001234567"),
        ("3栋2单元,1901 路灯", "3栋2单元,1901 路灯"),
        ("逗号,句号。保持原样", "逗号,句号。保持原样"),
    ],
)
def test_numbers_in_a_text(text: str, shown: str) -> None:
    assert mask_text(text) == shown


def test_an_address_keeps_its_street() -> None:
    assert mask_address("和平路12号3幢102室") == "和平路*号*幢*室"


def test_the_reporters_own_name_goes_from_the_text() -> None:
    shown = Personal("我是王建国,电话13812341234", "和平路12号", "王建国", "13812341234").masked()
    assert shown == Personal("我是王**,电话138****1234", "和平路*号", "王**", "138****1234")
    assert Personal("路灯不亮", None, None, None).masked() == Personal("路灯不亮", None, None, None)
