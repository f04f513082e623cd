"""Lists of shifts as offices keep them: judged row by row, taken in once, and given out again in the same columns."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from command.access import Role
from command.duty.imports.layout import LAYOUT, day_of, minute_of
from command.duty.models import DatedShift, WeeklyShift
from command.duty.queries import zone
from command.people.models import Person, Post
from demo.seed.centre import BuiltCentre
from realtime.feed import clock
from tests.command.conftest import SignsIn
from tests.command.duty.test_rosters import post_of, unit_of
from tests.command.office import facts

COLUMNS = ("单位代码", "值班日期", "起", "止", "姓名", "入驻方式")


def workbook(*rows: tuple[object, ...], columns: tuple[str, ...] = COLUMNS) -> bytes:
    """An XLSX file as an office has it."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = LAYOUT.sheet
    for row in (columns, *rows):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(browser: Client, verb: str, content: bytes, key: str | None = None) -> Any:
    """What a dry run or the taking in answers."""
    file = SimpleUploadedFile("rosters.xlsx", content)
    headers = {"Idempotency-Key": key or str(uuid4())}
    answer = browser.post(f"/api/v1/admin/imports/rosters/{verb}", {"file": file}, headers=headers)
    assert answer.status_code == 200, answer.content
    return answer.json()


def day(later: int) -> date:
    """A local day from today on."""
    return clock.at(None).astimezone(zone()).date() + timedelta(days=later)


@pytest.fixture
def browser(built: BuiltCentre, sign_in: SignsIn) -> Client:
    """An administrator's."""
    return sign_in("admin")


def test_shifts_come_in_by_unit_day_and_person_and_are_told_by_a_fact_for_each_unit(
    built: BuiltCentre, browser: Client
) -> None:
    content = workbook(
        ("law_enforcement", f"{day(1):%Y-%m-%d}", "08:30", "17:30", "魏立新", "轮驻"),
        ("law_enforcement", f"{day(1):%Y年%m月%d日}", "20:00", "08:30", "chengguan", ""),
        ("power", datetime.combine(day(2), time()), time(8, 0), "次日08:00", "韩电生", "随叫随驻"),
        ("power", f"{day(4):%Y/%m/%d}", "0:00", "24:00", "power", "缺勤"),
    )
    dry = send(browser, "check", content)
    assert (dry["rows"], dry["good"], dry["faults"]) == (4, 4, [])
    assert not DatedShift.objects.exists()
    key = str(uuid4())
    taken = send(browser, "take", content, key)
    assert (taken["shifts"], taken["faults"], taken["again"]) == (4, [], False)
    again = send(browser, "take", content, key)
    assert (again["shifts"], again["faults"], again["again"]) == (4, [], True)
    rows = DatedShift.objects.order_by("starts_at").values_list("post", "starts_at", "ends_at", "kind")
    assert [(ends - starts, kind) for _, starts, ends, kind in rows] == [
        (timedelta(hours=9), "rotating"),
        (timedelta(hours=12.5), "rotating"),
        (timedelta(hours=24), "on_call"),
        (timedelta(hours=24), None),
    ]
    assert [starts.astimezone(zone()).date() for _, starts, _, _ in rows] == [day(1), day(1), day(2), day(4)]
    assert len(facts("roster.changed")) == 2


FAULTY = [
    (("nowhere", "+1", "08:00", "17:00", "魏立新", ""), "单位", "没有单位「nowhere」"),
    (("law_enforcement", "+1", "08:00", "17:00", "韩电生", ""), "人员", "没有「韩电生」的在任岗位"),
    (("law_enforcement", "+1", "08:00", "08:00", "魏立新", ""), "结束", "0 小时"),
    (("law_enforcement", "+1", "08:00", "次日14:00", "魏立新", ""), "结束", "30 小时"),
    (("law_enforcement", "-2", "08:00", "17:00", "魏立新", ""), "结束", "已经过去"),
    (("law_enforcement", "+400", "08:00", "17:00", "魏立新", ""), "日期", "一年以后"),
    (("law_enforcement", "2026-02-30", "08:00", "17:00", "魏立新", ""), "日期", "看不懂"),
    (("law_enforcement", "+1", "25:00", "17:00", "魏立新", ""), "开始", "看不懂"),
    (("law_enforcement", "+1", "", "17:00", "魏立新", ""), "开始", "为空"),
    (("law_enforcement", "+1", "08:00", "17:00", "魏立新", "有时"), "入驻方式", "没有入驻方式"),
    (("示例单位", "+1", "08:00", "17:00", "shili", ""), "单位", "示例"),
    (("law_enforcement", "+1", "08:00", "17:00", "=A1", ""), "人员", "公式"),
]


