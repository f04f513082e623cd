"""What a benchmark prints: rows of name, value, unit, target, holds, peer, ratio; as table, JSON or Markdown. Pure."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEADINGS: Final = ("name", "value", "unit", "target", "holds", "peer", "ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured figure. Smaller is better wherever there is a target.

    target      the most that was promised, in `unit`; None where nothing was promised
    peer        what `peer_name` measured in the same run, in `unit`
    note        a word that the figure can't be read without
    """

    name: str
    value: float | None
    unit: str
    target: float | None = None
    peer: float | None = None
    peer_name: str | None = None
    note: str | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the promise is kept; None without a promise, False for a promise that could not be measured."""
        if self.target is None:
            return None
        return self.value is not None and self.value <= self.target

    @property
    def ratio(self) -> float | None:
        """The value in units of the peer's."""
        if self.value is None or not self.peer:
            return None
        return self.value / self.peer


def as_json(rows: Sequence[Row]) -> str:
    """A list of objects, one a row, with full precision."""
    return json.dumps(
        [
            {
                "name": row.name,
                "value": row.value,
                "unit": row.unit,
                "target": row.target,
                "holds": row.holds,
                "peer": row.peer,
                "ratio": row.ratio,
                "peer_name": row.peer_name,
                "note": row.note,
            }
            for row in rows
        ],
        indent=2,
        ensure_ascii=False,
    )


def as_table(rows: Sequence[Row]) -> str:
    """An aligned table for a terminal; notes stand below it."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(_width(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = []
    for line in cells:
        padded = [_padded(cell, widths[column], left=column in (0, 2, 5)) for column, cell in enumerate(line)]
        lines.append("  ".join(padded).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"  {row.name}: {row.note}" for row in rows if row.note]
    return "\n".join([*lines, *(["", *notes] if notes else [])])


def as_markdown(rows: Sequence[Row]) -> str:
    """The table of docs/benchmarks.md, notes below it."""
    lines = [f"| {' | '.join(HEADINGS)} |", "|---|--:|---|--:|:-:|---|--:|"]
    lines += [f"| {' | '.join(_cells(row))} |" for row in rows]
    notes = [f"* {row.name}: {row.note}" for row in rows if row.note]
    return "\n".join([*lines, *(["", *notes] if notes else [])]) + "\n"


def short(number: float | None) -> str:
    """Three digits that mean something: 0.123, 16.2, 1,234; `-` for nothing."""
    if number is None:
        return "-"
    size = abs(number)
    if size >= 100 or number == int(number):
        return f"{number:,.0f}"
    return f"{number:.1f}" if size >= 10 else f"{number:.2f}" if size >= 1 else f"{number:.3f}"


def _cells(row: Row) -> tuple[str, ...]:
    target = "-" if row.target is None else f"<= {short(row.target)}"
    holds = {None: "-", True: "yes", False: "NO"}[row.holds]
    peer = "-" if row.peer is None else f"{row.peer_name} {short(row.peer)}"
    return (row.name, short(row.value), row.unit, target, holds, peer, short(row.ratio))


def _width(cell: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in cell)


def _padded(cell: str, width: int, *, left: bool) -> str:
    gap = " " * (width - _width(cell))
    return cell + gap if left else gap + cell
