"""Which role fits which unit and place. Pure. Source: docs/rules.md, "Duty".

What a duty officer may see is the whole district with what is sensitive in it: in a list, 值班员 written for a
township's own duty officer (镇街值班) would open all of it to a township.
"""

from collections.abc import Mapping
from typing import Final

from command.access import Role, within
from command.units.departments import Kind
from gis.grid.tiers import Tier

KINDS_OF: Final[Mapping[Role, frozenset[Kind]]] = {
    Role.DUTY_OFFICER: frozenset({Kind.DESK}),
    Role.DUTY_LEAD: frozenset({Kind.DESK}),
    Role.TOWNSHIP_DESK: frozenset({Kind.TOWNSHIP_CENTRE, Kind.COMMUNITY_CENTRE}),
}
TIERS_OF: Final[Mapping[Role, frozenset[Tier]]] = {
    Role.TOWNSHIP_DESK: frozenset({Tier.TOWNSHIP, Tier.COMMUNITY}),
    Role.GRID_MEMBER: frozenset({Tier.GRID, Tier.MICRO_GRID}),
}


def fits_unit(role: Role, kind: Kind) -> bool:
    """Whether a role can be held in such a unit; those that no line above names, in any."""
    return kind in KINDS_OF.get(role, frozenset(Kind))


def fits_tier(role: Role, tier: Tier) -> bool:
    """Whether a role answers for cells of that tier."""
    return tier in TIERS_OF.get(role, frozenset(Tier))


def fits_place(role: Role, cell_path: str, unit_place: str | None) -> bool:
    """Whether a township's or community's desk answers for its own unit's place, or for one in it."""
    return role is not Role.TOWNSHIP_DESK or (unit_place is not None and within(cell_path, unit_place))
