"""What an issue is told when its lead's acknowledgment counts no longer. Pure."""

from dataclasses import dataclass
from typing import ClassVar

from dispatch.matter.issues.facts import OfLeadOrder


@dataclass(frozen=True, slots=True)
class IssueAcknowledgmentStruck(OfLeadOrder):
    """The return of the lead order was granted: its acknowledgment is struck for the issue.

    due_at   of the relay down that runs again; None: an acknowledgment of another lead stands
    """

    name: ClassVar[str] = "issue.acknowledgment_struck"
    zh: ClassVar[str] = "签收不计入下达"
    acknowledged_at: str | None
    due_at: str | None
