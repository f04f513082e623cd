"""Who may know of a unit's roster, numbers too: the unit's own posts, the desk, who keeps all rosters."""

from uuid import UUID

from command.access import PersonActor, Right
from command.units.models import Unit
from realtime.feed.errors import NotFound


def oversees(actor: PersonActor) -> bool:
    """The desk, and the administrator."""
    return actor.may(Right.CALLS_TELEPHONE) or actor.may(Right.ADMIN_UNITS)


def must_know(actor: PersonActor, unit_id: UUID) -> None:
    """Returns if the actor may know of this unit's roster. Raises NotFound. One statement."""
    own = any(post.unit_id == unit_id for post in actor.posts)
    known = own or oversees(actor)
    if not known or not Unit.objects.filter(pk=unit_id, centre_id=actor.centre_id).exists():
        raise NotFound("unit.not_found", "没有这个单位，或您不能查看它的值班表。")
