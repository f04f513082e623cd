"""Another city's file, read by its map: what becomes of each column and each row. Source: maps/boston311.toml."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from command.catalogue.contract import listed as catalogue
from demo.replay.mapping import MAPS, BadMap, load
from demo.replay.requests import NotThisFile, read
from demo.replay.tally import Fate, Tally
from tests.server.replay_city import spread, write

BOSTON = load("boston311")


def test_all_132_types_are_mapped_by_name(shared_data: Path):
    requests = read(shared_data / "civic" / "boston311_2015-06.csv", BOSTON)
    assert len(requests) == 10_332
    kinds = {request.kind for request in requests}
    assert len(kinds) == 132
    assert kinds == set(BOSTON.items)  # none unlisted, and none listed that is not there
    assert all(request.listed_type and request.fault is None for request in requests)
    assert {request.department for request in requests} == set(BOSTON.units)
    assert sum(request.point is None for request in requests) == 1_423  # 14 % stand at the placeholder
    assert len({request.number for request in requests}) == len(requests)
    opened = [request.opened_at for request in requests]
    assert opened == sorted(opened)  # type: ignore[type-var]


def test_types_that_came_later_go_by_department(shared_data: Path):
    requests = read(shared_data / "civic" / "boston311_2015-10-26_to_11-08.csv", BOSTON)
    later = Counter(request.kind for request in requests if not request.listed_type)
    assert "Carbon Monoxide" in later
    assert all(request.fault is None and request.report["item"] in catalogue() for request in requests)


def test_a_row_becomes_a_report(tmp_path: Path):
    (request,) = read(write(tmp_path / "city.csv", [{}]), BOSTON)
    assert request.opened_at is not None
    assert request.opened_at.astimezone(UTC) == datetime(2015, 6, 1, 4, 28, tzinfo=UTC)  # summer time in Boston
    assert request.report == {
        "channel": "hotline_12345",
        "item": "1901",
        "text": "Street light out - Street Light Outages",
        "source_number": "1001",
        "source_received_at": "2015-06-01T00:28:00-04:00",
        "address": "10 Pleasant St Dorchester MA 02125",
        "position": {"lon": -71.06, "lat": 42.318, "system": "WGS84", "accuracy_m": 10.0},
    }


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"OPEN_DT": "2015-06-01"}, "row.time_unreadable"),
        ({"OPEN_DT": ""}, "row.time_unreadable"),
        ({"CASE_ENQUIRY_ID": " "}, "row.number_missing"),
        ({"TYPE": "Dragons", "Department": "MAGIC"}, "row.type_unmapped"),
        ({"LATITUDE": "north"}, "row.position_unreadable"),
        ({"LATITUDE": ""}, "row.position_unreadable"),
    ],
)
def test_a_row_that_cannot_be_filed_says_why(tmp_path: Path, row: dict[str, str], fault: str):
    (request,) = read(write(tmp_path / "city.csv", [row]), BOSTON)
    assert (request.fault, request.report, request.row) == (fault, {}, 2)


@pytest.mark.parametrize(
    ("row", "key", "value"),
    [
        ({"LATITUDE": "42.3594", "LONGITUDE": "-71.0587"}, "position", None),
        ({"LATITUDE": "", "LONGITUDE": ""}, "position", None),
        ({"CASE_TITLE": ""}, "text", "Street Light Outages"),
        ({"CASE_TITLE": "Street Light Outages"}, "text", "Street Light Outages"),
        ({"Source": "Pigeon"}, "channel", "superior_assignment"),
        ({"TYPE": "Dragons"}, "item", "1906"),
        ({"Location": ""}, "address", None),
    ],
)
def test_what_is_missing_or_new_has_a_rule(tmp_path: Path, row: dict[str, str], key: str, value: str | None):
    (request,) = read(write(tmp_path / "city.csv", [row]), BOSTON)
    assert request.fault is None
    assert request.report.get(key) == value


def test_rows_come_by_time_and_one_without_keeps_its_place(tmp_path: Path):
    rows = spread(4)
    rows[2]["OPEN_DT"] = "?"
    rows[0], rows[3] = rows[3], rows[0]
    read_rows = read(write(tmp_path / "city.csv", rows), BOSTON)
    assert [request.number for request in read_rows] == ["1004", "1002", "1003", "1001"]


def test_another_kind_of_file_is_refused(tmp_path: Path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(NotThisFile, match="no column CASE_ENQUIRY_ID, CASE_TITLE"):
        read(path, BOSTON)


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path):
    path = write(tmp_path / "city.csv", spread(1))
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head},TYPE\n{row},Graffiti Removal\n", encoding="utf-8")
    with pytest.raises(NotThisFile, match="more than one column TYPE"):
        read(path, BOSTON)


def test_a_map_that_names_what_is_not_there_is_refused_with_every_fault(tmp_path: Path):
    text = (MAPS / "boston311.toml").read_text(encoding="utf-8")
    text = text.replace('"Graffiti Removal" = "1906"', '"Graffiti Removal" = "9999"')
    text = text.replace('ISD = "housing"', 'ISD = "castle"').replace('"iot_alert"', '"telepathy"')
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadMap) as refused:
        load("bad", tmp_path)
    for said in ("no item 9999 (Graffiti Removal)", "no unit castle (ISD)", "no channel telepathy"):
        assert said in str(refused.value)


def test_an_unknown_map_says_which_there_are():
    with pytest.raises(FileNotFoundError, match=r"there are: .*boston311"):
        load("atlantis")


def test_a_tally_that_does_not_add_up_says_so():
    tally = Tally(3)
    tally.count(Fate.IN)
    tally.count(Fate.REFUSED, "row.time_unreadable", "row 2")
    assert not tally.adds_up
    assert list(tally.lines())[-1].endswith("1 ROWS ARE MISSING")
    tally.count(Fate.REFUSED, "row.time_unreadable", "row 3")
    assert tally.adds_up
    assert any("2  row.time_unreadable  (first: row 2)" in line for line in tally.lines())
