"""Lists of units: a county's townships, communities and bodies come in by list, and then its people onto them."""

import csv
import io
import json
from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from command.lists import taking
from command.organisations.imports.layout import LAYOUT
from command.people.models import Post
from command.units.models import Unit
from demo.seed.centre import BuiltCentre
from gis.grid.models import Cell
from realtime.feed.models import StoredFact
from tests.command.conftest import SignsIn
from tests.command.test_people_imports import send as send_people
from tests.command.test_people_imports import workbook as people

GOOD = ("水务集团", "水务", "群团与企业", "water", "", "", "随叫随驻")


def workbook(*rows: tuple[object, ...], columns: tuple[str, ...] = LAYOUT.names) -> bytes:
    """An XLSX file with the template's head."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = LAYOUT.sheet
    for row in (columns, *rows):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(browser: Client, verb: str, content: bytes, key: str | None = None, name: str = "units.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    headers = {"Idempotency-Key": key or str(uuid4())}
    return browser.post(f"/api/v1/admin/imports/units/{verb}", {"file": file}, headers=headers)


@pytest.fixture
def browser(built: BuiltCentre, sign_in: SignsIn) -> Client:
    """An administrator's."""
    return sign_in("admin")


@pytest.fixture
def grown(built: BuiltCentre) -> BuiltCentre:
    """Two townships more without centres; in each a 枫渚社区."""
    root = Cell.objects.get(centre_id=built.id, tier="district")
    for code, name in (("330199011", "柳浦镇"), ("330199012", "绿城·桃花源街道")):
        town = _cell(root, code, name, "township")
        _cell(town, f"{code}001", "枫渚社区", "community")
    return built


def _cell(parent: Cell, code: str, name: str, tier: str) -> Cell:
    return Cell.objects.create(
        centre_id=parent.centre_id,
        code=code,
        name=name,
        tier=tier,
        parent=parent,
        path=f"{parent.path}/{code}",
        polygon=parent.polygon,
        valid_from=parent.valid_from,
    )


def test_a_list_is_checked_taken_in_and_told_again(grown: BuiltCentre, browser: Client) -> None:
    rows = [
        GOOD,
        ("柳浦镇综治中心", "柳浦镇", "镇街", "", "", "", "云驻"),
        ("绿城·桃花源街道", "", "街道", 330199012, "", "", ""),
        ("枫渚社区居委会", "", "社区", "330199011001", "柳浦镇", "", ""),
        ("枫渚社区居民委员会", "枫渚社区", "社区", "", "绿城·桃花源街道", "", ""),
        ("柳浦镇人民调解委员会", "柳浦镇调委会", "调委会", "mediation_liupu", "", "柳浦镇", "联驻"),
    ]
    content = workbook(*rows)
    dry = send(browser, "check", content).json()
    assert (dry["rows"], dry["good"], dry["bad"], dry["faults"]) == (6, 6, 0, [])
    assert not Unit.objects.filter(code="water").exists()

    taken = send(browser, "take", content, key="once").json()
    assert [(row["row"], row["code"]) for row in taken["added"]] == [
        (2, "water"),
        (3, "330199011"),
        (4, "330199012"),
        (5, "330199011001"),
        (6, "330199012001"),
        (7, "mediation_liupu"),
    ]
    kept = {unit.code: (unit.kind, unit.short, unit.cell_path) for unit in Unit.objects.filter(centre_id=grown.id)}
    assert kept["water"] == ("group", "水务", None)
    assert kept["330199011"] == ("township_centre", "柳浦镇", "330199/330199011")
    assert kept["330199012001"] == ("community_centre", "枫渚社区", "330199/330199012/330199012001")
    assert kept["mediation_liupu"] == ("mediation_committee", "柳浦镇调委会", "330199/330199011")
    stored = [json.loads(bytes(row.bytes)) for row in StoredFact.objects.filter(name="unit.changed")]
    assert [fact["body"]["change"] for fact in stored] == ["added"] * 6
    assert "枫渚" not in json.dumps(stored, ensure_ascii=False)

    again = send(browser, "take", content, key="once").json()
    assert again == taken | {"again": True}
    assert send(browser, "take", content).json()["added"] == []  # another command finds them there
    assert browser.get("/api/v1/admin/units").status_code == 200


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (("", "", "部门", "a", "", "", ""), "名称", "为空"),
        (("45991", "", "部门", "a", "", "", ""), "名称", "数字"),
        (("#N/A", "", "部门", "a", "", "", ""), "名称", "错误值"),
        (("甲局", "", "科室", "a", "", "", ""), "类别", "没有类别「科室」"),
        (("甲局", "", "值班席", "a", "", "", ""), "类别", "只有一个值班席"),
        (("甲局", "", "部门", "", "", "", ""), "代码", "为空"),
        (("甲局", "", "部门", "A局", "", "", ""), "代码", "不能作代码"),
        (("甲局", "", "部门", "power", "", "", ""), "代码", "已用过"),
        (("甲局", "", "部门", "a", "", "", "天天驻"), "驻场方式", "天天驻"),
        (("月球镇", "", "镇街", "", "", "", ""), "辖区", "没有找到镇街「月球镇」"),
        (("枫渚社区", "", "社区", "", "", "", ""), "辖区", "柳浦镇/枫渚社区（代码 330199011001）"),
        (("枫渚社区", "", "社区", "", "", "枫渚社区", ""), "辖区", "绿城·桃花源街道/枫渚社区（代码 330199012001）"),
        (("柳浦镇", "", "社区", "", "", "柳浦镇", ""), "辖区", "不是村社"),
        (("示例镇综治中心", "示例镇", "镇街综治中心", "330000001", "", "330000001", "云驻"), "名称", "示例"),
    ],
)
def test_a_bad_row_is_named_and_harms_no_other(
    grown: BuiltCentre, browser: Client, row: tuple[str, ...], column: str, why: str
) -> None:
    dry = send(browser, "check", workbook(GOOD, row)).json()
    assert (dry["rows"], dry["good"]) == (2, 1)
    [fault] = [fault for fault in dry["faults"] if fault["column"] == column]
    assert fault["row"] == 3
    assert why in fault["why"]
    assert fault["remedy"]


