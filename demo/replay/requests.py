"""The rows of a city's file as requests, each with its report or why it has none. Pure: reads the file only."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from demo.replay.mapping import Map


class NotThisFile(ValueError):
    """The file lacks columns that the map names, or has one of them twice."""


@dataclass(frozen=True, slots=True)
class CityRequest:
    """One row. `fault` says why it can't become a report; otherwise `report` is the body to be posted."""

    row: int  # of the file, the header being 1
    number: str
    opened_at: datetime | None
    report: Mapping[str, Any] = field(default_factory=dict)
    listed_type: bool = True  # its type stands in the map by name
    kind: str = ""
    department: str = ""
    fault: str | None = None

    @property
    def channel(self) -> str:
        """The channel that it is filed through; empty for a row with a fault."""
        return str(self.report.get("channel", ""))

    @property
    def point(self) -> tuple[float, float] | None:
        """(lon, lat) as the source gave it; None when there is none."""
        position = self.report.get("position")
        return (position["lon"], position["lat"]) if position else None


def read(path: Path, by: Map) -> list[CityRequest]:
    """Every row of the file, by opening time; rows with a fault come where they stand.

    Raises NotThisFile, OSError, UnicodeDecodeError.
    """
    with path.open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        missing = by.columns.all() - set(reader.fieldnames or ())
        if missing:
            raise NotThisFile(f"{path.name} has no column {', '.join(sorted(missing))}")
        names = list(reader.fieldnames or ())
        twice = {name for name in by.columns.all() if names.count(name) > 1}
        if twice:  # the reader would take the last one, without a word
            raise NotThisFile(f"{path.name} has more than one column {', '.join(sorted(twice))}")
        requests = list(_requests(reader, by))
    return _in_time(requests)


def _in_time(requests: Sequence[CityRequest]) -> list[CityRequest]:
    """By time; a row without one keeps its neighbour's place."""
    last: datetime | None = None
    keyed = []
    for request in requests:
        last = request.opened_at or last
        keyed.append((last, request))
    first = next((at for at, _ in keyed if at), None)
    return [request for _, request in sorted(keyed, key=lambda pair: (pair[0] or first, pair[1].row))]


def _requests(reader: "csv.DictReader[str]", by: Map) -> Iterator[CityRequest]:
    for row in reader:
        yield _request(reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}, by)


def _request(line: int, row: Mapping[str, str], by: Map) -> CityRequest:
    columns = by.columns
    number, kind, department = row[columns.number], row[columns.type], row[columns.department]
    item, listed = by.item_of(kind, department)

    def fault(reason: str, opened_at: datetime | None = None) -> CityRequest:
        return CityRequest(line, number, opened_at, {}, listed, kind, department, reason)

    try:
        opened_at = datetime.strptime(row[columns.opened], by.time_format).replace(tzinfo=by.zone)
    except ValueError:
        return fault("row.time_unreadable")
    if not number:
        return fault("row.number_missing", opened_at)
    if item is None:
        return fault("row.type_unmapped", opened_at)
    try:
        position = _position(row[columns.lon], row[columns.lat], by)
    except ValueError:
        return fault("row.position_unreadable", opened_at)
    report: dict[str, Any] = {
        "channel": by.channel_of(row[columns.source]),
        "item": item,
        "text": " - ".join(dict.fromkeys(text for text in (row[name] for name in columns.text) if text)),
        "source_number": number,
        "source_received_at": opened_at.isoformat(),
    }
    if row[columns.address]:
        report["address"] = " ".join(row[columns.address].split())
    if position:
        report["position"] = position
    return CityRequest(line, number, opened_at, report, listed, kind, department)


def _position(lon: str, lat: str, by: Map) -> dict[str, Any] | None:
    """None for an empty or a placeholder's point. Raises ValueError for what is no number."""
    if not lon and not lat:
        return None
    point = float(lon), float(lat)
    if point in by.placeholders:
        return None
    return {"lon": point[0], "lat": point[1], "system": by.system.value, "accuracy_m": by.accuracy_m}
