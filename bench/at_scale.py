"""`bench county`: what a county's desk feels with 1,000,000 past issues in the database.

Runs as `python -m bench.at_scale OUT PAST [--only PART …]` in the environment of a county's database
(bench/template.py makes it) and writes its rows to the file OUT as JSON.
"""

import argparse
import gzip
import json
import math
import os
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

import django

django.setup()

import shapely  # noqa: E402  # what follows imports models, which need Django's set-up
from django.db import connection  # noqa: E402

from bench.commands import DESK, Desk, command_rows, measure_commands  # noqa: E402
from bench.importing import measure_import  # noqa: E402
from bench.processes import Server, free_port  # noqa: E402
from bench.progress import say  # noqa: E402
from bench.report import Row  # noqa: E402
from bench.running import measure_running  # noqa: E402
from bench.samples import percentile  # noqa: E402
from bench.words import give_words  # noqa: E402
from gis.grid.queries import place  # noqa: E402
from gis.grid.tiers import Tier  # noqa: E402
from gis.tiles import queries as tiles  # noqa: E402

PARTS: Final = ("commands", "place", "board", "tiles", "search", "duplicates", "import", "timers")
POINTS: Final = 1_000
BOARDS: Final = 25
CONTAINS: Final = """
SELECT c.id FROM grid_cell c WHERE c.centre_id = %s AND c.tier = 'micro_grid' AND c.valid_until IS NULL
AND ST_Contains(c.polygon, ST_SetSRID(ST_MakePoint(%s, %s), 4490))
"""


class AtScale:
    """One run: its environment, its gateway, the rows so far."""

    def __init__(self, env: Mapping[str, str], past: int, logs: Path) -> None:
        self.env, self.past, self.logs = env, past, logs
        self.rows: list[Row] = []
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM organisations_centre")
            self.centre_id: UUID = cursor.fetchone()[0]
            cursor.execute("SELECT count(*) FROM issues_issue")
            self.issues: int = cursor.fetchone()[0]

    def gateway(self) -> Server:
        """The product's own server, as ./relay up starts it."""
        port = free_port()
        arguments = ["server.serve", "--port", str(port), "--bind", "127.0.0.1"]
        return Server("gateway", arguments, port, self.logs / "gateway.log", self.env)

    def commands(self) -> None:
        """The desk's verbs over HTTP."""
        say("commands")
        server = self.gateway()
        try:
            taken = measure_commands(server.port)
        finally:
            server.stop()
        self.rows += command_rows(taken, f"with {self.past:,} past issues")

    def place(self) -> None:
        """A point's cell, beside PostGIS asked plainly and beside a tree in the process's memory."""
        say("point to cell")
        points = self._points()
        ours = _timed(lambda point: place(self.centre_id, point[0], point[1], 5.0), [points[0], *points])
        with connection.cursor() as cursor:
            plain = _timed(lambda point: cursor.execute(CONTAINS, [self.centre_id, *point]), points)
            cursor.execute(
                "SELECT ST_AsBinary(polygon) FROM grid_cell WHERE centre_id = %s AND tier = 'micro_grid'"
                " AND valid_until IS NULL",
                [self.centre_id],
            )
            polygons = shapely.from_wkb([bytes(row[0]) for row in cursor.fetchall()])
        tree = shapely.STRtree(polygons)
        memory = _timed(lambda point: tree.query(shapely.Point(point), predicate="within"), points)
        name = "point → cell among 8,535, with its circle and edges"
        self.rows += [
            Row(name=f"{name}, p50", value=ours[0.5], unit="ms", target=1.0, peer=plain[0.5],
                peer_name="PostGIS ST_Contains alone"),
            Row(name=f"{name}, p95", value=ours[0.95], unit="ms", peer=plain[0.95],
                peer_name="PostGIS ST_Contains alone"),
            Row(name="point → cell, a tree in memory, p50", value=memory[0.5], unit="ms",
                note="shapely STRtree, no circle, no edges, no round trip: what asking the database costs"),
        ]  # fmt: skip

    def board(self) -> None:
        """The first state of the desk's screen, and a page of its list."""
        say("board")
        server = self.gateway()
        try:
            desk = Desk(server.port, DESK)
            shown = desk.ask("GET", "/api/v1/snapshot")["objects"]
            opened = sum(one["kind"] == "issue" for one in shown)
            whole = _timed(lambda _: desk.fetch("/api/v1/snapshot"), range(BOARDS))
            packed = desk.fetch("/api/v1/snapshot")
            read = _timed(lambda _: json.loads(gzip.decompress(packed)), range(BOARDS))
            page = _timed(lambda _: desk.ask("GET", "/api/v1/issues?limit=50"), range(BOARDS))
        finally:
            server.stop()
        self.rows += [
            Row(name=f"board of {opened:,} open issues, from the request to the answer's last byte, p95",
                value=whole[0.95], unit="ms", target=150.0,
                note=f"{len(shown):,} objects, {len(packed) / 1e6:.1f} MB packed; p50 {whole[0.5]:.0f} ms"),
            Row(name="unpacking and reading that answer, a client in Python, p95", value=read[0.95], unit="ms"),
            Row(name="a page of 50 issues, p95", value=page[0.95], unit="ms"),
        ]  # fmt: skip

    def tiles(self) -> None:
        """Tiles that no process has in its memory yet."""
        say("tiles")
        asked = [(zoom, *_tile_of(*point, zoom)) for zoom in (10, 12, 14) for point in self._points()[:60]]
        micro = _timed(lambda at: tiles.tile(self.centre_id, Tier.MICRO_GRID, *at), asked[60:])
        grids = _timed(lambda at: tiles.tile(self.centre_id, Tier.GRID, *at), asked[:60])
        self.rows += [
            Row(name="a tile of micro-grids, zoom 12 and 14, uncached, p95", value=micro[0.95], unit="ms"),
            Row(name="a tile of grids, zoom 10, uncached, p95", value=grids[0.95], unit="ms"),
        ]

    def search(self) -> None:
        """By number, and by the name of a place."""
        say("search")
        server = self.gateway()
        try:
            desk = Desk(server.port, DESK)
            numbers = random.Random(60).sample(range(1, self.issues), BOARDS)
            by_number = _timed(lambda number: desk.ask("GET", f"/api/v1/issues?q={number}"), numbers)
        finally:
            server.stop()
        self.rows.append(
            Row(name=f"search by number among {self.issues:,} issues, p95", value=by_number[0.95], unit="ms")
        )

    def duplicates(self) -> None:
        """What a report might be a duplicate of."""
        say("duplicates")
        server = self.gateway()
        try:
            desk = Desk(server.port, DESK)
            shown = desk.ask("GET", "/api/v1/snapshot")["objects"]
            ids = [one["id"] for one in shown if one["kind"] == "issue" and one["card"]["cell"]][: POINTS // 10]
            give_words(UUID(key) for key in ids)
            taken = _timed(lambda key: desk.ask("GET", f"/api/v1/issues/{key}/duplicates"), ids)
        finally:
            server.stop()
        self.rows.append(Row(name="duplicate candidates of an issue, p95", value=taken[0.95], unit="ms",
                             note=f"p50 {taken[0.5]:.0f} ms, over HTTP"))  # fmt: skip

    def import_(self) -> None:
        """8,535 micro-grids and all above them, from a file into a centre that has none."""
        say("import")
        self.rows.append(measure_import())

    def timers(self) -> None:
        """100,000 running clocks."""
        self.rows += measure_running(self.env, self.centre_id, self.logs)

    def _points(self) -> list[tuple[float, float]]:
        """Random points of the county, the same each time."""
        draw = random.Random(60)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ST_XMin(polygon), ST_YMin(polygon), ST_XMax(polygon), ST_YMax(polygon) FROM grid_cell"
                " WHERE centre_id = %s AND parent_id IS NULL AND valid_until IS NULL",
                [self.centre_id],
            )
            west, south, east, north = cursor.fetchone()
        return [(draw.uniform(west, east), draw.uniform(south, north)) for _ in range(POINTS)]


