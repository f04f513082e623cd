"""The situation report as a PDF: A4, numbered pages, the map drawn by ourselves. WeasyPrint, without a network."""

from pathlib import Path
from typing import Any, Final

import weasyprint
from markupsafe import Markup

from assessment.situation.drawing import map_svg, trend_svg
from assessment.situation.html_page import templates, title_of
from assessment.situation.report import Situation
from assessment.situation.tables import key_figures, local, method_of, tables_of
from assessment.situation.words import TIERS, word

STYLE: Final = Path(__file__).parent / "page" / "print.css"


class ForeignFile(Exception):
    """The printed page asked for a file: everything that it needs must stand in it."""


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
            tables=tables_of(report),
            method=method_of(report),
            cell_tier=word(TIERS, ground.cell_tier if ground.cells else ground.area_tier),
            map=Markup(map_svg(report)),  # noqa: S704  # our own drawing: every name in it is escaped there
            trend=Markup(trend_svg(report)),  # noqa: S704  # figures only
        )
    )
    page = weasyprint.HTML(string=text, url_fetcher=_refuse)
    sheet = weasyprint.CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=_refuse)
    made: bytes = page.write_pdf(stylesheets=[sheet])
    return made


def _refuse(url: str, *args: Any, **options: Any) -> dict[str, Any]:
    raise ForeignFile(url)
