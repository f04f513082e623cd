"""A small city's file in the shape of `maps/boston311.toml`, for tests that need no real data."""

import csv
from collections.abc import Iterable
from pathlib import Path

PLAIN = {
    "OPEN_DT": "06/01/2015 12:28:00 AM",
    "CASE_TITLE": "Street light out",
    "TYPE": "Street Light Outages",
    "Department": "PWDx",
    "Location": "10 Pleasant St  Dorchester  MA  02125",
    "LATITUDE": "42.3180",
    "LONGITUDE": "-71.0600",
    "Source": "Constituent Call",
}


def write(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    """A file with these rows, what a row leaves out being plain; numbers are 1001, 1002, … where none is given."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, ["CASE_ENQUIRY_ID", *PLAIN])
        writer.writeheader()
        for number, row in enumerate(rows, start=1001):
            writer.writerow({"CASE_ENQUIRY_ID": str(number), **PLAIN, **row})
    return path


def spread(number: int) -> list[dict[str, str]]:
    """Rows one minute apart, each at a place of its own."""
    return [
        {
            "OPEN_DT": f"06/01/2015 {1 + minute // 60:02d}:{minute % 60:02d}:00 AM",
            "LATITUDE": f"{42.30 + minute % 7 * 0.01:.4f}",
            "LONGITUDE": f"{-71.12 + minute % 11 * 0.01:.4f}",
        }
        for minute in range(number)
    ]
