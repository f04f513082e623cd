"""What a correction changes (更正): category, level, urgency, place. Changes rows under lock and says what was and is.

The log holds exact places and what a sensitive issue was about: it is for the desk (AmendmentMade), not for the wall.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.gis.geos import Point

from command.catalogue.contract import Level
from command.catalogue.queries import item as item_of
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.places import public_path
from dispatch.matter.reports.models import Report
from dispatch.matter.reports.placement import EXTENT_OF, Placement, locate
from dispatch.matter.reports.positions import Box, GivenPosition, Placing
from gis.grid.models import Cell
from realtime.feed.contract import Json
from realtime.feed.errors import Invalid
from realtime.feed.statements import ask

RULE: Final = "事项·更正"
Log = Mapping[str, Json]  # by name: the old value and the new one


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is to be put right; None: stays as it is. A cell that is given wins over the one that the point lies in."""

    item: str | None = None
    level: Level | None = None
    urgent: bool | None = None
    cell_id: UUID | None = None
    position: GivenPosition | None = None


def amend_rows(aggregate: Aggregate, asked: Amendment) -> Log:
    """Changes the issue, and where its first report lies. Old and new by name, only what differs.

    Raises Invalid for an item or cell that the centre does not have, a malformed position, or nothing to change.
    """
    issue = aggregate.issue
    before = _values(aggregate)
    if asked.item is not None:
        _set_item(issue, asked.item)
        issue.was_urgent = issue.was_urgent or issue.urgent
    if asked.level is not None:
        issue.level = asked.level
    if asked.urgent is not None:
        issue.urgent = asked.urgent
        issue.was_urgent = issue.was_urgent or asked.urgent
    if asked.position is not None or asked.cell_id is not None:
        _set_place(aggregate, asked)
    after = _values(aggregate)
    log: dict[str, Json] = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not log:
        raise Invalid(
            "issue.nothing_to_amend", "没有需要更正的内容。", rule=RULE, remedy="请修改类别、等级、位置或紧急程度。"
        )
    return log


def _values(aggregate: Aggregate) -> dict[str, Json]:
    issue, report = aggregate.issue, aggregate.reports[0]
    position = report.position
    return {
        "cell": issue.cell.path if issue.cell else None,
        "item": issue.item,
        "level": str(issue.level),
        "position": [position.x, position.y] if position else None,
        "sensitive": issue.sensitive,
        "urgent": issue.urgent,
    }


def _set_item(issue: Issue, code: str) -> None:
    """Another category: guarded as the catalogue says, and urgent where the catalogue says so."""
    item = item_of(issue.centre_id, code)
    if item is None or (item.retired and code != issue.item):
        raise Invalid(
            "issue.item_unknown",
            f"事项目录中没有「{code}」。",
            field="item",
            rule=RULE,
            remedy="请使用事项目录中的四位代码。",
        )
    if code != issue.item:
        issue.item, issue.sensitive = item.code, item.sensitive
        issue.urgent = issue.urgent or item.urgent


def _set_place(aggregate: Aggregate, asked: Amendment) -> None:
    """Where the issue is, and with it its first report: what a person names is no longer ambiguous."""
    issue, report = aggregate.issue, aggregate.reports[0]
    root = issue.place.split("/", 1)[0]
    if asked.position is not None:
        [extent] = ask([(EXTENT_OF, [issue.centre_id])])[0]
        placement = locate(asked.position, issue.centre_id, Box(*extent), by_person=True)
        _set_position(report, asked.position, placement)
        issue.cell = report.cell = _cell(issue.centre_id, placement.cell_id) if placement.cell_id else None
    if asked.cell_id is not None:
        issue.cell = report.cell = _cell(issue.centre_id, asked.cell_id)
        report.candidates = []
        report.placing = Placing.PLACED if report.position is not None else Placing.NO_POSITION
    issue.place = public_path(issue.cell, root)


def _set_position(report: Report, given: GivenPosition, placement: Placement) -> None:
    report.position = Point(placement.lon, placement.lat, srid=4490)
    report.given_lon, report.given_lat, report.given_system = given.lon, given.lat, given.system
    report.accuracy_m = given.accuracy_m
    report.placing = placement.placing
    report.candidates = [str(cell_id) for cell_id in placement.candidates]


def _cell(centre_id: UUID, cell_id: UUID) -> Cell:
    rows = Cell.objects.select_related("parent").defer("polygon", "parent__polygon")
    cell = rows.filter(pk=cell_id, centre_id=centre_id, valid_until=None).first()
    if cell is None:
        raise Invalid("issue.cell_unknown", "没有这个网格。", field="cell", rule=RULE, remedy="请从本区网格中选择。")
    return cell
