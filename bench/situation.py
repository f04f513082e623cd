"""How long a situation report takes and how large its files are. Works in the database that Django is set up for.

Runs as `python -m bench.situation OUT` for the one centre of a seeded database, and writes its rows to OUT as JSON.
"""

import json
import sys
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import django

django.setup()

from assessment.situation.actions import Taken  # noqa: E402  # what follows imports models, which need Django's set-up
from assessment.situation.html_page import html_page  # noqa: E402
from assessment.situation.making import situation_for  # noqa: E402
from assessment.situation.pdf_page import pdf_page  # noqa: E402
from bench.report import Row  # noqa: E402
from command.people.models import Person  # noqa: E402
from command.units.models import Centre  # noqa: E402
from gis.grid.queries import root  # noqa: E402
from realtime.feed import clock  # noqa: E402

PERIODS: Final = (timedelta(days=1), timedelta(days=7), timedelta(days=30))


def measure_situation(centre_id: UUID) -> list[Row]:
    """Rows for a day, a week and a month of a whole centre: reading and counting, drawing the page, setting the PDF.

    Nothing is kept. The first PDF of a process also loads its fonts: it is made once before.
    """
    by = Person.objects.filter(centre_id=centre_id).values_list("pk", flat=True)[0]
    path, rows = root(centre_id).path, []
    for number, period in enumerate((PERIODS[0], *PERIODS)):
        now = clock.at(None)
        began = time.perf_counter()
        report, material = situation_for(Taken(centre_id, centre_id, f"person:{by}", path, now - period, now, 1))
        counted = time.perf_counter()
        page = html_page(report).encode()
        drawn = time.perf_counter()
        pdf = pdf_page(report)
        done = time.perf_counter()
        if number == 0:
            continue
        name = f"situation report of {period.days} d"
        note = f"{report.load.open} open, {material.facts:,} facts"
        rows += [
            Row(name=f"{name}, read and counted", value=counted - began, unit="s", note=note),
            Row(name=f"{name}, page drawn", value=drawn - counted, unit="s", note=f"{len(page) / 1024:.0f} KiB"),
            Row(name=f"{name}, PDF set", value=done - drawn, unit="s", note=f"{len(pdf) / 1024:.0f} KiB"),
        ]
    return rows


if __name__ == "__main__":
    measured = measure_situation(Centre.objects.values_list("pk", flat=True)[0])
    Path(sys.argv[1]).write_text(json.dumps([asdict(row) for row in measured]))
