"""What happens to a return request. Past tense, no personal data, no free text: words are sealed notes. Pure."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dispatch.matter.facts import Moved, ObjectFact


@dataclass(frozen=True, slots=True)
class RequestMoved(Moved):
    """A step of the request's state table."""

    object_kind: ClassVar[str] = "return_request"


@dataclass(frozen=True, slots=True)
class ReturnRequested(RequestMoved):
    """A unit asked to give its order back; its words are the note."""

    name: ClassVar[str] = "return.requested"
    zh: ClassVar[str] = "申请退单"
    note: UUID


@dataclass(frozen=True, slots=True)
class ReturnGranted(RequestMoved):
    """The duty lead agreed: the order is returned. A reason, if one was given, is the note."""

    name: ClassVar[str] = "return.granted"
    zh: ClassVar[str] = "准予退单"
    note: UUID | None


@dataclass(frozen=True, slots=True)
class ReturnCompelled(RequestMoved):
    """The duty lead refused, for a reason (a note): the unit must act."""

    name: ClassVar[str] = "return.compelled"
    zh: ClassVar[str] = "强制派发"
    note: UUID


@dataclass(frozen=True, slots=True)
class ReturnAmended(ObjectFact):
    """What the request says of its issue has changed, or who may see it."""

    name: ClassVar[str] = "return.amended"
    zh: ClassVar[str] = "退单申请更正"
    object_kind: ClassVar[str] = "return_request"


@dataclass(frozen=True, slots=True)
class ReturnWithdrawn(RequestMoved):
    """The order was answered or recalled before anybody ruled."""

    name: ClassVar[str] = "return.withdrawn"
    zh: ClassVar[str] = "退单申请撤回"
