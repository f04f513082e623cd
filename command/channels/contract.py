"""How reports reach the centre (渠道) and which source family each belongs to, as listed in `data/channels.csv`. Pure.

The file is what a centre is founded with; from then on the channels are the centre's own (`queries`). Every channel has
a family, so that no issue can lack one (rules, "An issue").
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from realtime.words import Word

PATH: Final = Path(__file__).parent / "data" / "channels.csv"


class SourceFamily(Word):
    """Where a report comes from, as figures split it."""

    COURT = "court", "诉源"
    POLICE = "police", "警源"
    PETITION = "petition", "访源"
    ARBITRATION = "arbitration", "仲源"
    GRID = "grid", "网格"
    HOTLINE = "hotline", "热线"
    DEPARTMENT = "department", "部门"
    SUPERIOR = "superior", "上级"


class ChannelRule(Word):
    """What a channel may not bring, or how it is handled: the notes of the file as data, kept at every door."""

    NO_POLICE_MATTERS = "no_police_matters", "只收非警务事项"  # criminal and public-order cases stay with the police
    NO_IDENTITY_NUMBERS = "no_identity_numbers", "不收证件号码"
    NO_PARTIES_FROM_SYSTEMS = "no_parties_from_systems", "系统推送不带当事人"  # a person records them
    NAMES_NOBODY = "names_nobody", "不收可识别个人的信息"  # data that identify a person are refused
    NO_PICTURES = "no_pictures", "不收图片"
    PLACE_NEEDED = "place_needed", "须有地点"
    BY_HAND = "by_hand", "只能人工录入"  # a person enters it; nothing is collected automatically
    IDENTITY_PROTECTED = "identity_protected", "来电人身份保密"  # who told is shown to nobody, unless they agree


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in. `reporter_known`: whether a report by it usually names its reporter. `retired`: none any more.

    added  by the centre itself, not among those that it was founded with
    rules  what it may not bring
    """

    code: str
    name_zh: str
    source_family: SourceFamily
    reporter_known: bool
    retired: bool = False
    added: bool = False
    rules: frozenset[ChannelRule] = frozenset()


@cache
def listed() -> Mapping[str, Channel]:
    """The file's channels by code, in its order: what a centre begins with."""
    return {channel.code: channel for channel in load()}


def load(path: Path = PATH) -> tuple[Channel, ...]:
    """All channels. Raises ValueError that names the line for an unknown word, a missing family or a repeated code."""
    found: dict[str, Channel] = {}
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        for row in reader:
            try:
                channel = Channel(
                    code=row["code"],
                    name_zh=row["name_zh"],
                    source_family=SourceFamily(row["source_family"]),
                    reporter_known={"yes": True, "no": False}[row["default_reporter_known"]],
                    rules=frozenset(map(ChannelRule, filter(None, (row.get("rules") or "").split(";")))),
                )
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name}, line {reader.line_num}: {error}") from error
            if not channel.code or channel.code in found:
                raise ValueError(f"{path.name}, line {reader.line_num}: code {channel.code!r} is empty or repeated")
            found[channel.code] = channel
    return tuple(found.values())
