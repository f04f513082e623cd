"""Boundaries that other people published, from file to cells and back: 1,009 villages, 10 districts."""

from pathlib import Path

import pytest

from gis.boundaries.faults import FaultKind
from gis.boundaries.run import ImportInto
from gis.grid import queries
from gis.grid.models import Cell
from tests.gis.boundaries.conftest import Desk

VILLAGES = """
covers = "centre"
district = "union"
[cells]
tier = "community"
code = "VILLCODE"
name = "VILLNAME"
parent = "TOWNCODE"
[parents]
tier = "township"
name = "TOWNNAME"
"""
DISTRICTS = """
covers = "centre"
district = "union"
[cells]
tier = "township"
code = "qh"
name = "qh"
[codes]
"罗湖" = "440303"
"福田" = "440304"
"南山" = "440305"
"宝安" = "440306"
"龙岗" = "440307"
"盐田" = "440308"
"龙华" = "440309"
"坪山" = "440310"
"光明" = "440311"
"大鹏" = "440313"
"""


@pytest.fixture
def xinbei(desk: Desk) -> Desk:
    desk.centre = ImportInto(desk.centre.id, "65000", "新北市")
    return desk


def test_a_thousand_villages_come_in_with_their_townships(xinbei: Desk, shared_data: Path) -> None:
    file = shared_data / "geo" / "villages_xinbei_1009.geojson"
    dry = xinbei.imports(file, VILLAGES)
    # 新北 lies around 臺北 on all sides: 281 km² that no village covers, and the only fault of the file.
    [gap] = dry.faults
    assert (gap.kind, gap.code) == (FaultKind.GAP, "65000")
    assert "281," in gap.why

    done = xinbei.imports(file, VILLAGES, apply=True, accept_gaps=True)
    assert done.refused is None
    cells = Cell.objects.filter(centre_id=xinbei.centre.id, valid_until=None)
    counts = {tier: cells.filter(tier=tier).count() for tier in ("district", "township", "community")}
    assert counts == {"district": 1, "township": 29, "community": 1009}
    placed = queries.place(xinbei.centre.id, 121.4570, 25.0078, 5.0)
    assert placed.cell is not None
    assert placed.cell.path.startswith("65000/65000010/")
    assert queries.place(xinbei.centre.id, 121.5625, 25.0857, 5.0).placing == "unplaced"  # in 臺北

    assert xinbei.imports(file, VILLAGES, apply=True, accept_gaps=True).plan.does_nothing


def test_ten_districts_without_codes_come_in(desk: Desk, shared_data: Path) -> None:
    desk.centre = ImportInto(desk.centre.id, "440300", "深圳市")
    file = shared_data / "geo" / "shenzhen_districts_10.geojson"
    outcome = desk.imports(file, DISTRICTS, apply=True, accept_gaps=True)
    assert outcome.refused is None
    assert [fault.kind for fault in outcome.faults] == [FaultKind.GAP]  # 7 ha between 龙华 and 福田
    cells = Cell.objects.filter(centre_id=desk.centre.id, tier="township")
    assert sorted(cells.values_list("code", flat=True))[0] == "440303"
    assert cells.count() == 10
    assert queries.place(desk.centre.id, 114.0579, 22.5431, 10.0).cell is not None
