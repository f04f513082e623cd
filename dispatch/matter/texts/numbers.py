"""Numbers that lead to a person, found in a text by their form: telephone, identity, bank card. Pure; linear time.

A number is told by how many digits it has, what they begin with and how they are parted: 138 1234 1234 is a telephone
number, 1998.5.12-2026 is not. Where a form alone would catch dates and amounts (seven digits, fifteen digits), a word
before it decides. Grid codes, issue numbers and the public's service numbers stay readable (tests hold the table).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from dispatch.matter.texts.written import UNSEEN, Group, Written, runs
from realtime.words import Word


class Kind(Word):
    """What a number, or a name, is of."""

    PHONE = "phone", "电话号码"
    IDENTITY = "identity", "身份证号码"
    CARD = "card", "银行卡号"
    PLATE = "plate", "车牌号"
    MAIL = "mail", "邮箱"
    ACCOUNT = "account", "账号或证件号"  # 微信号、QQ号和其他证件号
    NAME = "name", "姓名"


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` is one; `shown` stands in its place."""

    start: int
    end: int
    kind: Kind
    shown: str


Parts: TypeAlias = tuple[int, ...]
_NONE: Final[Parts] = ()
_MOST_DIGITS: Final = 24
_BEFORE: Final = 10  # how far before a number the word stands that says what it is

