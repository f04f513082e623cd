"""What happens to an issue. Past tense, no personal data, no free text: words are sealed notes, named by id. Pure."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dispatch.matter.facts import Moved, ObjectFact


@dataclass(frozen=True, slots=True)
class IssueMoved(Moved):
    """A step of the issue's state table."""

    object_kind: ClassVar[str] = "issue"


@dataclass(frozen=True, slots=True)
class IssueReported(IssueMoved):
    """A report came in and began the issue."""

    name: ClassVar[str] = "issue.reported"
    zh: ClassVar[str] = "上报"


@dataclass(frozen=True, slots=True)
class IssueAccepted(IssueMoved):
    """The desk took the issue in; the relay up has ended."""

    name: ClassVar[str] = "issue.accepted"
    zh: ClassVar[str] = "受理"


@dataclass(frozen=True, slots=True)
class IssueDeclined(IssueMoved):
    """The desk refused the issue on a listed ground, with words to the reporter (a note)."""

    name: ClassVar[str] = "issue.declined"
    zh: ClassVar[str] = "不予受理"
    ground: str
    note: UUID


@dataclass(frozen=True, slots=True)
class IssueFiled(IssueMoved):
    """The issue was filed with category and level; it waits for dispatch."""

    name: ClassVar[str] = "issue.filed"
    zh: ClassVar[str] = "立案"


@dataclass(frozen=True, slots=True)
class IssueDispatched(IssueMoved):
    """Orders were sent, one of them the lead; its unit is now responsible and the relay down runs.

    off_catalogue   the lead is another unit than the catalogue names for the item; why is the note
    """

    name: ClassVar[str] = "issue.dispatched"
    zh: ClassVar[str] = "派遣"
    orders: tuple[UUID, ...]
    off_catalogue: bool
    note: UUID | None


@dataclass(frozen=True, slots=True)
class IssueRedispatched(IssueDispatched):
    """A new lead order was sent, after the one before was returned or recalled."""

    name: ClassVar[str] = "issue.redispatched"
    zh: ClassVar[str] = "改派"


@dataclass(frozen=True, slots=True)
class IssueAssistAdded(IssueMoved):
    """More units were asked to assist."""

    name: ClassVar[str] = "issue.assist_added"
    zh: ClassVar[str] = "增派协办"
    orders: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class IssuePassedUp(IssueMoved):
    """Who held the reported issue handed it to the unit above; what was tried is the note."""

    name: ClassVar[str] = "issue.passed_up"
    zh: ClassVar[str] = "上呈"
    from_unit: UUID
    to_unit: UUID
    note: UUID | None


@dataclass(frozen=True, slots=True)
class MovedForReason(IssueMoved):
    """A step of the issue that gives its reason: a note."""

    note: UUID


@dataclass(frozen=True, slots=True)
class IssueReconsidered(MovedForReason):
    """The duty lead took a declined issue up again: a new relay up runs."""

    name: ClassVar[str] = "issue.reconsidered"
    zh: ClassVar[str] = "复核后重新受理"


@dataclass(frozen=True, slots=True)
class IssueSettled(MovedForReason):
    """The parties settled on the spot; what they agreed is the note."""

    name: ClassVar[str] = "issue.settled"
    zh: ClassVar[str] = "当场化解"


@dataclass(frozen=True, slots=True)
class IssueResumed(MovedForReason):
    """The duty lead ended the suspension early; the handling clocks run on."""

    name: ClassVar[str] = "issue.resumed"
    zh: ClassVar[str] = "恢复办理"


@dataclass(frozen=True, slots=True)
class IssueSuspensionEnded(IssueMoved):
    """The suspension's day came; the handling clocks run on."""

    name: ClassVar[str] = "issue.suspension_ended"
    zh: ClassVar[str] = "挂账到期"


@dataclass(frozen=True, slots=True)
class IssueReopened(MovedForReason):
    """The duty lead opened a closed issue again: a new round, to be dispatched."""

    name: ClassVar[str] = "issue.reopened"
    zh: ClassVar[str] = "重开"


@dataclass(frozen=True, slots=True)
class IssueVoided(MovedForReason):
    """The issue was entered by mistake: its orders are recalled, its clocks do not count."""

    name: ClassVar[str] = "issue.voided"
    zh: ClassVar[str] = "作废"


@dataclass(frozen=True, slots=True)
class IssueArchived(IssueMoved):
    """The closed issue was put away."""

    name: ClassVar[str] = "issue.archived"
    zh: ClassVar[str] = "归档"


@dataclass(frozen=True, slots=True)
class IssueMerged(IssueMoved):
    """The issue was joined into another one about the same matter."""

    name: ClassVar[str] = "issue.merged"
    zh: ClassVar[str] = "并案"
    into: UUID
    note: UUID | None