def _timed(act: Callable[[Any], object], over: Iterable[Any]) -> Mapping[float, float]:
    """p50 and p95 in milliseconds of doing it once for each."""
    taken = []
    for one in over:
        began = time.perf_counter_ns()
        act(one)
        taken.append((time.perf_counter_ns() - began) / 1e6)
    taken.sort()
    return {share: percentile(taken, share) for share in (0.5, 0.95)}


def _tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row of the web's grid (EPSG:3857) that a point lies in."""
    across = 2**zoom
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * across), int(down * across)


def main(out: Path, past: int, parts: tuple[str, ...]) -> int:
    """Measures the parts; a part that fails is said, and the others go on. How many failed."""
    failed = 0
    with TemporaryDirectory(prefix="relay60-bench-") as folder:
        run = AtScale(dict(os.environ), past, Path(os.environ.get("RELAY_BENCH_LOGS", folder)))
        for part in PARTS:
            if part not in parts:
                continue
            try:
                getattr(run, "import_" if part == "import" else part)()
            except Exception as error:  # the other figures are worth having
                failed += 1
                say(f"{part} could not be measured: {error!r}")
            out.write_text(json.dumps([asdict(row) for row in run.rows]))
    return failed


if __name__ == "__main__":
    line = argparse.ArgumentParser()
    line.add_argument("out", type=Path)
    line.add_argument("past", type=int)
    line.add_argument("--only", nargs="+", default=list(PARTS), choices=PARTS)
    given = line.parse_args()
    raise SystemExit(1 if main(given.out, given.past, tuple(given.only)) else 0)
