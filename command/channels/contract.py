"""How reports reach the centre (渠道) and which source family each belongs to, as listed in `data/channels.csv`. Pure.

The file is what a centre is founded with; from then on the channels are the centre's own (`queries`). Every channel has
a family, so that no issue can lack one (rules, "An issue").
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

PATH: Final = Path(__file__).parent / "data" / "channels.csv"


class SourceFamily(StrEnum):
    """Where a report comes from, as figures split it: 诉源 警源 访源 仲源 网格 热线 部门 上级."""

    COURT = "court"
    POLICE = "police"
    PETITION = "petition"
    ARBITRATION = "arbitration"
    GRID = "grid"
    HOTLINE = "hotline"
    DEPARTMENT = "department"
    SUPERIOR = "superior"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in. `reporter_known`: whether a report by it usually names its reporter. `retired`: none any more.

    added  by the centre itself, not among those that it was founded with
    """

    code: str
    name_zh: str
    source_family: SourceFamily
    reporter_known: bool
    retired: bool = False
    added: bool = False


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
                )
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name}, line {reader.line_num}: {error}") from error
            if not channel.code or channel.code in found:
                raise ValueError(f"{path.name}, line {reader.line_num}: code {channel.code!r} is empty or repeated")
            found[channel.code] = channel
    return tuple(found.values())