@pytest.mark.parametrize(("row", "column", "why"), FAULTY, ids=[f"{n}-{one[1]}" for n, one in enumerate(FAULTY)])
def test_a_faulty_row_says_line_column_and_why(
    built: BuiltCentre, browser: Client, row: tuple[str, ...], column: str, why: str
) -> None:
    unit, when, *rest = row
    when = f"{day(int(when)):%Y-%m-%d}" if when[0] in "+-" else when
    good = ("law_enforcement", f"{day(3):%Y-%m-%d}", "08:00", "17:00", "魏立新", "")
    said = send(browser, "take", workbook(good, (unit, when, *rest)))
    assert (said["rows"], said["shifts"]) == (2, 1)
    (fault,) = said["faults"]
    assert (fault["row"], fault["column"]) == (3, column), fault
    assert why in fault["why"]
    assert fault["remedy"]


def test_overlaps_and_namesakes_are_told_by_line(built: BuiltCentre, browser: Client) -> None:
    one = post_of(built, "chengguan")
    start = datetime.combine(day(2), time(8), zone())
    unit = unit_of(built, "law_enforcement")
    DatedShift.objects.create(unit_id=unit, post_id=one, starts_at=start, ends_at=start + timedelta(hours=4), kind=None)
    namesake = Person.objects.create(centre_id=built.id, username="wei2", name="韩电生")
    Post.objects.create(person=namesake, unit_id=unit_of(built, "power"), role=Role.LIAISON, active_from=clock.at(None))
    said = send(
        browser,
        "check",
        workbook(
            ("law_enforcement", f"{day(1):%Y-%m-%d}", "08:00", "17:00", "魏立新", ""),
            ("law_enforcement", f"{day(1):%Y-%m-%d}", "16:00", "20:00", "chengguan", ""),
            ("law_enforcement", f"{day(2):%Y-%m-%d}", "11:00", "12:00", "魏立新", ""),
            ("power", f"{day(1):%Y-%m-%d}", "08:00", "17:00", "韩电生", ""),
        ),
    )
    assert (said["good"], [(fault["row"], fault["column"]) for fault in said["faults"]]) == (
        1,
        [(3, "人员"), (4, "人员"), (5, "人员")],
    )
    assert "与第 2 行" in said["faults"][0]["why"]
    assert "缺勤" in said["faults"][1]["why"]
    assert "2 个「韩电生」" in said["faults"][2]["why"]


def test_what_is_given_out_is_what_the_week_comes_to_and_can_be_taken_in(built: BuiltCentre, browser: Client) -> None:
    one, unit = post_of(built, "chengguan"), unit_of(built, "law_enforcement")
    for weekday in range(7):
        WeeklyShift.objects.create(unit_id=unit, post_id=one, weekday=weekday, from_min=1200, minutes=720, kind="joint")
    asked = f"/api/v1/admin/rosters/export?first={day(1):%Y-%m-%d}&days=3"
    answer = browser.get(asked)
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    head, *rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert head == LAYOUT.names
    assert rows[1] == ("law_enforcement", f"{day(1):%Y-%m-%d}", "20:00", "次日08:00", "chengguan", "联驻")
    assert (rows[0][1], rows[0][2:4], len(rows)) == (f"{day(1):%Y-%m-%d}", ("00:00", "08:00"), 4)
    WeeklyShift.objects.all().delete()
    assert send(browser, "take", answer.content)["shifts"] == 4
    assert browser.get(asked).status_code == 200


def test_only_who_keeps_all_rosters_takes_in_or_gives_out(built: BuiltCentre, sign_in: SignsIn) -> None:
    browser = sign_in("chengguan")
    for path in ("imports/rosters/template", "rosters/export"):
        assert browser.get(f"/api/v1/admin/{path}").status_code == 403
    file = SimpleUploadedFile("rosters.xlsx", workbook())
    answer = browser.post("/api/v1/admin/imports/rosters/check", {"file": file})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-10-01", date(2026, 10, 1)), ("2026/1/2", date(2026, 1, 2)), ("2026年10月1日", date(2026, 10, 1)),
     ("2026.10.01", date(2026, 10, 1)), ("2026-13-01", None), ("10月1日", None), ("", None)],
)  # fmt: skip
def test_how_a_day_may_be_written(text: str, expected: date | None) -> None:
    assert day_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("08:30", 510), ("8:30", 510), ("8：30", 510), ("08:30:00", 510), ("8时", 480), ("8点30分", 510), ("24:00", 1440),
     ("次日08:00", 1920), ("次日 8:00", 1920), ("24:30", None), ("25:00", None), ("8:60", None),
     ("八点", None), ("", None)],
)  # fmt: skip
def test_how_a_clock_may_be_written(text: str, expected: int | None) -> None:
    assert minute_of(text) == expected
