"""Reads of the messages within a matter, as far as somebody may read them now. Frozen values; nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from command.organisations.queries import centres_over
from command.people.queries import done_by
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.issues.states import OPEN
from dispatch.matter.messages.models import Message
from dispatch.matter.messages.states import Deed
from dispatch.matter.orders import states as order_states
from dispatch.matter.texts.masking import mask_text
from dispatch.verbs.messages import may_strike, thread_in, writes_for
from dispatch.verbs.messaging import Thread, thread_of, writer_in
from realtime.feed.contract import Actor


@dataclass(frozen=True, slots=True)
class ReadView:
    """A unit that has read a message, and when first."""

    unit: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class StruckView:
    """That a message was struck out: by whom of which unit, when, on what ground."""

    at: datetime
    unit: UUID
    by: str | None
    ground: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as it is read. `text`: masked; None where the issue's key was destroyed."""

    id: UUID
    version: int
    order: UUID | None
    kind: str
    unit: UUID
    by: str | None
    at: datetime
    text: str | None
    asks: UUID | None
    answer_by: datetime | None
    answered_at: datetime | None
    answers: UUID | None
    struck: StruckView | None
    read: tuple[ReadView, ...]
    open_verbs: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread that the actor writes in, for which unit, and which units may be asked. `order` None: the matter's."""

    order: UUID | None
    unit: UUID
    asks: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Messages:
    """What an actor reads and may write of a matter; the words come with the issue's notes."""

    threads: tuple[ThreadView, ...]
    _seen: tuple[tuple[Message, Thread], ...]
    _names: Mapping[str, str]
    _actor: Actor
    _open: bool

    @property
    def ids(self) -> list[UUID]:
        """Which messages the actor reads."""
        return [row.pk for row, _ in self._seen]

    def views(self, notes: Mapping[UUID, str]) -> tuple[MessageView, ...]:
        """The messages, the first first. `notes`: the issue's, in clear."""
        return tuple(
            _view(row, thread, notes.get(row.note_id), self._names, self._actor, open_now=self._open)
            for row, thread in self._seen
        )


def messages_of(aggregate: Aggregate, actor: Actor) -> Messages:
    """The messages of a matter that this actor reads. Five statements at most."""
    issue = aggregate.issue
    rows = list(Message.objects.filter(issue=issue).order_by("at", "pk").prefetch_related("readings"))
    centres = centres_over(issue.centre_id, issue.place)
    with_threads = [(row, thread_in(aggregate, row, centres)) for row in rows]
    seen = tuple((row, thread) for row, thread in with_threads if actor.scope.sees(thread.audience))
    principals = {by for row, _ in seen for by in (row.by, row.struck_by) if by}
    names = {key: one.name for key, one in done_by(principals, issue.centre_id).items()} if principals else {}
    return Messages(tuple(_threads(aggregate, centres, actor)), seen, names, actor, issue.state in OPEN)


def _threads(aggregate: Aggregate, centres: Sequence[UUID], actor: Actor) -> list[ThreadView]:
    """The matter's own while it is open, and each of its orders' that is with its unit, or answered."""
    if aggregate.issue.state not in OPEN:
        return []
    shown = [order for order in aggregate.orders if order.state in order_states.SHOWN]
    found = []
    for order in (None, *shown):
        thread = thread_of(aggregate, order, centres)
        units = [order.unit_id, *order.takers] if order is not None else []
        post = writer_in(thread, actor, units)
        if post is not None and (order is None or _writes_in(post.unit_id, units, thread)):
            asks = tuple(unit for unit in thread.units if unit != post.unit_id)
            found.append(ThreadView(order.pk if order is not None else None, post.unit_id, asks))
    return found


def _writes_in(unit_id: UUID, units: Sequence[UUID], thread: Thread) -> bool:
    """In an order's thread the desk writes, and who has the order; a place's centre reads it, no more."""
    return unit_id in units or unit_id == thread.units[0]


def _view(
    row: Message,
    thread: Thread,
    text: str | None,
    names: Mapping[str, str],
    actor: Actor,
    *,
    open_now: bool,
) -> MessageView:
    struck = None
    if row.struck_at is not None and row.struck_unit_id is not None:
        struck = StruckView(row.struck_at, row.struck_unit_id, names.get(row.struck_by or ""), str(row.struck_ground))
    answerable = open_now and row.asks_id is not None and row.answered_at is None and struck is None
    deeds = (
        *((Deed.ANSWER,) if answerable and row.asks_id and writes_for(row.asks_id, actor) else ()),
        *((Deed.STRIKE,) if struck is None and may_strike(row, thread, actor) else ()),
    )
    return MessageView(
        row.pk,
        row.version,
        row.order_id,
        str(row.kind),
        row.unit_id,
        names.get(row.by),
        row.at,
        mask_text(text) if text is not None else None,
        row.asks_id,
        row.answer_by,
        row.answered_at,
        row.answers_id,
        struck,
        tuple(ReadView(one.unit_id, one.at) for one in sorted(row.readings.all(), key=lambda one: (one.at, one.pk))),
        deeds,
    )
