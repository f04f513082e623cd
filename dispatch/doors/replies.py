"""Replies over HTTP: parse, call, answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from command.people.authentication import BY_PERSON, actor_of, command_of
from dispatch.matter.cards.issues import IssueCard
from dispatch.matter.replies.models import Channel
from dispatch.reading import waiting
from dispatch.verbs import replies as actions
from dispatch.verbs.replies import NewReply
from dispatch.verbs.requests import ANSWERS, PROBLEMS, Body, Instant, Position, ProblemOut, Words, answered
from realtime.feed.cards import AS_TOLD

router = Router(tags=["replies"], auth=BY_PERSON)


class ReplyIn(Body):
    """What the reporter was told, how, and when."""

    channel: Channel
    text: Words
    told_at: Instant | None = None


class UnansweredOut(Schema):
    """An issue with reporters who wait for an answer, the last of them since `since`."""

    id: UUID
    version: int
    card: Annotated[IssueCard, AS_TOLD]
    reports: list[UUID]
    since: datetime


class UnansweredPageOut(Schema):
    """Some of `total` issues, the newest need first."""

    total: int
    issues: list[UnansweredOut]
    cursor: str | None


@router.post("/reports/{report_id}/replies", response=ANSWERS)
def reply(request: HttpRequest, report_id: UUID, asked: ReplyIn) -> HttpResponse:
    """Answers a reporter; who holds the query code reads it."""
    new = NewReply(asked.channel, asked.text, asked.told_at)
    return answered(actions.reply(report_id, new, cmd=command_of(request)))


@router.get("/issues/unanswered", response={200: UnansweredPageOut, PROBLEMS: ProblemOut})
def list_unanswered(
    request: HttpRequest,
    cursor: Position = None,
    limit: Annotated[int, Query(ge=1, le=waiting.MAX_PAGE)] = waiting.MAX_PAGE,
) -> waiting.Page:
    """Issues whose reporter was not answered, who began to wait last first; `total` counts the whole list."""
    return waiting.unanswered(actor=actor_of(request), cursor=cursor, limit=limit)
