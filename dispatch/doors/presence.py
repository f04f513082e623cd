"""Who else looks at an issue, over HTTP. No command: nothing is stored, no fact is made, no key is asked for."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from command.people.authentication import BY_PERSON, person_of
from dispatch.matter.aggregate.visible import must_see
from dispatch.verbs.requests import PROBLEMS, ProblemOut
from realtime.presence.onlookers import onlookers

router = Router(tags=["issues"], auth=BY_PERSON)


class OnlookerOut(Schema):
    """Somebody else who has the issue open: the post, not the person."""

    unit: UUID
    role: str


class PresenceOut(Schema):
    """The others; `known` is false while Redis, which alone remembers them, is away."""

    known: bool
    others: list[OnlookerOut]


@router.put("/issues/{issue_id}/presence", response={200: PresenceOut, PROBLEMS: ProblemOut})
def look_at(request: HttpRequest, issue_id: UUID, response: HttpResponse) -> PresenceOut:
    """The caller has the issue open now, for the next 25 seconds. Answers who else has."""
    actor = person_of(request)
    must_see(issue_id, actor=actor)
    post = actor.posts[0]
    others = onlookers.look(actor.centre_id, issue_id, f"{post.unit_id} {post.role} {post.id}")
    response["Cache-Control"] = "no-store"
    named = [other.split(" ") for other in others or ()]
    return PresenceOut(
        known=others is not None, others=[OnlookerOut(unit=UUID(unit), role=role) for unit, role, _ in named]
    )
