"""A call and an attempt as cards show them, and who may see them. Source: docs/protocol.md, "Calls".

What may change with a correction of the issue (item, level, place) is not on them: screens take it from the issue.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from typing_extensions import TypedDict

from command.access import Role
from command.outside.contract import Outcome
from dispatch.matter.calls.models import Attempt, Call
from dispatch.matter.calls.states import RUNNING, Kind, Rung, State, Way
from dispatch.matter.issues.models import Issue, number_text
from realtime.feed.actions import wire_time
from realtime.feed.cards import Id, Instant, card_type, one_of
from realtime.feed.contract import Audience, AudienceClass


@card_type
class AnsweredByCard(TypedDict):
    """The post that answered: its unit and role, never who holds it."""

    post: Id
    role: Annotated[str, one_of(Role)]
    unit: Id


@card_type
class CallCard(TypedDict):
    """A call (叫应): who is called for what since when, and which post answered. Open until somebody has."""

    answered_at: Instant | None
    answered_by: AnsweredByCard | None
    at: Instant
    ended_at: Instant | None
    escalation: Id | None
    """The step of a ladder that it was made for."""
    exercise: bool
    into: Id | None
    """The call that goes on from it."""
    issue: Id
    kind: Annotated[str, one_of(Kind)]
    message: Id | None
    """That needs an answer."""
    next_at: Instant | None
    """The next rung, or the next telephone call, is due."""
    number: str
    """Its issue's."""
    open: bool
    order: Id | None
    posts: list[Id]
    """All that are called: they ring while it is `open`."""
    rank: Annotated[str, one_of(Rung)]
    """Of the rung that was reached last."""
    request: Id | None
    rung: int
    state: Annotated[str, one_of(State)]
    unit: Id
    """That is to answer."""


@card_type
class AttemptCard(TypedDict):
    """That a post was called by a channel. An event, never open."""

    attempted_at: Instant | None
    call: Id
    channel: Annotated[str, one_of(Way)]
    issue: Id
    open: bool
    outcome: Annotated[str, one_of(Outcome)] | None
    """Of the last try by a way outside the house; the page has receipts."""
    post: Id
    queued_at: Instant
    rank: Annotated[str, one_of(Rung)]
    rung: int
    tries: int


def call_card(call: Call, issue: Issue) -> CallCard:
    """Who is called for what since when, and who answered. `posts` ring while it is open and not listed."""
    return {
        "answered_at": _wire(call.answered_at),
        "answered_by": answered_by(call),
        "at": wire_time(call.called_at),
        "ended_at": _wire(call.ended_at),
        "escalation": _id(call.escalation_id),
        "exercise": issue.exercise,
        "into": _id(call.into_id),
        "issue": str(issue.pk),
        "kind": str(call.kind),
        "message": _id(call.message_id),
        "next_at": _wire(call.next_at),
        "number": number_text(issue.number),
        "open": call.state in RUNNING,
        "order": _id(call.order_id),
        "posts": [str(post) for post in call.posts],
        "rank": str(call.rank),
        "request": _id(call.request_id),
        "rung": call.rung,
        "state": str(call.state),
        "unit": str(call.unit_id),
    }


def answered_by(call: Call) -> AnsweredByCard | None:
    """The post that answered: its unit and role, never who holds it."""
    post = call.answered_post
    return {"post": str(post.pk), "role": str(post.role), "unit": str(post.unit_id)} if post else None


def attempt_card(attempt: Attempt, call: Call) -> AttemptCard:
    """Which post was called by what, when. An event: never open."""
    return {
        "attempted_at": _wire(attempt.attempted_at),
        "call": str(call.pk),
        "channel": str(attempt.channel),
        "issue": str(call.issue_id),
        "open": False,
        "outcome": attempt.outcome and str(attempt.outcome),
        "post": str(attempt.post_id),
        "queued_at": wire_time(attempt.queued_at),
        "rank": str(attempt.rank),
        "rung": attempt.rung,
        "tries": attempt.tries,
    }


def audience_of(call: Call, issue: Issue, *, sensitive: bool | None = None, posts: Sequence[UUID] = ()) -> Audience:
    """For its facts: the centre's desk, the unit that is to answer, and every post that is called.

    sensitive  as the issue was before a change of it; None: as it is
    posts      as they were before; none: as they are
    """
    hidden = issue.sensitive if sensitive is None else sensitive
    root = issue.place.split("/", 1)[0]
    tokens = [f"place:{root}", f"unit:{call.unit_id}", *(f"post:{post}" for post in posts or call.posts)]
    return Audience.of(tokens, AudienceClass.SENSITIVE if hidden else AudienceClass.DESK)


def _wire(moment: datetime | None) -> str | None:
    return wire_time(moment) if moment else None


def _id(key: UUID | None) -> str | None:
    return str(key) if key else None
