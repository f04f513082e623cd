"""Lists of people: a dry run names each bad row; good rows go in when somebody says so. Broken files do no harm."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from command.doors import uploads
from command.lists import taking
from command.people.imports import actions
from command.people.imports.reading import COLUMNS, SHEET, read
from command.people.models import Person, Post
from command.units.models import Unit
from demo.seed.centre import BuiltCentre
from gis.grid.models import Cell
from realtime.feed.errors import Invalid
from realtime.feed.models import StoredFact
from realtime.workshop.workshop import Bounds, Workshop
from tests.command.conftest import SignsIn
from tests.command.test_administration import sign_in_as

GOOD = ("王小明", "wang.xm", "13800000001", "power", "联络员", "")


def workbook(*rows: tuple[object, ...], sheet: str = SHEET, change: Callable[[Any], object] | None = None) -> bytes:
    """An XLSX file with the template's head."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in (COLUMNS, *rows):
        page.append(row)
    if change:
        change(page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(browser: Client, verb: str, content: bytes, name: str = "people.xlsx", key: str | None = None) -> Any:
    file = SimpleUploadedFile(name, content)
    headers = {"Idempotency-Key": key or str(uuid4())}
    return browser.post(f"/api/v1/admin/imports/{verb}", {"file": file}, headers=headers)


@pytest.fixture
def browser(built: BuiltCentre, sign_in: SignsIn) -> Client:
    """An administrator's."""
    return sign_in("admin")


def test_a_list_is_checked_taken_in_and_its_people_sign_in(built: BuiltCentre, browser: Client) -> None:
    grid = Cell.objects.filter(centre_id=built.id, tier="grid").order_by("path")[0]
    member = ("赵巡", "zhao", 13800000002, "综合执法局", "网格员", grid.code)
    content = workbook(GOOD, member, ("孙无岗", "sun", "", "power", "局长", ""))
    dry = send(browser, "check", content).json()
    assert (dry["rows"], dry["good"], [fault["row"] for fault in dry["faults"]]) == (3, 2, [4])
    assert not Person.objects.filter(username="zhao").exists()

    taken = send(browser, "take", content, key="once").json()
    assert [(row["row"], row["username"]) for row in taken["enrolled"]] == [(2, "wang.xm"), (3, "zhao")]
    assert Person.objects.get(username="zhao").phone == "13800000002"
    assert Post.objects.get(person__username="zhao").cell == grid
    assert sign_in_as("zhao", taken["enrolled"][1]["first_password"])[1] == 200
    stored = [json.loads(bytes(row.bytes)) for row in StoredFact.objects.order_by("seq")]
    assert [fact["card"]["people"] for fact in stored if fact["name"] == "people.imported"] == [2]
    assert sum(fact["body"].get("change") == "enrolled" for fact in stored) == 2
    assert "王小明" not in json.dumps(stored, ensure_ascii=False)
    again = send(browser, "check", content).json()
    assert again["good"] == 0


def test_the_template_reads_as_it_is_written_and_its_example_is_nobody(built: BuiltCentre, browser: Client) -> None:
    content = browser.get("/api/v1/admin/imports/template").content
    assert [cell.value for cell in load_workbook(io.BytesIO(content))[SHEET][1]] == list(COLUMNS)
    dry = send(browser, "check", content).json()
    assert (dry["rows"], dry["good"], [fault["column"] for fault in dry["faults"]]) == (1, 0, ["姓名"])
    assert "示例" in dry["faults"][0]["why"]
    assert send(browser, "take", content).json()["enrolled"] == []
    assert not Person.objects.filter(username="wang.xiaoming").exists()


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (("", "a1", "", "power", "联络员", ""), "姓名", "为空"),
        (("甲", "A B", "", "power", "联络员", ""), "用户名", "小写字母"),
        (("甲", "duty1", "", "power", "联络员", ""), "用户名", "已被使用"),
        (("甲", "a1", "电话", "power", "联络员", ""), "手机号", "不是有效"),
        (("甲", "a1", "", "月球局", "联络员", ""), "单位", "月球局"),
        (("甲", "a1", "", "power", "局长", ""), "岗位", "局长"),
        (("甲", "a1", "", "power", "网格员", ""), "辖区代码", "必须指定"),
        (("甲", "a1", "", "power", "网格员", "nowhere"), "辖区代码", "没有辖区"),
        (("甲", "a1", "", "power", "网格员", "330199"), "辖区代码", "层级不对"),
        (("甲", "a1", "", '="po"&"wer"', "联络员", ""), "单位", "公式"),
        (("甲\n乙", "a1", "", "power", "联络员", ""), "姓名", "换行"),
        (("甲", "a1", "", "township", "值班员", ""), "岗位", "不能设值班员"),  # meant: 镇街值班
        (("甲", "a1", "", "power", "值班长", ""), "岗位", "不能设值班长"),
    ],
)
def test_a_bad_row_is_named_and_harms_no_other(
    built: BuiltCentre, browser: Client, row: tuple[str, ...], column: str, why: str
) -> None:
    dry = send(browser, "check", workbook(GOOD, row)).json()
    assert dry["good"] == 1
    fault = next(fault for fault in dry["faults"] if fault["column"] == column)
    assert fault["row"] == 3
    assert why in fault["why"]
    assert fault["remedy"]