_MOBILE: Final = re.compile(r"(?:0{0,2}86|0)?(1[3-9]\d)\d{4}(\d{4})")
_LANDLINE: Final = re.compile(r"(0(?:10|2\d|[3-9]\d\d)|(?:00)?86(?:10|2\d|[3-9]\d\d))(\d{7,8})")
_SHARED: Final = re.compile(r"[48]00\d{7}")  # 400 and 800 numbers
_ABROAD: Final = re.compile(r"00(?:852|853|886|81|82|65|60|61|44)\d{7,10}")
_IDENTITY: Final = re.compile(r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3,4}")
# Given until 1999 to people born from the twenties on: an earlier year is a grid's code (12 digits and three more).
_OLD_IDENTITY: Final = re.compile(r"[1-9]\d{5}[2-9]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_CARD: Final = re.compile(r"(?:62|4|5[1-5]|35|37|9558)\d+")
_CHECK_X: Final = re.compile(r"\W{0,3}[x×✕✖хχ叉](?![a-z0-9])")  # ×: what an input method offers for X
_YEAR: Final = re.compile(r"(?:1[89]|20)\d\d")
_COUNTING: Final = "0123456789"
_OPENS: Final = {"(": ")", "[": "]", "【": "】", "〔": "〕", "<": ">"}
_NEXT_NUMBER: Final = re.compile(r"(?:\W|或|和|及|与){1,3}")
_SHORTEST: Final = 7  # a number with fewer digits would be given away by its last three
_IDENTITY_DIGITS: Final = 18
_WORD: Final = r"\W{0,2}(?:空格?|横杠?|短横|杠|点|减)\W{0,2}"  # what parts a number, said in words
_WORDED: Final = re.compile(
    rf"(?<!\d)(?P<mobile>1[3-9]\d){_WORD}\d{{4}}{_WORD}(?P<last>\d{{4}})(?!\d)"
    rf"|(?<!\d)(?P<area>0(?:10|2\d|[3-9]\d\d))(?:\W{{0,2}}转|{_WORD})\W{{0,2}}[2-9]\d{{3,4}}(?P<end>\d{{3}})(?!\d)"
)
_MOBILE_PARTS: Final = {(1,) * 11, (3, 2, 2, 2, 2), (2, 2, 2, 2, 2, 1)}
_LOCAL_PARTS: Final = {(7,), (8,), (3, 4), (4, 3), (4, 4), (2, 2, 3), (3, 2, 2), (2, 2, 2, 2), (3, 5), (5, 3)}
_SHARED_PARTS: Final = {(10,), (3, 7), (3, 3, 4), (3, 4, 3), (4, 3, 3), (4, 6), (6, 4), (3, 2, 2, 3), (3, 1, 3, 3)}
_LONG_CODE: Final = 17  # digits of a micro-grid's code: no card's length, though Gansu's begin with 62

_SAYS_PHONE: Final = re.compile(
    r"(?:[☎☏✆📞📱🕿]|电话|座机|固话|宅电|家电|小灵通|手机|号码|联系|拨|致电|传真|来电|回电|打|呼|家里|热线|总机|值班室|办公室|tel|phone|fax|mobile|call)(?:号码?|方式|我|给|他|她|是|为)*\W{0,3}$"
)
_IS_PHONE: Final = re.compile(
    r" ?(?:\( ?)?(?:是|为|系)?(?:我|他|她|你|其|本人|对方)?们?(?:家里?|单位|公司|办公室|店里?)?的?"
    r"(?:电话|座机|固话|宅电|小灵通|手机|号码|传真)"
)
_DATE: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_SAYS_SHORT: Final = re.compile(r"(?:短号|小号|虚拟网|集团号)(?:码|是|为)*\W{0,3}$")
_SAYS_IDENTITY: Final = re.compile(r"(?:身份证?|身份证件|证件|旧证|证号)(?:号码?|是|为)*\W{0,3}$")
_SAYS_CARD: Final = re.compile(
    r"(?:卡号?|银行卡|储蓄卡|信用卡|工资卡|账号|帐号|账户|帐户|存折)(?:号码?|是|为)*\W{0,3}$"
)
_SAYS_CODE: Final = re.compile(r"(?:网格|编码|代码|编号|单号|案号|文号|工单|事项|流水号?)(?:号码?|是|为)*\W{0,3}$")
_DASHES: Final = "-‐‑‒–—―−~"
_EXTENSION: Final = re.compile(
    r"\W{0,2}(?:转(?:分机|内线)?|分机|内线|ext\.?|x|#|\*)号?\W{0,2}\d{1,6}(?!\d)"
    rf"|[{re.escape(_DASHES)}]{{1,2}}\d{{1,4}}(?!\d)|\(\d{{3,4}}\)"
)
_AMOUNT: Final = re.compile(r"\W?(?:元(?!旦)|万元|亿|角|块|吨|公斤|平方|平米|立方|千瓦|度电)")


def numbers_in(text: Written, known: Sequence[str] = ()) -> list[Found]:
    """Every number of the text in its order; none overlaps another.

    known  digits of numbers that are certain (the reporter's own), whatever their form
    """
    found: list[Found] = []
    taken = bytearray(len(text.plain))
    for spoken, forms in ((False, _STRICTEST), (False, _FORMS), (True, _STRICTEST), (True, _FORMS)):
        for run in runs(text.groups(spoken=spoken)):
            at = 0
            while at < len(run):
                one = _number(text, run, at, forms, frozenset(known), found)
                if one is not None and not any(taken[one.start : one.end]):
                    found.append(one)
                    taken[one.start : one.end] = b"\1" * (one.end - one.start)
                    at = next((i for i in range(at, len(run)) if run[i].start >= one.end), len(run))
                else:
                    at += 1
            rest = _spoken_rest(run) if forms is _FORMS else None
            if rest is not None and not any(taken[rest.start : rest.end]):
                found.append(rest)
                taken[rest.start : rest.end] = b"\1" * (rest.end - rest.start)
    found += _written_with_letters(text, found)
    found += [one for one in _parted_by_words(text) if not any(taken[one.start : one.end])]
    return sorted(found, key=lambda each: each.start)


def mask_digits(digits: str) -> str:
    """A telephone number as shown: a mobile number keeps three digits and four, any other its last three or nothing."""
    if match := _MOBILE.fullmatch(digits):
        return f"{match[1]}****{match[2]}"
    return "****" + (digits[-3:] if len(digits) >= _SHORTEST else "")


def _written_with_letters(text: Written, found: Sequence[Found]) -> list[Found]:
    """Mobile numbers in which letters stand for digits: l38OOOO1234."""
    other = text.alike()
    more: list[Found] = []
    for run in runs(other.groups(spoken=False)) if other is not text else ():
        end = 0
        for at, group in enumerate(run):
            one = _number(other, run, at, _ALIKE, frozenset(), found) if group.start >= end else None
            if one is None or any(one.start < each.end and each.start < one.end for each in found):
                continue
            if sum(sign.isdecimal() for sign in text.plain[one.start : one.end]) >= _LEAST_WRITTEN:
                more.append(one)
                end = one.end
    return more


def _parted_by_words(text: Written) -> Iterator[Found]:
    """138空1234空5678, 0572转2345678."""
    for match in _WORDED.finditer(text.plain):
        shown = f"{match['mobile'] or match['area']}****{match['last'] or match['end']}"
        yield Found(match.start(), match.end(), Kind.PHONE, shown)


def _number(
    text: Written, run: Sequence[Group], at: int, among: "_Forms", known: frozenset[str], found: Sequence[Found]
) -> Found | None:
    """The number that begins with the group `run[at]`: the strictest form that fits."""
    start, said = run[at].start, text.before(run[at].start, _BEFORE)
    worded = bool(found or known) or any(sign.isalpha() or sign in "+☎☏✆📞📱🕿" for sign in said)
    forms, lengths = _beginning(among, run[at].digits[0], worded)
    tried: list[_Candidate] = []
    digits, parts = "", _NONE
    for group in run[at : at + _MOST_DIGITS]:
        digits, parts = digits + group.digits, (*parts, len(group.digits))
        if len(digits) in lengths:
            tried.append(_Candidate(digits, parts, start, group.end, said, known, found))
        elif len(digits) > _MOST_DIGITS:
            break
    for form, fitting in forms:
        for of in reversed(tried):
            if len(of.digits) in fitting and (one := form(text, of)) is not None:
                return one
    return None


@cache
def _beginning(among: "_Forms", digit: str, worded: bool) -> tuple[Sequence[tuple["_Form", range]], frozenset[int]]:
    """The forms that a number with this first digit may have, and all their lengths."""
    forms = [(form, lengths) for form, lengths, firsts, alone in among if digit in firsts and (alone or worded)]
    return forms, frozenset(length for _, lengths in forms for length in lengths)


class _Candidate(NamedTuple):
    """Digits that may be a number: how they are parted, where they stand, what is said before them."""

    digits: str
    parts: Parts
    start: int
    end: int
    said: str
    known: frozenset[str]
    found: Sequence[Found]


def _identity(text: Written, of: _Candidate) -> Found | None:
    if _IDENTITY.fullmatch(of.digits):
        if len(of.digits) == _IDENTITY_DIGITS:
            return Found(of.start, of.end, Kind.IDENTITY, of.digits[0] + "*" * 16 + of.digits[-1])
        if check := _CHECK_X.match(text.plain, of.end):
            return Found(of.start, check.end(), Kind.IDENTITY, of.digits[0] + "*" * 16 + "X")
    if 15 <= len(of.digits) <= _IDENTITY_DIGITS and _SAYS_IDENTITY.search(of.said):
        return Found(of.start, of.end, Kind.IDENTITY, of.digits[0] + "*" * (len(of.digits) - 2) + of.digits[-1])
    return None


def _old_identity(_text: Written, of: _Candidate) -> Found | None:
    if _OLD_IDENTITY.fullmatch(of.digits) and not _SAYS_CODE.search(of.said):
        return Found(of.start, of.end, Kind.IDENTITY, of.digits[0] + "*" * 13 + of.digits[-1])
    return None


def _card(_text: Written, of: _Candidate) -> Found | None:
    length = len(of.digits)
    if not 16 <= length <= 19 or not _CARD.fullmatch(of.digits) or _SAYS_CODE.search(of.said):
        return None
    if all(of.digits[i : i + 2] == "00" for i in (2, 6, 10, 14)):  # sums, one after the other
        return None
    grouped = of.parts[:4] == (4, 4, 4, 4) or set(of.parts) == {1} or (len(of.parts) > 1 and min(of.parts) >= 3)
    if grouped or (of.digits.startswith("62") and length != _LONG_CODE) or _luhn(of.digits):
        return Found(of.start, of.end, Kind.CARD, "****" + of.digits[-4:])
    return None


def _said_card(_text: Written, of: _Candidate) -> Found | None:
    return Found(of.start, of.end, Kind.CARD, "****" + of.digits[-4:]) if _SAYS_CARD.search(of.said) else None


def _mobile(text: Written, of: _Candidate) -> Found | None:
    match = _MOBILE.fullmatch(of.digits)
    if match is None:
        return None
    blanks = not text.plain[of.start : of.end].strip(f"{_ANY} {UNSEEN}") and not _AMOUNT.match(text.plain, of.end)
    if not _parted_as_mobile(parts := _without(of.parts, match.start(1))) and not (
        blanks and _parted_by_blanks(parts, of.digits)
    ):
        return None
    if text.plain[of.start : of.end].count(",") and _AMOUNT.match(text.plain, of.end):
        return None
    return _phone(text, of, f"{match[1]}****{match[2]}")


def _parted_as_mobile(parts: Parts) -> bool:
    """However people part eleven digits; not as thousands (13,800,000,000) or dates (1998.5.12-2026) are parted."""
    if len(parts) <= 2:
        return parts[0] >= 3
    if len(parts) == 3:
        return min(parts) >= 3
    if {3, 7} <= _sums(parts):  # 138 00 00 123 4: as it is said, whatever slipped in between
        return True
    return parts in _MOBILE_PARTS or (len(parts) == 4 and parts[0] == 3 and min(parts) >= 2)


def _parted_by_blanks(parts: Parts, digits: str) -> bool:
    """13 800 001 234: in few groups, none of them a year; round thousands are an amount."""
    if len(parts) > 4 or digits.endswith("000"):
        return False
    at = [sum(parts[:count]) for count in range(len(parts))]
    years = any(
        size == 4 and _YEAR.fullmatch(digits[-11:][start : start + 4]) for start, size in zip(at, parts, strict=True)
    )
    return not years and min(parts[1:]) >= (3 if parts[0] == 1 else 2)


def _landline(text: Written, of: _Candidate) -> Found | None:
    match = _LANDLINE.fullmatch(of.digits)
    if match is None:
        return None
    area, local = len(match[1]), _without(of.parts, len(match[1]))
    national = area if match[1].startswith("0") and not match[1].startswith("00") else None
    whole = len(of.parts) == 1 or set(of.parts) == {1}
    if not whole and (area not in _sums(of.parts) or (national and of.parts[0] != area) or not _parted_as_local(local)):
        return None
    if national is None and whole and of.said[-1:] != "+" and not match[1].startswith("00"):
        return None
    return _phone(text, of, f"{match[1]}****{of.digits[-3:]}")


def _local(text: Written, of: _Candidate) -> Found | None:
    """A number without its area: only a word before it, or a number just before it, says that it is one."""
    if len(of.digits) in (7, 8) and _parted_as_local(of.parts):
        after = next((one for one in reversed(of.found) if one.kind is Kind.PHONE and one.end <= of.start), None)
        follows = after is not None and bool(_NEXT_NUMBER.fullmatch(text.plain, after.end, of.start))
        if (follows or _SAYS_PHONE.search(of.said)) and not _AMOUNT.match(text.plain, of.end):
            return _phone(text, of, "****" + of.digits[-3:])
    if 3 <= len(of.digits) < _SHORTEST and len(of.parts) == 1 and _SAYS_SHORT.search(of.said):
        return Found(of.start, of.end, Kind.PHONE, "****")
    return None


def _local_said_after(text: Written, of: _Candidate) -> Found | None:
    """2345678是他家电话, 2345678（座机）: the word comes behind."""
    if not _IS_PHONE.match(text.plain, of.end) or not _parted_as_local(of.parts):
        return None
    if _DATE.fullmatch(of.digits) or _SAYS_CODE.search(of.said):
        return None
    return _phone(text, of, "****" + of.digits[-3:])


def _shared(text: Written, of: _Candidate) -> Found | None:
    if not _SHARED.fullmatch(of.digits) or not set(of.digits[3:]) - {"0"} or _AMOUNT.match(text.plain, of.end):
        return None
    if of.parts in _SHARED_PARTS or set(of.parts) == {1}:
        return _phone(text, of, f"{of.digits[:3]}****{of.digits[-3:]}")
    return None


def _abroad(text: Written, of: _Candidate) -> Found | None:
    dialled = of.said.rstrip(" (")
    if dialled[-1:] == "+" and not dialled[-2:-1].isdecimal():
        return _phone(text, of, "****" + of.digits[-3:])
    return None


def _dialled_abroad(text: Written, of: _Candidate) -> Found | None:
    return _phone(text, of, "****" + of.digits[-3:]) if _ABROAD.fullmatch(of.digits) else None


def _certain(text: Written, of: _Candidate) -> Found | None:
    return _phone(text, of, mask_digits(of.digits)) if of.digits in of.known else None


_ANY: Final = "0123456789"
_Form: TypeAlias = Callable[[Written, _Candidate], Found | None]
_Forms: TypeAlias = tuple[tuple[_Form, range, str, bool], ...]
# Each form with how many digits it may have, what they may begin with, and whether it is told without a word before it
# or a number that is known; the strictest first. An identity number's digits are nothing else, wherever they begin.
_STRICTEST: Final[_Forms] = ((_identity, range(15, 19), "123456789", True),)
_FORMS: Final[_Forms] = (
    (_certain, range(5, 16), _ANY, False),
    (_mobile, range(11, 16), "018", True),
    (_card, range(12, 23), "34569", True),
    (_said_card, range(12, 23), _ANY, False),
    (_landline, range(10, 16), "08", True),
    (_shared, range(10, 11), "48", True),
    (_old_identity, range(15, 16), "123456789", True),
    *((_abroad, range(length, length + 1), _ANY, False) for length in (*range(10, 16), 9, 8)),  # the shortest first
    (_dialled_abroad, range(11, 16), "0", True),
    (_local, range(3, 9), _ANY, False),
    (_local_said_after, range(7, 9), _ANY, True),
)
_ALIKE: Final[_Forms] = ((_mobile, range(11, 16), "018", True),)
_LEAST_WRITTEN: Final = 6  # digits of such a number that are digits


def _phone(text: Written, of: _Candidate, shown: str) -> Found:
    """A telephone number with its extension, and the bracket that opens before an area code that it closes after."""
    start, end = of.start, of.end
    inside = text.plain[start:end]
    if start and text.plain[start - 1] == "+":
        start -= 1
    if start and text.plain[start - 1] in _OPENS and _OPENS[text.plain[start - 1]] in inside:
        start -= 1
    while text.plain[end : end + 1] == UNSEEN:
        end += 1
    extension = _EXTENSION.match(text.plain, end)
    if extension and not (extension[0][0] in f"{_DASHES}(*" and _MOBILE.fullmatch(of.digits)):
        return Found(start, extension.end(), Kind.PHONE, shown + "转**")
    return Found(start, end, Kind.PHONE, shown)


def _spoken_rest(run: Sequence[Group]) -> Found | None:
    """Seven digits or more of which some are Chinese: no year and no count is as long."""
    said = [at for at, group in enumerate(run) if group.spoken]
    if not said:
        return None
    inner = run[said[0] : said[-1] + 1]
    digits = "".join(group.digits for group in inner)
    years = all(_YEAR.fullmatch(group.digits) for group in inner)
    if sum(group.spoken for group in inner) < 3 or len(digits) < _SHORTEST or years or digits in _COUNTING:
        return None
    return Found(inner[0].start, inner[-1].end, Kind.PHONE, "****")


def _parted_as_local(parts: Parts) -> bool:
    return parts in _LOCAL_PARTS or set(parts) == {1}


def _without(parts: Parts, front: int) -> Parts:
    """The parts without as many digits in front."""
    left = list(parts)
    while front and left:
        if left[0] <= front:
            front -= left.pop(0)
        else:
            left[0], front = left[0] - front, 0
    return tuple(left)


def _sums(parts: Parts) -> frozenset[int]:
    return frozenset(sum(parts[:count]) for count in range(1, len(parts) + 1))


def _luhn(digits: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
