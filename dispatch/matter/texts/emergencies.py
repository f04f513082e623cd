"""Danger to life goes to 110, 119 or 120 at once, before any clock here: what the doors say first. Pure.

Source: docs/rules.md, "An issue". A word found proposes a call; nothing is ever held back because none was found.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from dispatch.matter.texts.written import unparted
from realtime.words import Word

FIRST_WORDS: Final = "如遇危及生命的情况，请先拨打 110（警情）、119（火警与救援）、120（急救），再在此上报。"


class EmergencyNumber(Word):
    """Whom danger to life goes to at once."""

    POLICE = "110", "公安报警"
    FIRE = "119", "火警与救援"
    AMBULANCE = "120", "医疗急救"


_WORDS: Final[Mapping[EmergencyNumber, tuple[str, ...]]] = {
    EmergencyNumber.POLICE: (
        *("持刀", "动刀", "砍人", "捅人", "杀人", "抢劫", "绑架", "打人", "打架", "斗殴", "家暴", "动手打"),
        *("殴打", "跳楼", "跳河", "轻生", "自杀", "不想活", "强奸", "猥亵", "走失", "失踪", "割腕", "自残"),
        *("拿刀", "拿着刀", "菜刀", "砍伤", "捅伤", "行凶", "群殴", "互殴", "打群架", "打起来", "劫持", "人质"),
        *("尾随", "拐走", "被拐", "上吊", "想死", "寻死"),
    ),
    EmergencyNumber.FIRE: (
        *("着火", "起火", "火灾", "冒烟", "爆炸", "燃气泄漏", "煤气泄漏", "天然气泄漏", "漏气", "煤气味"),
        *("被困", "坍塌", "塌方", "溺水", "落水", "跳楼", "跳河", "电梯困人", "失火", "火势", "火很大"),
        *("烧起来", "燃起来", "滑坡", "泥石流", "墙倒了", "房子塌", "房屋倒塌", "困在", "燃气味", "瓦斯", "落井"),
    ),
    EmergencyNumber.AMBULANCE: (
        *("昏迷", "晕倒", "没有呼吸", "没呼吸", "大出血", "流血", "触电", "中毒", "溺水", "落水", "心梗"),
        *("休克", "抽搐", "重伤", "受伤", "要生了", "跳楼", "轻生", "自杀", "服毒", "喝农药", "割腕", "上吊"),
        *("昏倒", "昏过去", "晕过去", "不省人事", "没有心跳", "没心跳", "喘不过气", "窒息", "噎住", "呛水", "吐血"),
        *("血流不止", "烧伤", "烫伤", "骨折", "坠楼", "坠落", "摔下", "羊水破", "车祸", "被车撞", "撞人"),
    ),
}
# What is denied right before the word is no danger: 没有着火, 无人受伤. A question (有没有人受伤) is no denial.
_DENIED: Final = re.compile(r"(?<!有)(?:没有|没|未|并无|无|不是|并非)(?:人员|人|发生|出现)?$")
_BEFORE: Final = 6
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
# People part these from the water by a word, or say where first: 掉进河里, 掉河里了, 滑到水塘里.
_INTO_WATER: Final = r"(?:掉|跌|滑|摔|栽|落|冲)(?:进|到|下|入|落)?了?(?:河|水|湖|江|塘|池|井|沟|渠|海|坑|窨)"
_FUEL: Final = "(?:煤气|燃气|天然气|液化气)"
_GAS: Final = rf"(?<!没有)(?<![没未]发现)(?<![未没无]){_FUEL}(?:管道?|灶|罐|瓶)?(?:正?在)?泄?漏|漏{_FUEL}"
_BUILT: Final = "(?:楼|房子|房屋|屋顶|墙|桥|脚手架)"
_FALLS: Final = f"{_BUILT}(?:快|要|快要|就要)(?:塌|倒(?!班|闭))|{_BUILT}(?:塌|倒塌)"
_ILL: Final = "心脏病(?:发作|犯了|突发)|突发心脏病|心肌梗|脑溢血|脑出血|脑梗|中风倒|癫痫发作|羊癫疯"
_FALLEN: Final = f"(?:有人|{_WHO})" + r"[^，。；！？、把将]{0,6}掉(?:了)?(?:下去|进去)"
# What no list of words can tell: 被电话骚扰 and 大火锅店 are no danger.
_FORMS: Final[Mapping[EmergencyNumber, re.Pattern[str]]] = {
    EmergencyNumber.POLICE: _MISSING,
    EmergencyNumber.FIRE: re.compile(f"{_INTO_WATER}|{_GAS}|{_FALLS}|大火(?!锅)"),
    EmergencyNumber.AMBULANCE: re.compile(
        f"{_INTO_WATER}|{_ILL}|{_FALLEN}|被电(?![话脑视影梯线子商动])|被[^，。；！？]{{1,4}}车撞"
    ),
}


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
    plain, parted = unparted(text)
    found = []
    for number, words in _WORDS.items():
        said = [word for word in words if _is_said(word, plain, parted)]
        said += dict.fromkeys(match.group() for match in _FORMS[number].finditer(plain))
        if said:
            found.append(Emergency(number, number.zh, tuple(said)))
    return tuple(found)


def _is_said(word: str, plain: str, parted: Collection[int]) -> bool:
    """Whether the text has the word somewhere where it is not denied: 没有 着火了 may be two sentences."""
    at = plain.find(word)
    while at >= 0:
        if at in parted or not _DENIED.search(plain[max(0, at - _BEFORE) : at]):
            return True
        at = plain.find(word, at + 1)
    return False
