"""Danger to life goes to 110, 119 or 120 at once, before any clock here: what the doors say first. Pure.

Source: docs/rules.md, "An issue". A word found proposes a call; nothing is ever held back because none was found.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FIRST_WORDS: Final = "如遇危及生命的情况，请先拨打 110（警情）、119（火警与救援）、120（急救），再在此上报。"
NUMBER_ZH: Final[Mapping[str, str]] = {"110": "公安报警", "119": "火警与救援", "120": "医疗急救"}
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "110": (
        *("持刀", "动刀", "砍人", "捅人", "杀人", "抢劫", "绑架", "打人", "打架", "斗殴", "家暴", "动手打"),
        *("殴打", "跳楼", "跳河", "轻生", "自杀", "不想活", "强奸", "猥亵", "走失", "失踪"),
    ),
    "119": (
        *("着火", "起火", "火灾", "冒烟", "爆炸", "燃气泄漏", "煤气泄漏", "天然气泄漏", "漏气", "煤气味"),
        *("被困", "坍塌", "塌方", "溺水", "落水", "掉进河", "跳楼", "跳河", "电梯困人"),
    ),
    "120": (
        *("昏迷", "晕倒", "没有呼吸", "没呼吸", "大出血", "流血", "触电", "中毒", "溺水", "落水", "心梗"),
        *("休克", "抽搐", "重伤", "受伤", "要生了", "跳楼", "轻生", "自杀", "服毒", "喝农药"),
    ),
}
# Somebody is missing, in the order that people say it; what is theirs, or what they
# tell of, is a thing: a manhole's cover that is gone is no danger of this kind.
_WHO: Final = (
    "孩子|小孩|孙子|孙女|儿子|女儿|娃娃|宝宝|婴儿|学生|老人|老太太|老大爷|老伴|老婆|老公|奶奶|爷爷|外婆|外公|"
    "妈妈|爸爸|母亲|父亲|弟弟|妹妹|哥哥|姐姐|丈夫|妻子|病人|家人"
)
_GONE: Final = "不见了|不见啦|走丢|找不到|找不着|没找到|没回家|没回来|联系不上|失联|失踪|走失"
_MISSING: Final = re.compile(
    f"(?:{_WHO})"
    + r"(?:(?!反映|来电|的|称|说|报)[^。；！？;!?\n]){0,12}?"
    + f"(?:{_GONE})|(?:{_GONE})(?:的|一个|一名)?(?:{_WHO})"
)


@dataclass(frozen=True, slots=True)
class Emergency:
    """A number to call at once, what it is for, and the words of the text that say so."""

    number: str
    name_zh: str
    words: tuple[str, ...]


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers to call that a text sounds like, in the order 110, 119, 120."""
    return tuple(found.number for found in emergencies_in(text))


def emergencies_in(text: str) -> tuple[Emergency, ...]:
    """Which numbers a text sounds like, in the order 110, 119, 120. Empty: no word was found, which proves nothing."""
    missing = tuple(dict.fromkeys(match.group() for match in _MISSING.finditer(text)))
    found = (
        (number, (*(word for word in words if word in text), *(missing if number == "110" else ())))
        for number, words in _WORDS.items()
    )
    return tuple(Emergency(number, NUMBER_ZH[number], words) for number, words in found if words)