@dataclass(frozen=True, slots=True)
class IssueUnmerged(MovedForReason):
    """A merge was undone: the issue stands for itself again."""

    name: ClassVar[str] = "issue.unmerged"
    zh: ClassVar[str] = "撤并"


@dataclass(frozen=True, slots=True)
class OfMerged(ObjectFact):
    """The issue's card changed because another one was merged into it, or out of it."""

    object_kind: ClassVar[str] = "issue"
    merged: UUID


@dataclass(frozen=True, slots=True)
class IssueTookIn(OfMerged):
    """Another issue's reports now count here; it has the higher level and urgency of both."""

    name: ClassVar[str] = "issue.took_in"
    zh: ClassVar[str] = "并入他案"


@dataclass(frozen=True, slots=True)
class IssueGaveBack(OfMerged):
    """Another issue, merged before, stands for itself again."""

    name: ClassVar[str] = "issue.gave_back"
    zh: ClassVar[str] = "撤出他案"


@dataclass(frozen=True, slots=True)
class IssueSuspended(MovedForReason):
    """The duty lead set the issue aside until a day: its handling clocks pause."""

    name: ClassVar[str] = "issue.suspended"
    zh: ClassVar[str] = "挂账"
    until: str


@dataclass(frozen=True, slots=True)
class IssueLeadLost(IssueMoved):
    """No lead order is left, this one was returned or recalled: the desk has to send another."""

    name: ClassVar[str] = "issue.lead_lost"
    zh: ClassVar[str] = "主办单撤出"
    order: UUID


@dataclass(frozen=True, slots=True)
class IssueAmended(MovedForReason):
    """The desk put right what was entered. What it was and is: the amendment, which fewer may see."""

    name: ClassVar[str] = "issue.amended"
    zh: ClassVar[str] = "更正"
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssueWithdrawn(MovedForReason):
    """A reporter took the own report back; when all did, the card says since when. The desk closes or goes on."""

    name: ClassVar[str] = "issue.withdrawn"
    zh: ClassVar[str] = "撤回诉求"
    reports: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class IssueEmergencyReferred(MovedForReason):
    """110, 119 or 120 was told; what they answered is the note."""

    name: ClassVar[str] = "issue.emergency_referred"
    zh: ClassVar[str] = "转警转急"
    told: str
    told_at: str


@dataclass(frozen=True, slots=True)
class OfLeadOrder(ObjectFact):
    """The issue's card changed because its lead order did."""

    object_kind: ClassVar[str] = "issue"
    order: UUID


@dataclass(frozen=True, slots=True)
class IssueRelayedDown(OfLeadOrder):
    """The unit that holds the lead acknowledged: the issue's relay down has ended."""

    name: ClassVar[str] = "issue.relayed_down"
    zh: ClassVar[str] = "签收"


@dataclass(frozen=True, slots=True)
class IssueHandlingStarted(OfLeadOrder):
    """The unit that holds the lead began to handle."""

    name: ClassVar[str] = "issue.handling_started"
    zh: ClassVar[str] = "处置开始"


@dataclass(frozen=True, slots=True)
class IssueAssistLost(OfLeadOrder):
    """An assist order was returned or recalled: its unit sees the issue no longer."""

    name: ClassVar[str] = "issue.assist_lost"
    zh: ClassVar[str] = "协办单撤出"


@dataclass(frozen=True, slots=True)
class IssueFedBack(IssueMoved):
    """The lead unit answered and no lead order is open: the desk is responsible and verifies."""

    name: ClassVar[str] = "issue.fed_back"
    zh: ClassVar[str] = "转待核查"
    order: UUID


@dataclass(frozen=True, slots=True)
class IssueVerified(IssueMoved):
    """The desk confirmed the result; every order that was fed back is completed."""

    name: ClassVar[str] = "issue.verified"
    zh: ClassVar[str] = "核查通过"


@dataclass(frozen=True, slots=True)
class IssueReworked(IssueMoved):
    """The desk sent the named orders back, for a reason (a note); the issue is in a round of its own."""

    name: ClassVar[str] = "issue.reworked"
    zh: ClassVar[str] = "返工"
    orders: tuple[UUID, ...]
    note: UUID


@dataclass(frozen=True, slots=True)
class IssueClosed(IssueMoved):
    """The desk ended the issue with an outcome; the reasons are notes."""

    name: ClassVar[str] = "issue.closed"
    zh: ClassVar[str] = "结案"
    outcome: str
    followed_up: bool
    told_at: str | None
    next_on: str | None
    note: UUID | None
    waive_note: UUID | None
