"""The report's card: where it is, exactly, and its relay up. Nothing of what it says."""

from dispatch.matter.cards.clocks import clock_card
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.places import cell_card
from dispatch.matter.issues.states import OPEN
from dispatch.matter.reports.models import Report
from realtime.feed.actions import wire_time
from realtime.feed.contract import Json


def report_card(issue: Issue, report: Report, clock: Clock) -> dict[str, Json]:
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
        "position": [position.x, position.y] if position else None,
        "received_at": wire_time(report.received_at),
        "unverified": report.by == "public:page" and issue.accepted_at is None,
    }
