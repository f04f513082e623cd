"""What writing a message comes to, in the thread of a matter or of one order: part of the verbs `message`, `progress`.

A message is an object of its own: issue and order keep their versions, so that nobody's step is refused for it.
Source: docs/rules.md, "Messages".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, TypeAlias
from uuid import UUID, uuid4

from pydantic import Field

from command.access import HeldPost, PersonActor, Right, pairs_of, right_missing, rights_of
from command.organisations.queries import centres_over, desk_id
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.notes import checked
from dispatch.matter.audiences import of_messages
from dispatch.matter.cards.messages import message_card
from dispatch.matter.facts import Shown
from dispatch.matter.issues.keys import seal_of
from dispatch.matter.issues.models import NoteKind
from dispatch.matter.messages.facts import MessageAnswered, MessageFact, MessageMade, ProgressNoted
from dispatch.matter.messages.models import Message, Reading
from dispatch.matter.messages.states import Kind
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import GONE
from dispatch.matter.texts.emergencies import numbers_in
from dispatch.verbs import photos
from dispatch.verbs.declared import Act
from dispatch.verbs.requests import Body, Instant, Words
from realtime.feed.contract import Actor, Audience, Change, Scope
from realtime.feed.errors import Conflict, Forbidden, Invalid

RULE: Final = "留言"
_HOUR: Final = timedelta(hours=1)
Files: TypeAlias = Annotated[tuple[UUID, ...], Field(max_length=5)]
Photos: TypeAlias = Annotated[tuple[UUID, ...], Field(max_length=9)]


class ProgressIn(Body):
    """How far the unit has come, and photos and documents that were uploaded before."""

    text: Words
    photos: Photos = ()
    files: Files = ()


class MessageIn(ProgressIn):
    """What is written; which unit is asked to answer, and until when; which message it answers."""

    asks: UUID | None = None
    answer_by: Instant | None = None
    answers: UUID | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages of a matter, or of one of its orders: who reads and writes them, and which units may be asked."""

    audience: Audience
    units: tuple[UUID, ...]


def thread_of(aggregate: Aggregate, order: Order | None, centres: Sequence[UUID] | None = None) -> Thread:
    """The thread of an order of the aggregate, or the matter's own.

    centres   of the places that the issue lies in; None: read, one statement
    """
    issue = aggregate.issue
    over = centres_over(issue.centre_id, issue.place) if centres is None else centres
    live = [each for each in aggregate.orders if each.state not in GONE]
    handing = live if order is None else [order]
    units = [desk_id(issue.centre_id), *(unit for one in handing for unit in (one.unit_id, *one.takers))]
    if order is None and not issue.sensitive:
        units += over  # in an order's thread they read, and answer nothing
    audience = of_messages(issue, aggregate.orders, aggregate.reports, over, order)
    return Thread(audience, tuple(dict.fromkeys(units)))


def writer_in(thread: Thread, actor: Actor, units: Sequence[UUID] = ()) -> HeldPost | None:
    """The post by which somebody writes in a thread, one of `units` first; None: by none."""
    if not isinstance(actor, PersonActor):
        return None
    may = [
        post
        for post in actor.posts
        if Right.MESSAGES_WRITE in rights_of(post) and Scope(pairs_of(post, actor.root)).sees(thread.audience)
    ]
    return next((post for post in may if post.unit_id in units), may[0] if may else None)


def write(kind: Kind, act: Act[MessageIn] | Act[ProgressIn], order: Order | None) -> None:
    """Writes a message, ends the call of the one that it answers, and lets the unit be called that it asks.

    Raises Forbidden, Invalid (text, asks, answers, photos), Conflict (too many, erased).
    """
    aggregate, asked = act.aggregate, act.asked
    issue, at, settings = aggregate.issue, aggregate.at, aggregate.settings
    thread = thread_of(aggregate, order)
    post = writer_in(thread, act.cmd.actor, act.units)
    if post is None:
        raise right_missing(Right.MESSAGES_WRITE)
    _must_not_flood(act.by, at, settings.messages_per_hour)
    text = checked(asked.text, "text", limit=settings.message_chars)
    row = Message(id=uuid4(), issue=issue, order=order, kind=kind, unit_id=post.unit_id, by=act.by, at=at)
    question = None
    if isinstance(asked, MessageIn):
        question = _question(asked, aggregate, order, post)
        row.answers = question
        row.asks_id, row.answer_by = _asks(asked, thread, post, at, settings.message_answer_days)
    row.note = act.note(NoteKind.MESSAGE, text, "text")
    if post.unit_id != desk_id(issue.centre_id):
        aggregate.danger = numbers_in(text)
    if asked.photos or asked.files:
        seal = seal_of(issue.pk)
        photos.attach(asked.photos, to=row, aggregate=aggregate, seal=seal, by=act.by)
        photos.attach(asked.files, to=row, aggregate=aggregate, seal=seal, by=act.by)
    aggregate.said.append(row)
    act.answers = row
    act.then(lambda: _tell(act, row, thread))
    if question is not None:
        act.then(lambda: _tell_answered(act, question, thread))


