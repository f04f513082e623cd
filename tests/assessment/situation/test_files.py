"""The files: nothing foreign in them, Chinese that can be read out, nothing that the reader may not know."""

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from assessment.figures import today as days
from assessment.situation import queries
from assessment.situation.drawing import map_svg
from assessment.situation.html_page import html_page
from assessment.situation.pdf_page import MOST_LATE, ForeignFile, pdf_page
from assessment.situation.states import FileKind
from command.units.models import Centre, Unit
from dispatch.matter.issues.models import Issue, number_text
from dispatch.verbs.amending import Amendment
from gis.grid.models import Cell
from tests.assessment.situation.world import World
from tests.dispatch import issue_verbs as issues
from tests.dispatch.desk import DOMESTIC_VIOLENCE, MINUTE, PERSONAL
from tests.journeys.conftest import CHROMIUM, SOFTWARE_DRAWING

PERSONAL_WORDS = ("王建国", "13812341234", "和平路12号", "路灯不亮三天了")
# Each figure that opens, and how many rows it opens: of a rate its denominator; a median does not say of how many.
OPEN_EACH = """() => [...document.querySelectorAll('button.opens')].map((button) => {
  button.click();
  const rows = document.querySelectorAll('dialog tbody tr').length;
  document.querySelector('dialog').close();
  const of = button.textContent.match(/\\/(\\d+)/);
  const told = button.textContent.trim();
  const isMedian = /分）$/.test(button.dataset.title);
  return { title: button.dataset.title, rows, figure: of ? Number(of[1]) : isMedian ? rows : Number(told) };
})"""
DRAWN = "() => document.documentElement.dataset.drawn === 'true'"


class Addresses(HTMLParser):
    """Every address that a page's elements name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action", "data")]


def test_the_files_hold_nothing_foreign_and_nothing_personal_and_say_the_same(world: World) -> None:
    report = world.counted()
    page = html_page(report)
    parser = Addresses()
    parser.feed(page)
    assert [address for address in parser.found if not address.startswith(("#", "data:"))] == []
    assert [url for url in re.findall(r"url\(([^)]*)\)", page) if not url.startswith(("#", "data:"))] == []
    assert "@import" not in page
    assert "default-src 'none'" in page

    reader = PdfReader(io.BytesIO(pdf_page(report)))
    text = "".join(sheet.extract_text() for sheet in reader.pages)
    assert reader.metadata is not None
    assert reader.metadata.title == "河湾区综治中心态势报告"
    for words in ("河湾区综治中心态势报告", "在谁手上", "口径说明", "每日进出", "上传下达", "1 / "):
        assert words in text  # as Chinese, not as shapes of letters
    for late in report.late:
        assert late.shown.number in text

    assert all(word in repr(PERSONAL) for word in PERSONAL_WORDS)
    assert [word for word in PERSONAL_WORDS if word in page + text] == []


@pytest.mark.slow
def test_a_county_that_is_late_everywhere_fills_no_hundred_pages(world: World) -> None:
    report = world.counted()
    many = replace(report, late=report.late * (1 + MOST_LATE // len(report.late)))
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf_page(many))).pages]
    text = "".join(sheets)
    assert f"已超限 {len(many.late)} 件" in text
    assert f"只列超时最久的 {MOST_LATE} 件" in text
    assert len(sheets) < 30
    assert html_page(many).count('<tr class="red"') >= len(many.late)  # where one scrolls, nothing is left out


def test_the_printed_map_marks_the_cells_that_have_issues_and_no_other(world: World) -> None:
    report = world.counted()
    marked = {shown.cell for _, shown in report.found if shown.cell}
    assert 0 < len(marked) < len(report.ground.cells)
    assert map_svg(report).count("<g transform=") == len(marked)


def test_the_printed_page_can_ask_for_no_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.situation.pdf_page.map_svg", lambda _: '<img src="file:///etc/hostname">')
    with pytest.raises(ForeignFile):
        pdf_page(world.counted())


@pytest.mark.slow
def test_the_page_opens_from_a_stick_without_a_network_and_draws(world: World, tmp_path: Path) -> None:
    report = world.counted()
    file = tmp_path / "态势报告.html"
    file.write_text(html_page(report), encoding="utf-8")
    asked: list[str] = []
    faults: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE_DRAWING)
        page = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(file.as_uri())
        page.wait_for_function(DRAWN)
        end = page.locator("output[name=now]").inner_text()
        assert f"在办 {report.load.open}，超限 {report.load.red}" in end
        marks = page.locator(".leaflet-marker-pane .mark").count()
        assert marks == len({shown.cell for _, shown in report.found if shown.cell})
        painted = page.evaluate(
            "() => { const c = document.querySelector('.leaflet-overlay-pane canvas');"
            " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            " const seen = new Set(); for (let i = 0; i < d.length; i += 4)"
            " if (d[i + 3]) seen.add(`${d[i]},${d[i + 1]},${d[i + 2]}`);"
            " return seen.size }"
        )
        assert painted > 2
        opened = page.evaluate(OPEN_EACH)
        assert len(opened) > 30
        assert [one for one in opened if one["rows"] != one["figure"]] == []
        figure = page.locator("#states tr.total button").first
        figure.press("Enter")  # by the keyboard too
        listed = page.locator("dialog tbody tr td:first-child").all_inner_texts()
        assert sorted(listed) == sorted(shown.number for _, shown in report.found)
        page.keyboard.press("Escape")
        assert page.get_by_role("dialog").count() == 0
        page.locator("input[name=time]").fill("0")
        assert f"在办 {report.open_at_start}，" in page.locator("output[name=now]").inner_text()
        page.get_by_label("热力").check()
        assert page.locator("canvas.heat").count() == 1
        browser.close()
    assert faults == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert len(asked) == 1


@pytest.mark.parametrize("whose", ["here", "there"])
def test_a_townships_report_holds_nothing_of_another(world: World, whose: str) -> None:
    mine = getattr(world, whose)
    other = world.there if mine == world.here else world.here
    report = world.counted("town" if whose == "here" else "leader", place=mine)
    others = Issue.objects.filter(place__startswith=other)
    page = html_page(report)
    assert others.count() >= 2
    assert [issue.number for issue in others if f'"{number_text(issue.number)}"' in page] == []
    assert other not in page
    assert report.ground.place.path == mine
    assert all(cell.path.startswith(mine + "/") for cell in report.ground.cells)
    unplaced = Issue.objects.filter(cell=None)
    assert [issue.number for issue in unplaced if f'"{number_text(issue.number)}"' in page] == []


def test_sensitive_issues_are_counts_per_township_and_nothing_else(world: World) -> None:
    """For everybody: a file travels, also the desk's."""
    report = world.counted("duty1")
    page = html_page(report)
    sensitive = Issue.objects.filter(sensitive=True)
    assert sensitive.count() == 2
    numbers = {number_text(issue.number) for issue in sensitive}
    told = json.loads(re.search(r"const REPORT=(\{.*\});\n", page)[1])  # type: ignore[index]
    assert numbers.isdisjoint(row[0] for listed in told["lists"].values() for row in listed["rows"])
    assert "家庭暴力" not in page
    assert {row.path: row.sensitive for row in report.by_area if row.sensitive} == {world.here: 1, world.there: 1}


