"""What happens to an issue. Past tense, no personal data, no free text: words are sealed notes, named by id. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dispatch.facts import Moved, ObjectFact
from realtime.feed.contract import Json


@dataclass(frozen=True, slots=True)
class IssueMoved(Moved):
    """A step of the issue's state table."""

    object_kind: ClassVar[str] = "issue"


@dataclass(frozen=True, slots=True)
class IssueReported(IssueMoved):
    """A report came in and began the issue."""

    name: ClassVar[str] = "issue.reported"


@dataclass(frozen=True, slots=True)
class IssueAccepted(IssueMoved):
    """The desk took the issue in; the relay up has ended."""

    name: ClassVar[str] = "issue.accepted"


@dataclass(frozen=True, slots=True)
class IssueDeclined(IssueMoved):
    """The desk refused the issue on a listed ground, with words to the reporter (a note)."""

    name: ClassVar[str] = "issue.declined"
    ground: str
    note: UUID

    def more(self) -> Mapping[str, Json]:
        """The ground and the note."""
        return {"ground": self.ground, "note": str(self.note)}


@dataclass(frozen=True, slots=True)
class IssueFiled(IssueMoved):
    """The issue was filed with category and level; it waits for dispatch."""

    name: ClassVar[str] = "issue.filed"


@dataclass(frozen=True, slots=True)
class IssueDispatched(IssueMoved):
    """Orders were sent, one of them the lead; its unit is now responsible and the relay down runs."""

    name: ClassVar[str] = "issue.dispatched"
    orders: tuple[UUID, ...]

    def more(self) -> Mapping[str, Json]:
        """The orders, the lead first."""
        return {"orders": [str(order) for order in self.orders]}


@dataclass(frozen=True, slots=True)
class IssueSuspensionEnded(IssueMoved):
    """The suspension's day came; the handling clocks run on."""

    name: ClassVar[str] = "issue.suspension_ended"


@dataclass(frozen=True, slots=True)
class OfLeadOrder(ObjectFact):
    """The issue's card changed because its lead order did."""

    object_kind: ClassVar[str] = "issue"
    order: UUID

    def more(self) -> Mapping[str, Json]:
        """The lead order."""
        return {"order": str(self.order)}


@dataclass(frozen=True, slots=True)
class IssueRelayedDown(OfLeadOrder):
    """The unit that holds the lead acknowledged: the issue's relay down has ended."""

    name: ClassVar[str] = "issue.relayed_down"


@dataclass(frozen=True, slots=True)
class IssueHandlingStarted(OfLeadOrder):
    """The unit that holds the lead began to handle."""

    name: ClassVar[str] = "issue.handling_started"


@dataclass(frozen=True, slots=True)
class IssueFedBack(IssueMoved):
    """The lead unit answered and no lead order is open: the desk is responsible and verifies."""

    name: ClassVar[str] = "issue.fed_back"
    order: UUID

    def more(self) -> Mapping[str, Json]:
        """The lead order."""
        return {"order": str(self.order)}


@dataclass(frozen=True, slots=True)
class IssueVerified(IssueMoved):
    """The desk confirmed the result; every order that was fed back is completed."""

    name: ClassVar[str] = "issue.verified"


@dataclass(frozen=True, slots=True)
class IssueReworked(IssueMoved):
    """The desk sent the named orders back, for a reason (a note); the issue is in a round of its own."""

    name: ClassVar[str] = "issue.reworked"
    orders: tuple[UUID, ...]
    note: UUID

    def more(self) -> Mapping[str, Json]:
        """The orders, and the note with the reason."""
        return {"note": str(self.note), "orders": [str(order) for order in self.orders]}


@dataclass(frozen=True, slots=True)
class IssueClosed(IssueMoved):
    """The desk ended the issue with an outcome; the reasons are notes."""

    name: ClassVar[str] = "issue.closed"
    outcome: str
    followed_up: bool
    told_at: str | None
    next_on: str | None
    note: UUID | None
    waive_note: UUID | None

    def more(self) -> Mapping[str, Json]:
        """The outcome with what it requires, and the notes."""
        return {
            "followed_up": self.followed_up,
            "next_on": self.next_on,
            "note": str(self.note) if self.note else None,
            "outcome": self.outcome,
            "told_at": self.told_at,
            "waive_note": str(self.waive_note) if self.waive_note else None,
        }


@dataclass(frozen=True, slots=True)
class IssueBreached(ObjectFact):
    """A clock that the issue shows ran out."""

    name: ClassVar[str] = "issue.breached"
    object_kind: ClassVar[str] = "issue"
    clock: str
    due_at: str

    def more(self) -> Mapping[str, Json]:
        """Which clock, and since when."""
        return {"clock": self.clock, "due_at": self.due_at}


@dataclass(frozen=True, slots=True)
class IssueClocksMoved(ObjectFact):
    """A clock that the issue shows began, stopped or got another due time by what happened to one of its orders."""

    name: ClassVar[str] = "issue.clocks_moved"
    object_kind: ClassVar[str] = "issue"


@dataclass(frozen=True, slots=True)
class RevealMade(ObjectFact):
    """Somebody read the issue's personal data in clear, for a reason: the note of the same id."""

    name: ClassVar[str] = "reveal.made"
    object_kind: ClassVar[str] = "reveal"
