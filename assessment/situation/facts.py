"""What happens to a situation report. Past tense, no personal data, no free text. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from assessment.situation.cards import SituationReportCard
from realtime.feed.contract import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationReportFact:
    """A change of a report's card. `by`: who asked, or the worker that made it."""

    name: ClassVar[str]
    object_kind: ClassVar[str] = "situation_report"
    object_id: UUID
    version: int
    card: SituationReportCard
    by: str

    def body(self) -> Mapping[str, Json]:
        """Who."""
        return {"by": self.by}


class SituationReportAsked(SituationReportFact):
    """Somebody asked for a report of a place and a period; the worker will make it."""

    name: ClassVar[str] = "situation_report.asked"


class SituationReportMade(SituationReportFact):
    """The report was counted and its files can be fetched."""

    name: ClassVar[str] = "situation_report.made"


class SituationReportFailed(SituationReportFact):
    """The worker gave the report up after some attempts."""

    name: ClassVar[str] = "situation_report.failed"
