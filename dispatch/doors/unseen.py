"""The mark over HTTP: what is unseen, and that it was looked at. Nothing of it is a fact or in a snapshot."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from command.people.authentication import BY_PERSON, person_of
from dispatch.matter.cards.issues import IssueCard
from dispatch.matter.unseen.marking import MARKING, MARKING_FOR_MEMBERS
from dispatch.reading import unseen as queries
from dispatch.verbs import looking as actions
from dispatch.verbs.requests import PROBLEMS, Body, ProblemOut
from realtime.feed.cards import AS_TOLD

router = Router(tags=["unseen"], auth=BY_PERSON)


class UnseenChangeOut(Schema):
    """A fact that marks an issue; `danger`: numbers to call at once that its words sound like."""

    seq: int
    at: datetime
    name: str
    danger: list[str]


class MarkedOut(Schema):
    """A marked issue; version and card where it is open no more."""

    id: UUID
    changes: list[UnseenChangeOut]
    version: int | None
    card: Annotated[IssueCard, AS_TOLD] | None


class UnseenOut(Schema):
    """The caller's marks, true up to `seq`, and the names of the facts that set one from there on.

    `names_for_members`: those that mark only what the caller reported as a grid member.
    """

    seq: int
    names: list[str]
    names_for_members: list[str]
    issues: list[MarkedOut]


class LookIn(Body):
    """Up to which position of the feed the issue was drawn."""

    seq: int = Field(ge=1, lt=2**53)


@router.get("/issues/unseen", response={200: UnseenOut, PROBLEMS: ProblemOut})
def list_unseen(request: HttpRequest, response: HttpResponse) -> UnseenOut:
    """What others changed since the caller looked."""
    found = queries.unseen(actor=person_of(request))
    response["Cache-Control"] = "no-store"
    return UnseenOut(
        seq=found.seq,
        names=sorted(MARKING),
        names_for_members=sorted(MARKING_FOR_MEMBERS),
        issues=[MarkedOut.model_validate(one, from_attributes=True) for one in found.issues],
    )


@router.put("/issues/{issue_id}/look", response={204: None, PROBLEMS: ProblemOut})
def look(request: HttpRequest, issue_id: UUID, asked: LookIn) -> HttpResponse:
    """The caller has the issue before their eyes as it was at `seq`. No fact, no key: a repeat changes nothing."""
    actions.look(issue_id, asked.seq, actor=person_of(request))
    return HttpResponse(status=204)
