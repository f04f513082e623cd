"""A situation report's card: what was asked, and what came of it. How far the worker is stands beside it, not in it."""

from collections.abc import Iterable

from assessment.situation.models import SituationFile, SituationReport
from assessment.situation.states import OPEN
from realtime.feed.actions import wire_time
from realtime.feed.contract import Audience, AudienceClass, Json


def report_card(report: SituationReport, files: Iterable[SituationFile]) -> dict[str, Json]:
    """The whole card."""
    return {
        "asked_at": wire_time(report.asked_at),
        "counted": _counted_card(report),
        "files": {str(file.kind): {"bytes": file.size, "sha256": file.sha256} for file in files},
        "from": wire_time(report.from_at),
        "made_at": wire_time(report.made_at) if report.made_at else None,
        "open": report.state in OPEN,
        "place": {"name": report.place_name, "path": report.place, "tier": report.tier},
        "state": str(report.state),
        "to": wire_time(report.to_at),
    }


def _counted_card(report: SituationReport) -> dict[str, Json] | None:
    if report.seq is None or report.epoch is None or report.counted_at is None:
        return None
    return {"at": wire_time(report.counted_at), "epoch": report.epoch, "seq": report.seq}


def audience_of(report: SituationReport) -> Audience:
    """Whoever may see all of the place: nothing in the report is above the class `desk`."""
    return Audience.of([f"place:{report.place}"], AudienceClass.DESK)
