"""Danger to life goes to 110, 119 or 120 at once, before any clock here: what the doors say first. Pure.

Source: docs/rules.md, "An issue". A word found proposes a call; nothing is ever held back because none was found.
"""

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


@dataclass(frozen=True, slots=True)
class Emergency:
    """A number to call at once, what it is for, and the words of the text that say so."""

    number: str
    name_zh: str
    words: tuple[str, ...]


def emergencies_in(text: str) -> tuple[Emergency, ...]:
    """Which numbers a text sounds like, in the order 110, 119, 120. Empty: no word was found, which proves nothing."""
    found = ((number, tuple(word for word in words if word in text)) for number, words in _WORDS.items())
    return tuple(Emergency(number, NUMBER_ZH[number], words) for number, words in found if words)
