"""The report page: opens from a USB stick without a network, says what the list says, and trusts no name."""

import csv
import io
import re
from pathlib import Path

import folium
import pytest
from playwright.sync_api import sync_playwright
from shapely import box

from gis.boundaries.report import faults_csv, report_page
from gis.boundaries.run import Outcome
from gis.offline_map import blank_map, self_contained
from tests.gis.boundaries.conftest import Desk, row, square
from tests.gis.boundaries.test_rows import BOW_TIE

EVIL = "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>"


def page_of(outcome: Outcome) -> str:
    return report_page(outcome.source, outcome.survey, outcome.plan, outcome.faults, took_over=outcome.took_over)


@pytest.fixture
def outcome(desk: Desk) -> Outcome:
    """One good row with an evil name, one row whose ring crosses itself."""
    return desk.imports([row("1", square(2, 0), name=EVIL), row("=2+3", square(3, 0)), row("3", BOW_TIE, name="乙村")])


def test_the_page_asks_no_other_machine_for_anything(outcome: Outcome) -> None:
    page = page_of(outcome)
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*\b(?:src|href)=", page) == []
    assert [url for url in re.findall(r"url\(([^)]*)\)", page) if not url.startswith(("data:", "#", "'+", '"+'))] == []
    assert "default-src 'none'" in page


def test_names_of_a_strangers_file_stay_text(outcome: Outcome) -> None:
    page = page_of(outcome)
    assert "<img src=x" not in page
    assert "</script><script>document" not in page


def test_a_map_that_needs_a_file_nobody_brings_is_refused() -> None:
    drawn = blank_map(box(120, 30, 121, 31))
    folium.Marker([30.5, 120.5], popup="text").add_to(drawn)
    with pytest.raises(ValueError, match="no offline page brings"):
        self_contained(drawn, title="x", words="")


def test_the_table_of_faults_opens_in_a_spreadsheet_and_runs_nothing(outcome: Outcome) -> None:
    text = faults_csv(outcome.faults)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0][:4] == ["要素", "编码", "字段", "类别"]
    assert {one[0] for one in rows[1:]} == {"2", "3"}
    assert [one[1] for one in rows if one[0] == "2"] == ["'=2+3"]


@pytest.mark.browser
def test_the_page_opens_from_a_stick_with_map_and_list(outcome: Outcome, tmp_path: Path) -> None:
    file = tmp_path / "import.html"
    file.write_text(page_of(outcome), encoding="utf-8")
    asked: list[str] = []
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_selector(".leaflet-overlay-pane canvas")
        before = page.evaluate(
            "() => Object.keys(window).filter(k => k.startsWith('map_')).map(k => window[k].getZoom())"
        )
        page.get_by_role("button", name="3 ↗").click()
        page.wait_for_function(
            "(was) => window[Object.keys(window).find(k => k.startsWith('map_'))].getZoom() > was", arg=before
        )
        title = page.title()
        text = page.inner_text("main")
        browser.close()
    assert asked == [file.as_uri()]
    assert said == []
    assert title == "导入报告：cells.geojson"
    assert "边界环无效" in text
    assert "试运行，未写入" in text
