"""What people say: Chinese messages written from the catalogue's keywords. Pure; everything in them is invented."""

import random
from collections.abc import Sequence
from typing import Final, Protocol

from dispatch.matter.texts import police_matters

_TOLD: Final = {
    "dispute": (
        "居民来反映{word}，双方各执一词，希望中心出面调解。",
        "因{word}争执了{days}天，谁也不让谁，请帮忙协调。",
        "{word}的事一直没谈拢，怕再闹下去，想请人说和。",
        "当事人说{word}已经不是第一次了，要求给个说法。",
    ),
    "hazard": (
        "巡查时发现{word}，存在安全隐患，请尽快处理。",
        "这里{word}已有{days}天，过路的人多，担心出事。",
        "住户反映{word}，已放了警示牌，请派人来看。",
    ),
    "service": (
        "{word}已经{days}天了，请尽快安排处理。",
        "附近{word}，早晚出行不便，希望有关部门管一管。",
        "又来反映{word}，上次处理后没几天又这样。",
    ),
    "public_security": (
        "{word}，已先行劝离，后续需要有关部门跟进。",
        "居民反映{word}，希望加强巡查。",
    ),
}
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
_ADDRESSED: Final = ("先生", "女士")


class Spoken(Protocol):
    """What of a catalogue's item a message is made from."""

    @property
    def kind(self) -> str:
        """Which sort of matter."""

    @property
    def keywords(self) -> Sequence[str]:
        """Words that people use for it."""


def message(item: Spoken, choose: random.Random) -> str:
    """One telling of such a matter; it holds a keyword of the item."""
    told = choose.choice(_TOLD.get(item.kind, _TOLD["service"]))
    return told.format(word=choose.choice(item.keywords), days=choose.randint(2, 9))


def channel_for(item: Spoken, text: str, drawn: str) -> str:
    """The channel that was drawn, or the hotline for what the police would keep and not pass on."""
    kept = drawn == "police_source" and (item.kind == police_matters.KIND or police_matters.police_matter_in(text))
    return "hotline_12345" if kept else drawn


def reporter(choose: random.Random) -> tuple[str, str]:
    """An invented name, and a telephone number of no network."""
    return choose.choice(_SURNAMES) + choose.choice(_ADDRESSED), f"1000{choose.randint(0, 9_999_999):07d}"
