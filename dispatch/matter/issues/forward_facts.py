"""What a forward of an order is to its issue: others see it now, or no longer. Past tense, no personal data. Pure."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dispatch.matter.facts import ObjectFact


@dataclass(frozen=True, slots=True)
class OfForward(ObjectFact):
    """Another unit has an order of the issue in hand now; who answers for it is as before."""

    object_kind: ClassVar[str] = "issue"
    order: UUID
    giver: UUID
    taker: UUID


@dataclass(frozen=True, slots=True)
class IssueForwarded(OfForward):
    """A unit forwarded its order to a place under it, which now sees the issue."""

    name: ClassVar[str] = "issue.forwarded"
    zh: ClassVar[str] = "转办"


@dataclass(frozen=True, slots=True)
class IssueTakenBack(OfForward):
    """A unit took its order back from a place under it."""

    name: ClassVar[str] = "issue.taken_back"
    zh: ClassVar[str] = "转办收回"