def test_what_stands_twice_is_refused_twice(grown: BuiltCentre, browser: Client) -> None:
    same_code = [("甲局", "", "部门", "a", "", "", ""), ("乙局", "", "部门", "a", "", "", "")]
    same_name = [("甲局", "", "部门", "a", "", "", ""), ("甲 局", "", "部门", "b", "", "", "")]
    same_place = [("柳浦镇", "", "镇", "a", "", "", ""), ("柳浦综治中心", "", "镇", "b", "", "330199011", "")]
    for rows, column in ((same_code, "代码"), (same_name, "名称"), (same_place, "辖区")):
        dry = send(browser, "check", workbook(*rows)).json()
        assert [(fault["row"], fault["column"]) for fault in dry["faults"]] == [(2, column), (3, column)]
    held = Unit.objects.get(centre_id=grown.id, kind="township_centre")
    dry = send(browser, "check", workbook(("又一个", "", "镇", "c", "", held.short, ""))).json()
    assert "已有在用的综治中心" in dry["faults"][0]["why"]


def test_the_template_is_read_and_refused(built: BuiltCentre, browser: Client) -> None:
    content = browser.get("/api/v1/admin/imports/units/template").content
    assert [cell.value for cell in load_workbook(io.BytesIO(content))["单位"][1]] == list(LAYOUT.names)
    assert send(browser, "take", content).json()["added"] == []


def test_only_an_administrator_brings_lists(built: BuiltCentre, sign_in: SignsIn) -> None:
    answer = send(sign_in("lead"), "take", workbook(GOOD))
    assert (answer.status_code, answer.json()["code"]) == (403, "right.missing")


def test_a_real_county_comes_in_and_then_its_people(
    built: BuiltCentre, browser: Client, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wuxing's townships and communities by their own names and codes, on cells drawn for them."""
    towns = _rows(shared_data / "admin" / "huzhou_3305_townships.csv", "330502")
    villages = _rows(shared_data / "admin" / "huzhou_3305_communities.csv", "330502")
    _lay(built, towns, villages)
    monkeypatch.setattr(taking, "BATCH", 100)
    street = {town["code"]: town["name"] for town in towns}
    listed: list[tuple[object, ...]] = [(town["name"], "", "镇街", town["code"], "", "", "") for town in towns]
    listed += [(one["name"], "", "社区", "", street[one["streetCode"]], one["code"], "") for one in villages]
    taken = send(browser, "take", workbook(*listed)).json()
    assert taken["faults"] == []
    assert len(taken["added"]) == len(towns) + len(villages)
    units = Unit.objects.filter(centre_id=built.id, cell_path__contains="/3305")
    assert units.filter(kind="community_centre").count() == len(villages)

    names = defaultdict(list)
    for one in villages:
        names[one["name"]].append(one)
    rows = [("甲", f"u{n}", "", one["name"], "联络员", "") for n, one in enumerate(villages)]
    dry = send_people(browser, "check", people(*rows)).json()
    unique = [one for one in villages if len(names[one["name"]]) == 1]
    assert (dry["good"], dry["bad"]) == (len(unique), len(villages) - len(unique))
    by_path = [
        (f"乙{one['name'][0]}", f"v{n}", "", f"{street[one['streetCode']]}/{one['name']}", "联络员", "")
        for n, one in enumerate(villages)
    ]
    enrolled = send_people(browser, "take", people(*by_path)).json()
    assert enrolled["faults"] == []
    held = dict(Post.objects.filter(person__username__startswith="v").values_list("person__username", "unit__code"))
    assert {int(name[1:]): code for name, code in held.items() if name[1:].isdigit()} == {
        n: one["code"] for n, one in enumerate(villages)
    }


def _rows(path: Path, area: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return [row for row in csv.DictReader(source) if row["areaCode"] == area]


def _lay(built: BuiltCentre, towns: list[dict[str, str]], villages: list[dict[str, str]]) -> None:
    """Cells of their names and codes. Where they lie is nothing to a list."""
    root = Cell.objects.get(centre_id=built.id, tier="district")
    found = {town["code"]: _cell(root, town["code"], town["name"], "township") for town in towns}
    for one in villages:
        _cell(found[one["streetCode"]], one["code"], one["name"], "community")