def test_what_turned_out_sensitive_is_not_told_of_the_time_before(world: World) -> None:
    """Not as a row of a past period, not as a mark that vanishes on the time slider, not among what was moved."""
    desk = world.desk
    before = world.counted(until_ago=2 * MINUTE)
    (number, issue_id) = Issue.objects.filter(state="accepted", sensitive=False).values_list("number", "pk")[0]
    told = json.dumps(number_text(number))
    assert told in html_page(before)
    asked = Amendment(item=DOMESTIC_VIOLENCE)
    issues.amend(issue_id, asked, "实为家暴", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    for report in (world.counted(until_ago=2 * MINUTE), world.counted()):
        assert told not in html_page(report)
        assert report.load.open == before.load.open - 1
        assert report.frames.cells != before.frames.cells
        assert report.flow.left == before.flow.left
        assert report.flow.entered.total() == before.flow.entered.total() - 1
        assert {row.path: row.sensitive for row in report.by_area if row.sensitive} == {world.here: 1, world.there: 2}


def test_no_report_of_a_part_of_a_township_says_where_in_it_something_sensitive_lies(world: World) -> None:
    leader = world.desk.actor("leader")
    within = Cell.objects.filter(
        centre_id=world.centre_id, path__startswith=world.here + "/", tier__in=["community", "grid"]
    )
    found = {cell.path: days.today(actor=leader, place=cell.path).sensitive for cell in within}
    assert found
    assert set(found.values()) == {None}
    of_the_township = days.today(actor=leader, place=world.here).sensitive
    assert of_the_township is not None
    assert [count for _, _, count in of_the_township] == [1]
    by_area = world.counted("leader", place=world.here).by_area
    assert [(row.path, row.sensitive) for row in by_area if row.sensitive] == [(None, 1)]


def test_what_the_worker_keeps_is_what_readers_get(world: World) -> None:
    made = world.report_of("leader")
    leader = world.desk.actor("leader")
    (view,) = queries.reports(actor=leader)
    assert (view.id, view.card["state"], view.progress) == (made.pk, "made", 100)
    files = {kind: queries.report_file(made.pk, kind, actor=leader) for kind in FileKind}
    assert files[FileKind.HTML].content.startswith(b"<!DOCTYPE html>")
    assert files[FileKind.PDF].content.startswith(b"%PDF")
    told = view.card["files"]
    assert isinstance(told, dict)
    assert {kind: len(file.content) for kind, file in files.items()} == {
        FileKind(kind): file["bytes"] for kind, file in told.items()
    }
    assert isinstance(made.pk, UUID)


def test_markup_in_names_is_words_in_both_files(world: World, tmp_path: Path) -> None:
    """A cell and a unit may be called anything: by the county's table, by an administrator."""
    evil = "<script>document.title='taken'</script><b>东</b>\"'{{ 7*7 }}"
    for tier in ("district", "township", "grid"):
        for cell in Cell.objects.filter(centre_id=world.centre_id, tier=tier):
            Cell.objects.filter(pk=cell.pk).update(name=evil + cell.name)
    Unit.objects.filter(centre_id=world.centre_id).update(short=evil, name=evil)
    Centre.objects.filter(pk=world.centre_id).update(name=evil)
    world.desk.reported(position=world.inside(world.here))  # its card tells the cell's name
    report = world.counted()
    file = tmp_path / "态势报告.html"
    file.write_text(html_page(report), encoding="utf-8")
    faults: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE_DRAWING)
        page = browser.new_context(offline=True).new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_function(DRAWN)
        assert page.title() != "taken"
        assert page.locator("h1").inner_text().startswith(evil)
        assert page.locator(".name").first.inner_text().startswith(evil)
        page.locator(".mark").last.click(force=True)
        assert page.locator(".popup h3").inner_text().startswith(evil)
        assert page.locator("b", has_text="东").count() == 0
        browser.close()
    assert faults == []
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf_page(report))).pages)
    assert "{{ 7*7 }}" in text