def told(aggregate: Aggregate, fact: MessageFact, before: Audience | None, after: Audience) -> None:
    """Adds a message's fact to the action's; its row is the caller's to save."""
    aggregate.changes.append(Change(fact, before, after))


def shown(
    aggregate: Aggregate, row: Message, *, readings: Sequence[Reading] | None = None, danger: Sequence[str] = ()
) -> Shown:
    """The message with its next version.

    readings   which units have read it; None: read, one statement for one that was there before
    """
    if readings is None:
        readings = list(row.readings.order_by("at", "pk")) if row.version else []
    row.version += 1
    return Shown(row.pk, row.version, message_card(row, aggregate.issue, readings), danger=danger)


def _tell(act: Act[MessageIn] | Act[ProgressIn], row: Message, thread: Thread) -> None:
    make = MessageMade if row.kind == Kind.MESSAGE else ProgressNoted
    fact = make(shown(act.aggregate, row, danger=act.aggregate.danger), act.by, row.note_id)
    told(act.aggregate, fact, None, thread.audience)
    act.aggregate.put(row)


def _tell_answered(act: Act[MessageIn] | Act[ProgressIn], question: Message, thread: Thread) -> None:
    """The first answer ends what was asked; a later one answers it too, and changes nothing."""
    if question.answered_at is not None:
        return
    act.aggregate.know(question)
    question.answered_at = act.aggregate.at
    fact = MessageAnswered(shown(act.aggregate, question), act.by)
    told(act.aggregate, fact, thread.audience, thread.audience)
    act.aggregate.settled.append(question)
    act.aggregate.put(question)


def _must_not_flood(by: str, at: datetime, most: int) -> None:
    if Message.objects.filter(by=by, at__gt=at - _HOUR).count() >= most:
        raise Conflict(
            "message.too_many",
            f"一小时内最多留言 {most} 条。",
            rule=RULE,
            remedy="请合并成一条，或稍后再留；急事请打电话。",
        )


def _question(asked: MessageIn, aggregate: Aggregate, order: Order | None, post: HeldPost) -> Message | None:
    """The message that is answered. One statement, none for none."""
    if asked.answers is None:
        return None
    rows = Message.objects.filter(pk=asked.answers, issue=aggregate.issue, order=order, asks__isnull=False)
    found = rows.filter(struck_at=None).first()
    if found is None:
        raise Invalid(
            "message.not_to_answer",
            "要答复的留言不在此处、不要求答复，或已划去。",
            field="answers",
            rule=RULE,
            remedy="请另写一条留言。",
        )
    if found.asks_id != post.unit_id:
        raise Forbidden(
            "message.asks_another",
            "这条留言请其他单位答复。",
            field="answers",
            rule=RULE,
            remedy="请由被问的单位答复，或另写一条留言。",
        )
    return found


def _asks(
    asked: MessageIn, thread: Thread, post: HeldPost, at: datetime, most_days: int
) -> tuple[UUID | None, datetime | None]:
    """Which unit is to answer, and until when; neither where nothing is asked."""
    if asked.asks is None and asked.answer_by is None:
        return None, None
    if asked.asks not in thread.units or asked.asks == post.unit_id:
        raise Invalid(
            "message.asks_nobody",
            "要求答复的，须指明由哪个经办单位答复，且不是本单位。",
            field="asks",
            rule=RULE,
            remedy="请从经办单位中选择。",
        )
    latest = timedelta(days=most_days)
    if asked.answer_by is None or not at < asked.answer_by <= at + latest:
        raise Invalid(
            "message.answer_by",
            f"答复时间须在现在之后、{most_days} 天之内。",
            field="answer_by",
            rule=RULE,
            remedy="请改为将来的时间。",
        )
    return asked.asks, asked.answer_by
