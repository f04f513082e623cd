"""What happens to a report. Past tense, no personal data, no free text. Pure."""

from dataclasses import dataclass
from typing import ClassVar

from dispatch.matter.facts import ObjectFact


@dataclass(frozen=True, slots=True)
class ReportFact(ObjectFact):
    """A change of a report's card."""

    object_kind: ClassVar[str] = "report"


@dataclass(frozen=True, slots=True)
class ReportReceived(ReportFact):
    """The report came in; its relay up runs."""

    name: ClassVar[str] = "report.received"
    zh: ClassVar[str] = "接报"


@dataclass(frozen=True, slots=True)
class ReportRelayedUp(ReportFact):
    """Somebody entitled took the report in: its relay up has ended."""

    name: ClassVar[str] = "report.relayed_up"
    zh: ClassVar[str] = "上传完成"


@dataclass(frozen=True, slots=True)
class ReportShared(ReportFact):
    """The units of new orders may see where it is."""

    name: ClassVar[str] = "report.shared"
    zh: ClassVar[str] = "点位告知承办单位"


@dataclass(frozen=True, slots=True)
class ReportSettled(ReportFact):
    """Its issue has ended; the report leaves the boards."""

    name: ClassVar[str] = "report.settled"
    zh: ClassVar[str] = "接报了结"


@dataclass(frozen=True, slots=True)
class ReportWithheld(ReportFact):
    """A unit whose order was taken back no longer sees where it is."""

    name: ClassVar[str] = "report.withheld"
    zh: ClassVar[str] = "点位不再告知"


@dataclass(frozen=True, slots=True)
class ReportReopened(ReportFact):
    """Its issue is open again: the report is back on the boards."""

    name: ClassVar[str] = "report.reopened"
    zh: ClassVar[str] = "上传计时另起"


@dataclass(frozen=True, slots=True)
class ReportAmended(ReportFact):
    """Its place was put right, or its issue is now seen by others than before."""

    name: ClassVar[str] = "report.amended"
    zh: ClassVar[str] = "报告更正"


@dataclass(frozen=True, slots=True)
class ReportBreached(ReportFact):
    """60 minutes passed before anybody entitled decided."""

    name: ClassVar[str] = "report.breached"
    zh: ClassVar[str] = "上传超限"
    clock: str
    due_at: str
