"""A message as cards show it: nothing of what it says. Source: docs/protocol.md, "Messages"."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from typing_extensions import TypedDict

from dispatch.matter.issues.models import Issue, number_text
from dispatch.matter.messages.models import Message, Reading
from dispatch.matter.messages.states import Kind, StrikeGround
from realtime.feed.actions import wire_time
from realtime.feed.cards import Id, Instant, card_type, one_of


@card_type
class ReadingCard(TypedDict):
    """A unit that has read it, and when first."""

    at: Instant
    unit: Id


@card_type
class StruckCard(TypedDict):
    """That it was struck out: by which unit, on what ground."""

    at: Instant
    ground: Annotated[str, one_of(StrikeGround)]
    unit: Id


@card_type
class MessageCard(TypedDict):
    """A message (留言) within a matter. An event, never open."""

    answer_by: Instant | None
    """Until then the unit that it `asks` is to answer."""
    answered_at: Instant | None
    answers: Id | None
    """The message that it answers."""
    asks: Id | None
    at: Instant
    issue: Id
    kind: Annotated[str, one_of(Kind)]
    number: str
    """Its issue's."""
    open: bool
    order: Id | None
    """In whose thread it is; none: in the matter's own."""
    read: list[ReadingCard]
    struck: StruckCard | None
    unit: Id
    """For which it was written."""


def message_card(message: Message, issue: Issue, readings: Sequence[Reading]) -> MessageCard:
    """Who wrote when, whom it asks, which units have read it, whether it was struck."""
    return {
        "answer_by": _wire(message.answer_by),
        "answered_at": _wire(message.answered_at),
        "answers": str(message.answers_id) if message.answers_id else None,
        "asks": str(message.asks_id) if message.asks_id else None,
        "at": wire_time(message.at),
        "issue": str(issue.pk),
        "kind": str(message.kind),
        "number": number_text(issue.number),
        "open": False,
        "order": str(message.order_id) if message.order_id else None,
        "read": [{"at": wire_time(one.at), "unit": str(one.unit_id)} for one in readings],
        "struck": _struck(message),
        "unit": str(message.unit_id),
    }


def _struck(message: Message) -> StruckCard | None:
    if message.struck_at is None:
        return None
    ground = str(message.struck_ground)
    return {"at": wire_time(message.struck_at), "ground": ground, "unit": str(message.struck_unit_id)}


def _wire(moment: datetime | None) -> str | None:
    return wire_time(moment) if moment else None
