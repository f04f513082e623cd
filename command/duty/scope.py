"""Who may know of a unit's roster, numbers too: the unit's own posts, the desk, who keeps all rosters.

Who of it can be named to receive an order is told to the units above it as well: they forward orders to it.
"""

from uuid import UUID

from command.access import PersonActor, Right
from command.units.models import Unit
from realtime.feed.errors import NotFound


def oversees(actor: PersonActor) -> bool:
    """The desk, and the administrator."""
    return actor.may(Right.CALLS_TELEPHONE) or actor.may(Right.ADMIN_UNITS)


def must_know_who_receives(actor: PersonActor, unit_id: UUID) -> None:
    """Returns if the actor may know who of this unit can receive an order. Raises NotFound. Two statements."""
    unit = Unit.objects.filter(pk=unit_id, centre_id=actor.centre_id, retired_at=None).first()
    own = Unit.objects.filter(pk__in=[post.unit_id for post in actor.posts]).values_list("pk", "cell_path")
    if unit is None or not (oversees(actor) or any(_answers_over(pk, place, unit) for pk, place in own)):
        raise NotFound("unit.not_found", "没有这个单位，或您不能查看它的联络员。")


def _answers_over(own: UUID, place: str | None, unit: Unit) -> bool:
    """Whether it is the same unit, or one of whose place the other's is a part."""
    return own == unit.pk or bool(place and unit.cell_path and unit.cell_path.startswith(f"{place}/"))


def must_know(actor: PersonActor, unit_id: UUID) -> None:
    """Returns if the actor may know of this unit's roster. Raises NotFound. One statement."""
    own = any(post.unit_id == unit_id for post in actor.posts)
    known = own or oversees(actor)
    if not known or not Unit.objects.filter(pk=unit_id, centre_id=actor.centre_id).exists():
        raise NotFound("unit.not_found", "没有这个单位，或您不能查看它的值班表。")
