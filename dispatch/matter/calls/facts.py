"""What happens to a call and its attempts. Past tense; posts by id, never a name, a number or a note. Pure."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dispatch.matter.facts import Moved, ObjectFact


@dataclass(frozen=True, slots=True)
class CallMoved(Moved):
    """A step of the call's state table."""

    object_kind: ClassVar[str] = "call"


@dataclass(frozen=True, slots=True)
class CallMade(CallMoved):
    """Persons on duty are called: everybody of the first rung at once."""

    name: ClassVar[str] = "call.made"
    zh: ClassVar[str] = "叫应"


@dataclass(frozen=True, slots=True)
class CallClimbed(CallMoved):
    """Nobody had answered in time: the next rung is called too."""

    name: ClassVar[str] = "call.climbed"
    zh: ClassVar[str] = "叫应下一级"


@dataclass(frozen=True, slots=True)
class CallListed(CallMoved):
    """Nobody is left to be called: it stands on the desk's telephone list."""

    name: ClassVar[str] = "call.listed"
    zh: ClassVar[str] = "转电话叫应"


@dataclass(frozen=True, slots=True)
class CallAnswered(CallMoved):
    """Somebody answered, by a tap or by the act that was asked for; nobody else is called any more."""

    name: ClassVar[str] = "call.answered"
    zh: ClassVar[str] = "应答"
    post: UUID


@dataclass(frozen=True, slots=True)
class CallTelephoned(CallMoved):
    """The desk rang a post by telephone; whether somebody heard it is the outcome."""

    name: ClassVar[str] = "call.telephoned"
    zh: ClassVar[str] = "电话叫应"
    post: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class CallSilenced(CallMoved):
    """Nobody has to answer any more, or another call for the same matter goes on from it."""

    name: ClassVar[str] = "call.silenced"
    zh: ClassVar[str] = "停止叫应"


@dataclass(frozen=True, slots=True)
class CallReaddressed(ObjectFact):
    """Its issue became sensitive, or is no longer: others may know of it now."""

    name: ClassVar[str] = "call.readdressed"
    zh: ClassVar[str] = "叫应知悉范围调整"
    object_kind: ClassVar[str] = "call"


@dataclass(frozen=True, slots=True)
class CallRedrawn(ObjectFact):
    """This release makes another card of it. Nothing happened to it: no timeline shows this."""

    name: ClassVar[str] = "call.redrawn"
    zh: ClassVar[str] = "显示更新"
    object_kind: ClassVar[str] = "call"


@dataclass(frozen=True, slots=True)
class AttemptMade(ObjectFact):
    """A post was called by a channel. The page's is addressed to the post, and its devices give receipts."""

    name: ClassVar[str] = "attempt.made"
    zh: ClassVar[str] = "呼叫"
    object_kind: ClassVar[str] = "attempt"


@dataclass(frozen=True, slots=True)
class AttemptConcluded(ObjectFact):
    """What came of a try outside the house: the way took it over, or why not. Never the words, never the number."""

    name: ClassVar[str] = "attempt.concluded"
    zh: ClassVar[str] = "呼叫结果"
    object_kind: ClassVar[str] = "attempt"
    outcome: str


@dataclass(frozen=True, slots=True)
class AttemptReceived(ObjectFact):
    """A browser told that it has a push; `displayed`: that it shows it."""

    name: ClassVar[str] = "attempt.received"
    zh: ClassVar[str] = "设备收到推送"
    object_kind: ClassVar[str] = "attempt"
    displayed: bool
