"""The list of bodies, and how a centre is founded from it. Source: the district's own list."""

from collections import Counter
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from command.organisations import queries
from command.units.departments import Kind, Stationing, load
from command.units.models import Centre, Unit
from demo.seed.centre import BuiltCentre

HEAD = "code,name_zh,short_zh,kind,stationing,has_liaison,seeds\n"


def test_the_list_has_36_bodies():
    rows = load()
    assert len(rows) == 36
    police = next(row for row in rows if row.code == "police")
    assert (police.name, police.short, police.kind, police.stationing) == (
        "公安局",
        "公安",
        Kind.DEPARTMENT,
        Stationing.RESIDENT,
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,甲,甲,guild,resident,yes,\n", "guild"),
        ("a,甲,甲,group,sometimes,yes,\n", "sometimes"),
        ("a,甲,甲,group,cloud,maybe,\n", "maybe"),
        (",甲,甲,group,cloud,yes,\n", "empty"),
        ("a,甲,甲,group,cloud,yes,\na,乙,乙,group,cloud,yes,\n", "line 3: code 'a'"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, row: str, said: str):
    path = tmp_path / "departments.csv"
    path.write_text(HEAD + row, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        load(path)


def test_a_centre_has_every_body_and_its_own_desk(built: BuiltCentre):
    units = queries.units(built.id)
    kinds = Counter(unit.kind for unit in units)
    assert (kinds["community_centre"], kinds["mediation_committee"]) == (
        1,
        5,
    )  # of TINY: a township, a community, trades
    assert len(units) == 37 + 1 + 5
    assert queries.duty_desk(built.id).id == built.units["duty_desk"]
    township = queries.unit(built.units["township"], centre_id=built.id)
    assert (township.kind, township.cell_path) == ("township_centre", "330199/330199001")
    bodies = [unit for unit in units if unit.kind not in ("township_centre", "community_centre", "mediation_committee")]
    assert [unit.cell_path for unit in bodies] == [None] * 36
    assert queries.centre(built.id).path == built.root == "330199"
    assert [centre.code for centre in queries.centres()] == ["330199"]


def test_a_unit_of_another_centre_is_not_there(built: BuiltCentre, other: BuiltCentre):
    with pytest.raises(Unit.DoesNotExist):
        queries.unit(other.units["gas"], centre_id=built.id)


def test_a_retired_unit_is_not_listed(built: BuiltCentre):
    Unit.objects.filter(pk=built.units["gas"]).update(retired_at="2026-01-01T00:00Z")
    assert "gas" not in {unit.code for unit in queries.units(built.id)}


def test_the_database_refuses_what_must_never_be(built: BuiltCentre):
    gas = Unit.objects.get(pk=built.units["gas"])
    for changes, constraint in (
        ({"code": "power"}, "unit_code_is_given_once_per_centre"),
        ({"kind": "guild"}, "unit_kind_is_known"),
        ({"stationing": "never"}, "unit_stationing_is_known"),
        ({"kind": "desk"}, "centre_has_one_duty_desk"),
        ({"kind": "township_centre"}, "township_centre_answers_for_a_place"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Unit.objects.filter(pk=gas.pk).update(**changes)
    with pytest.raises(IntegrityError, match="centre_code_is_one_step_of_a_path"), transaction.atomic():
        Centre.objects.filter(pk=built.id).update(code="33/01")
