"""What happens to a message. Past tense; its words are the sealed note that the fact names. Pure."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dispatch.matter.facts import ObjectFact


@dataclass(frozen=True, slots=True)
class MessageFact(ObjectFact):
    """A fact of a message."""

    object_kind: ClassVar[str] = "message"


@dataclass(frozen=True, slots=True)
class MessageMade(MessageFact):
    """Somebody concerned with the matter wrote to the others."""

    name: ClassVar[str] = "message.made"
    zh: ClassVar[str] = "留言"
    note: UUID


@dataclass(frozen=True, slots=True)
class ProgressNoted(MessageFact):
    """A unit wrote how far it has come with its order."""

    name: ClassVar[str] = "message.progress_noted"
    zh: ClassVar[str] = "办理进展"
    note: UUID


@dataclass(frozen=True, slots=True)
class MessageAnswered(MessageFact):
    """A message that asked was answered; the answer is a message of its own."""

    name: ClassVar[str] = "message.answered"
    zh: ClassVar[str] = "留言已答复"


@dataclass(frozen=True, slots=True)
class MessageRead(MessageFact):
    """Somebody of a unit had it before their eyes, the first of that unit. `by` is the unit: nobody is named."""

    name: ClassVar[str] = "message.read"
    zh: ClassVar[str] = "留言已读"
    unit: UUID


@dataclass(frozen=True, slots=True)
class MessageStruck(MessageFact):
    """It was struck out, on a listed ground. Its words stay."""

    name: ClassVar[str] = "message.struck"
    zh: ClassVar[str] = "划去留言"
    ground: str


# What a timeline shows: that a message was read or answered stands beside the message itself.
SHOWN = frozenset({MessageMade.name, ProgressNoted.name, MessageStruck.name})
