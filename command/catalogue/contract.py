"""What issues are about (事项目录): categories and items, as listed in `data/catalogue.csv`. Pure.

The file is what a centre is founded with; from then on the catalogue is the centre's own (`queries`). Codes are text:
`0101` is two digits of category, two of item.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from realtime.words import Word

PATH: Final = Path(__file__).parent / "data" / "catalogue.csv"
_YES_NO: Final = {"yes": True, "no": False}


class Level(Word):
    """How grave an issue is. The last is only given by an officer, never by the catalogue."""

    GENERAL = "general", "一般"
    MAJOR = "major", "重大"
    SPECIAL_RISK = "special_risk", "特殊风险"


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the catalogue: what it is called, who usually leads, how urgent and how guarded it is.

    retired  no new report can be about it; issues that were keep it, and its name
    """

    code: str
    category: str
    category_zh: str
    item_zh: str
    kind: str
    lead_department: str
    co_departments: tuple[str, ...]
    level: Level
    keywords: tuple[str, ...]
    urgent: bool
    on_scene_within_min: int | None
    sensitive: bool
    retired: bool = False


@cache
def listed() -> Mapping[str, Item]:
    """The file's items by code, in its order: what a centre begins with."""
    return {item.code: item for item in load()}


def load(path: Path = PATH) -> tuple[Item, ...]:
    """All items. Raises ValueError that names the line for an unknown word or a repeated code."""
    found: dict[str, Item] = {}
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        for row in reader:
            try:
                item = _item(row)
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name}, line {reader.line_num}: {error}") from error
            if not item.code or item.code in found:
                raise ValueError(f"{path.name}, line {reader.line_num}: code {item.code!r} is empty or repeated")
            found[item.code] = item
    return tuple(found.values())


def _item(row: Mapping[str, str]) -> Item:
    return Item(
        code=row["code"],
        category=row["category_en"],
        category_zh=row["category_zh"],
        item_zh=row["item_zh"],
        kind=row["kind"],
        lead_department=row["lead_department"],
        co_departments=_words(row["co_departments"]),
        level=Level(row["level"]),
        keywords=_words(row["keywords"]),
        urgent=_YES_NO[row["urgent"]],
        on_scene_within_min=int(row["on_scene_within_min"]) if row["on_scene_within_min"] else None,
        sensitive=_YES_NO[row["sensitive"]],
    )


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word for word in cell.split(";") if word)
