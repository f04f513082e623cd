"""What the tests of calls say short: whom a call has called, minute by minute."""

from datetime import timedelta
from uuid import UUID

from command.people.models import Post
from command.units.models import UnitContact
from dispatch.matter.call_law.ringing import ring_due
from dispatch.matter.calls.models import Attempt, Call
from dispatch.matter.clock_law import fire_due
from dispatch.verbs import calls as verbs
from realtime.feed.clock import shifted
from realtime.feed.contract import Answer
from tests.dispatch.desk import MINUTE, Desk


def post_of(desk: Desk, username: str) -> UUID:
    """The first post of somebody."""
    post = Post.objects.filter(person_id=desk.built.people[username]).order_by("active_from", "pk").first()
    assert post is not None
    return post.pk


def contacts(desk: Desk, unit: str, *people: tuple[str, str]) -> None:
    """The ordered contacts of a unit: a username and a rank each."""
    for place, (username, rank) in enumerate(people, start=1):
        UnitContact.objects.create(unit_id=desk.unit(unit), post_id=post_of(desk, username), rank=rank, place=place)


def the_call(issue_id: UUID, kind: str = "new_order") -> Call:
    """The latest call of a kind."""
    call = Call.objects.filter(issue_id=issue_id, kind=kind).order_by("called_at", "pk").last()
    assert call is not None, f"no {kind} was called"
    return call


def called(desk: Desk, call: Call) -> list[tuple[int, str]]:
    """Who was called: rung and username, in order."""
    names = {post_of(desk, name): name for name in desk.built.people}
    rows = Attempt.objects.filter(call=call).order_by("rung", "queued_at", "pk").values_list("rung", "post_id")
    return sorted((rung, names[post]) for rung, post in rows)


def at(minute: float, *, timer: bool = True) -> None:
    """The timer's pass at so many minutes from now."""
    with shifted(timedelta(minutes=minute)):
        if timer:
            fire_due()
        ring_due()


def answers(desk: Desk, call: Call, by: str, minute: float = 0) -> Answer:
    """应答."""
    with shifted(minute * MINUTE):
        return verbs.answer(call.pk, cmd=desk.command(by))
