"""The situation report as a PDF: A4, numbered pages, the map drawn by ourselves. WeasyPrint, without a network."""

from pathlib import Path
from typing import Any, Final, NoReturn

import weasyprint
from markupsafe import Markup
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from assessment.situation.drawing import map_svg, trend_svg
from assessment.situation.html_page import templates, title_of
from assessment.situation.report import Situation
from assessment.situation.tables import key_figures, lacking, local, method_of, tables_of
from assessment.situation.words import TIERS, word

MOST_LATE: Final = 500  # a dozen pages; each row costs 10 ms and 200 kB of the worker, and nobody reads a hundred pages
STYLE: Final = Path(__file__).parent / "page" / "print.css"


class ForeignFile(FatalURLFetchingError):
    """The printed page asked for a file: everything that it needs must stand in it."""


class NoFiles(URLFetcher):
    """Fetches nothing. An error of any other class WeasyPrint would pass over, and leave a hole in the page."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # WeasyPrint has no types

    def fetch(self, url: str, headers: Any = None) -> NoReturn:
        """Raises ForeignFile, always."""
        raise ForeignFile(url)


def pdf_page(report: Situation) -> bytes:
    """The whole file. Raises ForeignFile when the page names a file."""
    ground = report.ground
    text = (
        templates()
        .get_template("print.html")
        .render(
            report=report,
            title=title_of(report),
            period=f"{local(report.period.start, report)} 至 {local(report.period.end, report)}",
            counted=local(report.source.at, report),
            figures=key_figures(report),
            tables=tables_of(report, most_late=MOST_LATE),
            method=method_of(report),
            lacking=lacking(report),
            cell_tier=word(TIERS, ground.cell_tier if ground.cells else ground.area_tier),
            map=Markup(map_svg(report)),  # noqa: S704  # our own drawing: every name in it is escaped there
            trend=Markup(trend_svg(report)),  # noqa: S704  # figures only
        )
    )
    page = weasyprint.HTML(string=text, url_fetcher=NoFiles())
    sheet = weasyprint.CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=NoFiles())
    made: bytes = page.write_pdf(stylesheets=[sheet])
    return made
