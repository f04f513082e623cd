"""A situation report's card: what was asked, and what came of it. How far the worker is stands beside it, not in it."""

from collections.abc import Iterable
from typing import Annotated

from typing_extensions import TypedDict

from assessment.situation.models import SituationFile, SituationReport
from assessment.situation.states import OPEN, FileKind, State
from gis.grid.tiers import Tier
from realtime.feed.actions import wire_time
from realtime.feed.cards import Instant, card_type, one_of
from realtime.feed.contract import Audience, AudienceClass


@card_type
class PlaceCard(TypedDict):
    """Of which place the report tells."""

    name: str
    path: str
    tier: Annotated[str, one_of(Tier)]


@card_type
class CountedCard(TypedDict):
    """Up to where in the feed it was counted."""

    at: Instant
    epoch: int
    seq: int


@card_type
class FileCard(TypedDict):
    """A file of it: its length in bytes and its hash, in hex."""

    bytes: int
    sha256: str


# `from` is no name of a class's field.
SituationReportCard = TypedDict(
    "SituationReportCard",
    {
        "asked_at": Instant,
        "counted": CountedCard | None,
        "files": dict[Annotated[str, one_of(FileKind)], FileCard],
        "from": Instant,
        "made_at": Instant | None,
        "open": bool,
        "place": PlaceCard,
        "state": Annotated[str, one_of(State)],
        "to": Instant,
    },
)
SituationReportCard.__doc__ = "A situation report: what was asked, and what came of it. Open while it is being made."
card_type(SituationReportCard)


def report_card(report: SituationReport, files: Iterable[SituationFile]) -> SituationReportCard:
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


def _counted_card(report: SituationReport) -> CountedCard | None:
    if report.seq is None or report.epoch is None or report.counted_at is None:
        return None
    return {"at": wire_time(report.counted_at), "epoch": report.epoch, "seq": report.seq}


def audience_of(report: SituationReport) -> Audience:
    """Whoever may see all of the place: nothing in the report is above the class `desk`."""
    return Audience.of([f"place:{report.place}"], AudienceClass.DESK)
