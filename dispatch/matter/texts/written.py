"""Texts as people write them: which signs are digits, which only part them. Pure, one pass, the length is kept.

Numbers come in full width, in Chinese (一三九, 幺, 壹), as keycaps, parted by blanks, dots, dashes, brackets or signs
that nobody sees. `Written` says what each sign means and where the digits stand: `numbers` thinks of digits only.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

UNSEEN: Final = "\u200b"  # stands in `plain` for every sign that nobody sees: it parts nothing
_SPOKEN: Final = {
    **dict(zip("〇一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", "0123456789", strict=True)),
    **dict(zip("〡〢〣〤〥〦〧〨〩", "123456789", strict=True)),  # as markets write them
    **dict(zip("㈠㈡㈢㈣㈤㈥㈦㈧㈨", "123456789", strict=True)),
    **dict(zip("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅰⅱⅲⅳⅴⅵⅶⅷⅸ", "123456789" * 2, strict=True)),
    **{"○": "0", "幺": "1", "两": "2", "弌": "1", "貳": "2", "參": "3", "陸": "6", "洞": "0", "拐": "7", "勾": "9"},
}
_ALIKE: Final = str.maketrans("oоοσ◯li", "0000011")  # Latin, Cyrillic, Greek, a large circle: typed for 0 and 1
_BLANKS: Final = "\u3164\u2800\uffa0\u115f\u1160"  # letters and signs by their category, blanks to the eye
_STROKES: Final = "一ーｰ丨"  # drawn instead of a dash: 138一1234一1234
_BETWEEN: Final = re.compile(rf"[{UNSEEN} ·•‧・.\-_~*/|]+")  # what some put between the characters of a word
_SIMPLIFIED: Final = str.maketrans(
    "毆殺搶騙強鬥傷煙氣電媽爺孫見沒燒觸樓綁墜絕斷門進攔藥農車禍壓發兒學頭爛險",
    "殴杀抢骗强斗伤烟气电妈爷孙见没烧触楼绑坠绝断门进拦药农车祸压发儿学头烂险",
)
_MOST_GAP: Final = 6  # signs between two digits of one number


@dataclass(frozen=True, slots=True)
class Group:
    """Digits that stand together: `text[start:end]`. `joined`: only parting signs lie between it and the last group."""

    start: int
    end: int
    digits: str
    joined: bool
    spoken: int  # how many of the digits are Chinese


@dataclass(frozen=True, slots=True)
class Written:
    """A text, sign by sign: `plain[i]` is what `text[i]` means, lower case Latin, ASCII digits, `UNSEEN`, or itself."""

    text: str
    plain: str

    def groups(self, *, spoken: bool) -> list[Group]:
        """The digits of the text; with `spoken` Chinese digits are digits too."""
        return list(_groups(self.plain, spoken=spoken))

    def alike(self) -> "Written":
        """The same with letters that look like 0 and 1 meant so; itself where there is none."""
        plain = self.plain.translate(_ALIKE)
        return self if plain == self.plain else Written(self.text, plain)

    def before(self, at: int, signs: int) -> str:
        """The last signs before a place, as they are meant, without those that nobody sees."""
        return self.plain[max(0, at - signs) : at].replace(UNSEEN, "")


def written(text: str) -> Written:
    """The text with what each of its signs means."""
    return Written(text, "".join(map(_meant, text)))


def unparted(text: str) -> tuple[str, frozenset[int]]:
    """A text's words as one reads them: simplified, nothing between their characters; and where something was left out.

    A comma, a full stop, parts two sentences and stays; so does the end of a line, as 。.
    """
    plain = written(text.replace("\n", "。")).plain.translate(_SIMPLIFIED)
    pieces, parted, at, length = [], set(), 0, 0
    for gap in _BETWEEN.finditer(plain):
        pieces.append(plain[at : gap.start()])
        length += gap.start() - at
        parted.add(length)
        at = gap.end()
    return "".join([*pieces, plain[at:]]), frozenset(parted)


def runs(groups: Sequence[Group]) -> Iterator[Sequence[Group]]:
    """Groups that are joined to each other, as many as there are."""
    start = 0
    for at in range(1, len(groups) + 1):
        if at == len(groups) or not groups[at].joined:
            yield groups[start:at]
            start = at


@lru_cache(maxsize=4096)
def _meant(sign: str) -> str:
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    if sign in _BLANKS or sign.isspace():
        return " "
    if unicodedata.category(sign) in ("Cf", "Mn", "Me"):
        return UNSEEN
    if "Ⅰ" <= sign <= "ⅸ":  # no letters i and v
        return sign
    wide = unicodedata.normalize("NFKC", sign)
    return wide.lower() if len(wide) == 1 and len(wide.lower()) == 1 else sign


@lru_cache(maxsize=4096)
def _parts(sign: str) -> bool:
    """Whether a sign may stand between the digits of one number: anything but letters, digits and words."""
    return unicodedata.category(sign)[0] in "PSZC"


def _groups(plain: str, *, spoken: bool) -> Iterator[Group]:
    digits: list[str] = []
    start = end = said = 0
    joined, gap = False, 0
    for at, sign in enumerate(plain):
        digit = sign if sign.isdecimal() else _SPOKEN.get(sign) if spoken else None
        if digit is not None:
            if not digits:
                start = at
            digits.append(digit)
            end = at + 1
            said += sign != digit
        elif sign != UNSEEN:
            if digits:
                yield Group(start, end, "".join(digits), joined, said)
                digits, said, joined, gap = [], 0, True, 0
            gap += 1
            joined = joined and gap <= _MOST_GAP and (_parts(sign) or sign in _STROKES)
    if digits:
        yield Group(start, end, "".join(digits), joined, said)
