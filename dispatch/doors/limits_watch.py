"""What the desk is told of the doors without an account: how many inhabitants are being turned away."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from command.access import Right
from command.people.authentication import BY_PERSON, person_of
from dispatch.doors.limits import TOLD_FOR, doorkeeper
from dispatch.verbs.requests import PROBLEMS, ProblemOut

router = Router(tags=["public"], auth=BY_PERSON)


class TurnedAwayOut(Schema):
    """How often somebody was refused for coming too often, in the last so many minutes."""

    times: int
    minutes: int


@router.get("/public-doors", response={200: TurnedAwayOut, PROBLEMS: ProblemOut})
def read_doors(request: HttpRequest, response: HttpResponse) -> TurnedAwayOut:
    """Whether inhabitants are being turned away now, for the duty desk; a console asks every 15 s. No fact, no row."""
    actor = person_of(request)
    actor.must(Right.ISSUES_ACCEPT)
    response["Cache-Control"] = "no-store"
    return TurnedAwayOut(times=doorkeeper.turned_away_lately(str(actor.centre_id)), minutes=TOLD_FOR)
