"""Duplicates over HTTP: parse, call, answer."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from command.people.authentication import BY_PERSON, actor_of
from dispatch.matter.cards.issues import IssueCard
from dispatch.reading import duplicates as queries
from dispatch.verbs.requests import PROBLEMS, ProblemOut
from realtime.feed.cards import AS_TOLD

router = Router(tags=["duplicates"], auth=BY_PERSON)


class ReasonOut(Schema):
    """Why an issue is offered: place, cell, item, category, department, time, text, ended."""

    code: str
    zh: str
    value: float | None


class DuplicateOut(Schema):
    """An issue that may be the same happening. Of its text only how near it is."""

    id: UUID
    version: int
    issue: Annotated[IssueCard, AS_TOLD]
    score: float
    reasons: list[ReasonOut]


@router.get("/issues/{issue_id}/duplicates", response={200: list[DuplicateOut], PROBLEMS: ProblemOut})
def list_duplicates(request: HttpRequest, issue_id: UUID, response: HttpResponse) -> list[DuplicateOut]:
    """What the issue may be a duplicate of, the likest first, with reasons. A person decides, by merging."""
    response["Cache-Control"] = "no-store"
    return [
        DuplicateOut(
            id=found.id,
            version=found.version,
            issue=found.card,
            score=found.score,
            reasons=[ReasonOut(code=reason.code, zh=reason.zh, value=reason.value) for reason in found.reasons],
        )
        for found in queries.candidates(issue_id, actor=actor_of(request))
    ]
