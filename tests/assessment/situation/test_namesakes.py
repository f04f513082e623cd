"""Units and areas of one name are told apart in a report's tables, as screens tell them apart."""

import pytest
from shapely import box

from assessment.situation.making import ground_of, names_of
from assessment.situation.namesakes import above, apart
from command.units.models import Unit
from demo.seed.centre import Plan, build_centre
from gis.grid.generation import Counts
from gis.grid.models import Cell

SMALL = Counts(townships=2, communities=4, grids=4, micro_grids=4)


def test_only_namesakes_are_told_apart_by_what_differs_first() -> None:
    names = {"1": "枫渚", "2": "枫渚", "3": "河埠", "4": "城管", "5": "城管"}
    where = {"1": "甲镇", "2": "乙镇", "3": "甲镇", "4": "", "5": "甲镇"}
    codes = {key: f"代码 {key}" for key in names}
    assert apart(names, where, codes) == {
        "1": "枫渚（甲镇）",
        "2": "枫渚（乙镇）",
        "3": "河埠",
        "4": "城管（代码 4）",
        "5": "城管（代码 5）",
    }
    assert above("d/t/c", {"d": "区", "d/t": "甲镇", "d/t/c": "枫渚"}) == "甲镇"
    assert above("d/t", {"d": "区", "d/t": "甲镇"}) == above("", {}) == ""


@pytest.mark.django_db
def test_a_reports_units_and_areas_are_no_namesakes() -> None:
    built = build_centre(Plan("330199", "河湾区综治中心", box(120.3, 30.6, 120.4, 30.7), SMALL))
    townships = Unit.objects.filter(centre_id=built.id, kind="township_centre").order_by("code")
    communities = Unit.objects.filter(centre_id=built.id, kind="community_centre").order_by("code")
    one = communities.filter(cell_path__startswith=f"{townships[0].cell_path}/")[0]
    other = communities.filter(cell_path__startswith=f"{townships[1].cell_path}/")[0]
    communities.filter(pk__in=[one.pk, other.pk]).update(short="枫渚社区")
    called = names_of(built.id).units
    assert called[str(one.pk)] == f"枫渚社区（{townships[0].short}）"
    assert called[str(other.pk)] == f"枫渚社区（{townships[1].short}）"
    assert len(set(called.values())) == len(called)

    Cell.objects.filter(centre_id=built.id, tier="township").update(name="同名镇")
    areas = ground_of(built.id, built.root).areas
    assert [area.name for area in areas] == [f"同名镇（代码 {area.path.rpartition('/')[2]}）" for area in areas]
