"""What happened to an issue's clocks, past tense. Pure."""

from dataclasses import dataclass
from typing import ClassVar

from dispatch.matter.facts import ObjectFact


@dataclass(frozen=True, slots=True)
class IssueBreached(ObjectFact):
    """A clock that the issue shows ran out."""

    name: ClassVar[str] = "issue.breached"
    zh: ClassVar[str] = "超限"
    object_kind: ClassVar[str] = "issue"
    clock: str
    due_at: str


@dataclass(frozen=True, slots=True)
class IssueClocksMoved(ObjectFact):
    """A clock that the issue shows began, stopped or got another due time by what happened to one of its orders."""

    name: ClassVar[str] = "issue.clocks_moved"
    zh: ClassVar[str] = "计时调整"
    object_kind: ClassVar[str] = "issue"
