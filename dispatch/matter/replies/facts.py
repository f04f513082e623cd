"""What happens between the centre and a reporter. Past tense, no personal data, no free text. Pure."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dispatch.matter.facts import ObjectFact


@dataclass(frozen=True, slots=True)
class ReplyMade(ObjectFact):
    """A reporter was told something; the words are the reply of the same id, sealed."""

    name: ClassVar[str] = "reply.made"
    zh: ClassVar[str] = "答复反映人"
    object_kind: ClassVar[str] = "reply"


@dataclass(frozen=True, slots=True)
class _Said(ObjectFact):
    object_kind: ClassVar[str] = "report"
    addition: UUID


@dataclass(frozen=True, slots=True)
class ReportAdded(_Said):
    """The reporter added something to the report."""

    name: ClassVar[str] = "report.added"
    zh: ClassVar[str] = "反映人补充"


@dataclass(frozen=True, slots=True)
class ReconsiderationAsked(_Said):
    """The reporter asked, once, that the declined issue be reconsidered."""

    name: ClassVar[str] = "report.reconsideration_asked"
    zh: ClassVar[str] = "反映人申请复核"


@dataclass(frozen=True, slots=True)
class ReportRated(ObjectFact):
    """The reporter judged what was done, 1 to 5."""

    name: ClassVar[str] = "report.rated"
    zh: ClassVar[str] = "反映人评价"
    object_kind: ClassVar[str] = "report"
    score: int