@pytest.mark.parametrize(
    ("second", "column"),
    [
        (("王二", "wang.2", "13800000001", "power", "联络员", ""), "手机号"),
        (("王二", "wang.2", "138 0000-0001", "power", "联络员", ""), "手机号"),
        (("王二", "wang.2", "+86 13800000001", "power", "联络员", ""), "手机号"),
        (("王二", "wang.xm", "13800000009", "power", "联络员", ""), "用户名"),
    ],
)
def test_two_rows_for_one_phone_or_name_are_both_refused(
    built: BuiltCentre, browser: Client, second: tuple[str, ...], column: str
) -> None:
    dry = send(browser, "check", workbook(GOOD, second)).json()
    assert dry["good"] == 0
    assert [(fault["row"], fault["column"]) for fault in dry["faults"]] == [(2, column), (3, column)]


def test_merged_cells_are_named() -> None:
    sheet = read("a.xlsx", workbook(GOOD, GOOD, change=lambda page: page.merge_cells("D2:D3")))
    assert [(fault.row, fault.column) for fault in sheet.faults] == [(2, "D2:D3")]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 80_000_000)
    return out.getvalue()


def with_entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>')
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("people.xlsx", bytes(40_000_000), "import.too_large"),
        ("people.xlsx", bomb(), "import.too_large"),
        ("people.xlsx", with_entities(), "import.unreadable"),
        ("people.xlsx", b"PK\x03\x04 no archive", "import.unreadable"),
        ("people.pdf", b"%PDF-1.7", "import.unreadable"),
        ("people.xlsx", workbook(sheet="Sheet1", change=lambda page: page.parent.create_sheet("x")), "import.empty"),
        ("people.csv", "姓名,用户名\n甲,a1\n".encode(), "import.column_missing"),
        ("people.csv", b"\xff\xff\xff\xff", "import.unreadable"),
    ],
    ids=["40 MB", "bomb", "entities", "broken", "pdf", "no rows", "column", "encoding"],
)
def test_a_broken_file_is_refused_before_it_does_harm(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(name, content)
    assert refused.value.code == code
    assert refused.value.remedy


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_csv_comes_in_the_encodings_that_offices_use(encoding: str) -> None:
    text = ",".join(COLUMNS) + "\n" + ",".join(GOOD) + "\n"
    assert read("people.csv", text.encode(encoding)).rows[0].cells["姓名"] == "王小明"


def test_a_long_list_goes_in_by_batches(built: BuiltCentre, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "BATCH", 2)
    rows = [(f"人{number}", f"p{number}", "", "power", "联络员", "") for number in range(5)]
    taken = send(browser, "take", workbook(*rows), key="once").json()
    assert len(taken["enrolled"]) == 5
    assert StoredFact.objects.filter(name="people.imported").count() == 3


def test_only_an_administrator_brings_lists(built: BuiltCentre, sign_in: SignsIn) -> None:
    answer = send(sign_in("lead"), "take", workbook(GOOD))
    assert (answer.status_code, answer.json()["code"]) == (403, "right.missing")


def test_the_same_command_again_is_told_the_same(built: BuiltCentre, browser: Client) -> None:
    """Its first answer was lost on the way: first passwords are told again, on record, while they are good."""
    content = workbook(
        GOOD, ("李四", "li.si", "13800000003", "power", "联络员", ""), ("孙", "sun", "", "月球局", "联络员", "")
    )
    first = send(browser, "take", content, key="once").json()
    again = send(browser, "take", content, key="once").json()
    assert again == first | {"again": True}
    assert len([row for row in again["enrolled"] if row["first_password"]]) == 2
    changes = [
        json.loads(bytes(row.bytes))["body"]["change"] for row in StoredFact.objects.filter(name="people.imported")
    ]
    assert changes == ["imported", "told_again"]

    Person.objects.filter(username="li.si").update(must_change_password=False)  # has signed in and chosen another
    third = send(browser, "take", content, key="once").json()
    assert [row["first_password"] is None for row in third["enrolled"]] == [False, True]
    assert send(browser, "take", workbook(GOOD), key="once").json()["code"] == "idempotency_key.reused"


def test_a_repeat_goes_on_where_the_first_one_stopped(
    built: BuiltCentre, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "BATCH", 2)
    rows = [(f"人{number}", f"p{number}", "", "power", "联络员", "") for number in range(5)]
    content = workbook(*rows)
    done, whole = [], actions._take_in

    def breaks(*words: Any, **named: Any) -> Any:
        if len(done) == 1:
            raise RuntimeError("the line is cut")
        done.append(whole(*words, **named))

    monkeypatch.setattr(actions, "_take_in", breaks)
    assert send(browser, "take", content, key="once").status_code == 500
    assert Person.objects.filter(username__startswith="p", name__startswith="人").count() == 2
    monkeypatch.setattr(actions, "_take_in", whole)
    told = send(browser, "take", content, key="once").json()
    assert [row["username"] for row in told["enrolled"]] == ["p0", "p1", "p2", "p3", "p4"]
    assert all(row["first_password"] for row in told["enrolled"])
    assert told["faults"] == []


def test_a_finished_list_takes_nothing_more(built: BuiltCentre, browser: Client) -> None:
    content = workbook(GOOD, ("孙", "sun", "", "月球局", "联络员", ""))
    assert [fault["row"] for fault in send(browser, "take", content, key="once").json()["faults"]] == [3]
    Unit.objects.create(
        centre_id=built.id, code="moon", name="月球局", short="月球局", kind="department", stationing="cloud"
    )
    again = send(browser, "take", content, key="once").json()
    assert [row["row"] for row in again["enrolled"]] == [2]
    assert [(fault["row"], fault["remedy"]) for fault in again["faults"]] == [(3, "现在已无误，请重新上传。")]


def test_a_name_that_fits_two_units_is_refused_with_both(built: BuiltCentre, browser: Client) -> None:
    first = Unit.objects.get(centre_id=built.id, kind="community_centre")
    other = Cell.objects.filter(centre_id=built.id, tier="township").first()
    assert other is not None
    town = second_township(built)
    Unit.objects.create(
        centre_id=built.id,
        code="twin",
        name=f"{first.short}综治中心二",
        short=first.short,
        kind="community_centre",
        stationing="cloud",
        cell_path=f"{town.path}/001",
    )
    rows = [
        ("甲", "a1", "", first.short, "联络员", ""),
        ("乙", "a2", "", f"{town.name}/{first.short}", "联络员", ""),
        ("丙", "a3", "", f"{other.name}／{first.short}", "联络员", ""),
        ("丁", "a4", "", "twin", "联络员", ""),
        ("戊", "a5", "", f"{town.name}{first.short}", "联络员", ""),
    ]
    dry = send(browser, "check", workbook(*rows)).json()
    [fault] = dry["faults"]
    assert (fault["row"], fault["column"]) == (2, "单位")
    assert f"{other.name}/{first.short}（代码 {first.code}）" in fault["why"]
    assert f"{town.name}/{first.short}（代码 twin）" in fault["why"]
    assert "代码" in fault["remedy"]
    send(browser, "take", workbook(*rows))
    held = {
        post.person.username: post.unit.code
        for post in Post.objects.filter(person__username__in=["a2", "a3", "a4", "a5"])
    }
    assert held == {"a2": "twin", "a3": first.code, "a4": "twin", "a5": "twin"}


def second_township(built: BuiltCentre) -> Cell:
    """A township beside the only one."""
    root = Cell.objects.get(centre_id=built.id, tier="district")
    return Cell.objects.create(
        centre_id=built.id,
        code="second",
        name="柳浦镇",
        tier="township",
        parent=root,
        path=f"{root.path}/second",
        polygon=root.polygon,
        valid_from=root.valid_from,
    )


def test_a_list_is_read_in_another_process(
    built: BuiltCentre, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A spreadsheet may unfold to sixty megabytes: the process that feeds screens only hands it over."""
    monkeypatch.setattr(uploads, "workshop", Workshop(Bounds(hands=1, waiting=-1)))
    answer = send(browser, "check", workbook(GOOD))
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "workshop.full", "10")


@pytest.mark.parametrize("kind", ["check", "units/check"])
def test_a_file_that_was_not_read_to_its_end_is_too_large_and_not_absent(browser: Client, kind: str) -> None:
    answer = send(browser, kind, bytes(26_000_000))
    assert (answer.status_code, answer.json()["code"]) == (422, "import.too_large")
