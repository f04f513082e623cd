"""Today's flow over HTTP. A wall may ask: nothing here is personal data."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from command.people.authentication import BY_PERSON_OR_DEVICE, actor_of
from dispatch.matter.cards.issues import IssueCard
from dispatch.reading.flow import flow_today
from realtime.feed.cards import AS_TOLD

router = Router(tags=["flow"], auth=BY_PERSON_OR_DEVICE)


class StepOut(Schema):
    """One step of one issue; `card` is the issue's card after it."""

    at: str
    name: str
    issue_id: UUID
    version: int
    card: Annotated[IssueCard, AS_TOLD]


class FlowOut(Schema):
    """The latest steps since midnight, up to and including `seq`."""

    day: date
    seq: int
    steps: list[StepOut]


@router.get("/flow/today", response=FlowOut)
def read_flow(request: HttpRequest) -> FlowOut:
    """The latest steps of issues in the caller's scope since midnight, newest first."""
    return FlowOut.model_validate(flow_today(actor_of(request)), from_attributes=True)
