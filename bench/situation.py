"""How long a situation report takes and how large its files are. Works in the database that Django is set up for."""

import time
from datetime import timedelta
from typing import Final
from uuid import UUID

from assessment.situation.actions import Taken
from assessment.situation.html_page import html_page
from assessment.situation.making import situation_for
from assessment.situation.pdf_page import pdf_page
from bench.report import Row
from command.people.models import Person
from gis.grid.queries import root
from realtime.feed import clock

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
