"""The report's card: where it is, exactly, and its relay up. Nothing of what it says."""

from typing import Annotated

from typing_extensions import TypedDict

from dispatch.matter.cards.clocks import ClockCard, clock_card
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.places import CellCard, cell_card
from dispatch.matter.issues.states import OPEN
from dispatch.matter.reports.models import Report
from dispatch.matter.reports.positions import Placing
from realtime.feed.actions import wire_time
from realtime.feed.cards import Id, Instant, card_type, one_of


@card_type
class ReportCard(TypedDict):
    """A report: where it is, exactly, and its relay up. Open while its issue is."""

    accuracy_m: float | None
    """How good the position is, in metres; null: not said."""
    cell: CellCard | None
    """The finest, so a micro-grid where it lies in one; null: unplaced."""
    channel: str
    clock: ClockCard
    """Its relay up."""
    issue: Id
    open: bool
    placing: Annotated[str, one_of(Placing)]
    position: tuple[float, float] | None
    """Longitude and latitude in degrees, EPSG:4490."""
    received_at: Instant
    unverified: bool
    """It came by a grid's page, and nobody has accepted it yet."""


def report_card(issue: Issue, report: Report, clock: Clock) -> ReportCard:
    """The whole card. `clock` is the report's relay up; `report.cell` should be loaded."""
    position = report.position
    return {
        "accuracy_m": report.accuracy_m,
        "cell": cell_card(report.cell),
        "channel": report.channel,
        "clock": clock_card(clock),
        "issue": str(issue.pk),
        "open": issue.state in OPEN,
        "placing": str(report.placing),
        "position": (position.x, position.y) if position else None,
        "received_at": wire_time(report.received_at),
        "unverified": report.by == "public:page" and issue.accepted_at is None,
    }
