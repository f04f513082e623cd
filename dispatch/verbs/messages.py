"""已读 and 划去: what is done about a message that stands there. Neither touches what it says."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction

from command.access import PersonActor, Right, rights_of
from command.organisations.queries import centres_over
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.locks import lock_issue
from dispatch.matter.issues.rights import holds
from dispatch.matter.messages.facts import MessageRead, MessageStruck
from dispatch.matter.messages.models import Message, Reading
from dispatch.matter.messages.states import StrikeGround
from dispatch.verbs.messaging import RULE, Thread, shown, thread_of, told, writer_in
from dispatch.verbs.steps import finish
from realtime.feed.actions import wire_time
from realtime.feed.contract import Actor, Answer, Command
from realtime.feed.errors import Conflict, Forbidden, NotFound

MOST: Final = 100  # read in one act


@transaction.atomic(durable=True)
def strike(message_id: UUID, ground: StrikeGround, *, cmd: Command) -> Answer:
    """划去: it stays legible, marked with who, when and why. What it asked is asked no longer.

    By the unit that wrote it, or by the duty lead. Raises Replayed, KeyReused, NotFound, Forbidden, Conflict.
    """
    aggregate, row, thread = _lock(message_id, cmd)
    post = writer_in(thread, cmd.actor, [row.unit_id])
    if post is None or not may_strike(row, thread, cmd.actor):
        raise Forbidden(
            "message.of_another",
            "只能划去本单位的留言。",
            rule=RULE,
            remedy="请由留言的单位或值班长划去。",
        )
    if row.struck_at is not None and row.struck_ground is not None:
        raise Conflict(
            "message.struck_before",
            f"这条留言已划去（{StrikeGround(row.struck_ground).zh}）。",
            rule=RULE,
            extra={"at": wire_time(row.struck_at), "ground": row.struck_ground},
        )
    aggregate.know(row)
    row.struck_at, row.struck_by = aggregate.at, cmd.actor.principal
    row.struck_unit_id, row.struck_ground = post.unit_id, ground
    fact = MessageStruck(shown(aggregate, row), cmd.actor.principal, str(ground))
    told(aggregate, fact, thread.audience, thread.audience)
    aggregate.settled.append(row)
    aggregate.put(row)
    return finish(aggregate, cmd, 0)


@transaction.atomic(durable=True)
def read(issue_id: UUID, message_ids: Collection[UUID], *, cmd: Command) -> Answer | None:
    """已读: the caller's unit has these messages before its eyes. None where nothing was unread.

    Those of the caller's own unit, struck ones and what the caller may not see are passed over. Raises Replayed,
    KeyReused, NotFound, Forbidden.
    """
    aggregate = lock_issue(issue_id, actor=cmd.actor, claim=cmd)
    cmd.actor.must(Right.MESSAGES_WRITE)
    rows = Message.objects.filter(issue_id=issue_id, pk__in=list(message_ids)[:MOST]).order_by("at", "pk")
    centres = centres_over(aggregate.issue.centre_id, aggregate.issue.place)
    for row in rows:
        _read(aggregate, row, thread_in(aggregate, row, centres), cmd.actor)
    if not aggregate.changes:
        transaction.set_rollback(True)
        return None
    return finish(aggregate, cmd, len(aggregate.changes) - 1)


def thread_in(aggregate: Aggregate, row: Message, centres: Sequence[UUID] | None = None) -> Thread:
    """The thread that a message is in. One statement without `centres`."""
    return thread_of(aggregate, aggregate.order(row.order_id) if row.order_id else None, centres)


def may_strike(row: Message, thread: Thread, actor: Actor) -> bool:
    """Whether somebody may strike a message that they see: of their own unit, or as the duty lead."""
    if writer_in(thread, actor) is None:
        return False
    return holds(actor, Right.MESSAGES_STRIKE, about=thread.audience) or writes_for(row.unit_id, actor)


def writes_for(unit_id: UUID, actor: Actor) -> bool:
    """Whether somebody writes messages for a unit."""
    posts = actor.posts if isinstance(actor, PersonActor) else ()
    return any(post.unit_id == unit_id and Right.MESSAGES_WRITE in rights_of(post) for post in posts)


def _read(aggregate: Aggregate, row: Message, thread: Thread, actor: Actor) -> None:
    """Marks one for the unit of the post that reads it, the first time. Two statements at most."""
    post = writer_in(thread, actor, [row.asks_id] if row.asks_id else ())
    if post is None or post.unit_id == row.unit_id or row.struck_at is not None:
        return
    readings = list(row.readings.order_by("at", "pk"))
    if any(one.unit_id == post.unit_id for one in readings):
        return
    mark = Reading(message=row, unit_id=post.unit_id, post_id=post.id, at=aggregate.at)
    aggregate.know(row)
    aggregate.put(mark)
    now = shown(aggregate, row, readings=[*readings, mark])
    told(aggregate, MessageRead(now, f"unit:{post.unit_id}", post.unit_id), thread.audience, thread.audience)
    aggregate.put(row)


def _lock(message_id: UUID, cmd: Command) -> tuple[Aggregate, Message, Thread]:
    """The message under its issue's lock. Raises NotFound for one that the actor may not read."""
    known = Message.objects.filter(pk=message_id, issue__centre_id=cmd.actor.centre_id)
    issue_id = known.values_list("issue_id", flat=True).first()
    if issue_id is None:
        raise _not_found()
    aggregate = lock_issue(issue_id, actor=cmd.actor, claim=cmd)
    row = Message.objects.get(pk=message_id)
    thread = thread_in(aggregate, row)
    if not cmd.actor.scope.sees(thread.audience):
        raise _not_found()
    return aggregate, row, thread


def _not_found() -> NotFound:
    """What is foreign does not exist."""
    return NotFound("message.not_found", "没有这条留言，或不在您的知悉范围内。")
