"""Outside ways over HTTP: an administrator sets them up; the desk learns which fail."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from command.access import Right
from command.outside import actions
from command.outside.contract import Outcome, OutsideWay
from command.outside.models import Way
from command.people.authentication import BY_PERSON, command_of, person_of
from command.requests import ANSWERS, PROBLEMS, Body, ProblemOut, answered, must_expect

router = Router(tags=["admin"], auth=BY_PERSON)


class OutsideWayIn(Body):
    """How a way is set up. `secret` null: the one that is kept, or of a push the product's own. `corp` and `agent`:
    WeCom's corpid and DingTalk's AppKey, and the application there.

    `per_minute`: messages that the other side takes at most; what is more waits for the next minute.
    """

    rank: Annotated[int, Field(ge=1, le=9)]
    in_use: bool
    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    intranet: bool = False
    corp: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64, pattern=r"^[0-9A-Za-z_-]*$")] = ""
    agent: Annotated[int, Field(ge=1, le=2_000_000_000)] | None = None
    per_minute: Annotated[int, Field(ge=1, le=6000)] = 120
    secret: (
        Annotated[
            str, StringConstraints(strip_whitespace=True, min_length=16, max_length=200, pattern=r"^[\x21-\x7e]+$")
        ]
        | None
    ) = None


class OutsideWayOut(Schema):
    """A way as the administrator sees it: never its secret."""

    id: UUID
    kind: OutsideWay
    rank: int
    in_use: bool
    address: str
    intranet: bool
    corp: str
    agent: int | None
    per_minute: int
    version: int
    failing_since: datetime | None
    last_outcome: Outcome | None
    test_asked_at: datetime | None
    tested_at: datetime | None
    test_outcome: Outcome | None


@router.get("/outside-ways", response={200: list[OutsideWayOut], PROBLEMS: ProblemOut})
def list_outside_ways(request: HttpRequest, response: HttpResponse) -> list[Way]:
    """The ways that were set up, in the order in which they are taken."""
    response["Cache-Control"] = "no-store"
    actor = person_of(request)
    actor.must(Right.ADMIN_SETTINGS)
    return list(Way.objects.filter(centre_id=actor.centre_id).order_by("rank", "kind"))


@router.post("/outside-ways/{kind}", response=ANSWERS)
def keep_outside_way(request: HttpRequest, kind: OutsideWay, asked: OutsideWayIn) -> HttpResponse:
    """Sets up a way, or amends it; version 0: there is none yet."""
    form = actions.Form(**asked.model_dump())
    return answered(actions.keep(kind, form, expected=must_expect(request), cmd=command_of(request)))


@router.post("/outside-ways/{kind}/test", response=ANSWERS)
def test_outside_way(request: HttpRequest, kind: OutsideWay) -> HttpResponse:
    """Has a test message sent to the administrator's own work telephone; what came of it stands in the list."""
    return answered(actions.ask_test(kind, expected=must_expect(request), cmd=command_of(request)))
