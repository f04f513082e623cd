"""Who works in a whole county besides the demonstration's own accounts: nobody of them can sign in. Pure.

A liaison for each body, a desk for each township and community, a member for each grid: an order needs a unit that
somebody answers for, and a report from a grid needs who is responsible there.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from command.access import Role

_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_FIRST: Final = "文志建晓海明玉春国秀丽永俊雅思宏立佳振淑"
_SECOND: Final = "华平兰强芳军敏杰红涛静刚燕峰玲斌慧亮娟宁"


@dataclass(frozen=True, slots=True)
class Seat:
    """A post to be held: in the unit of this code, for the cell of this path where the role is a place's."""

    username: str
    role: Role
    unit: str
    cell_path: str | None = None


def place_code(kind: str, path: str, root: str) -> str:
    """The code of the unit, or name of the account, that answers for a place: `township_004`, `grid_004012001`."""
    return f"{kind}_{path.rpartition('/')[2].removeprefix(root)}"


def seats(
    bodies: Iterable[str],
    townships: Mapping[str, str],
    communities: Mapping[str, str],
    grids: Iterable[str],
    *,
    root: str,
    taken: Iterable[Seat] = (),
) -> list[Seat]:
    """Everybody that a county needs, in a fixed order.

    bodies       codes of the units that answer for no place
    townships    unit code by path; communities the same
    grids        paths
    root         the centre's code, with which every cell's code begins
    taken        seats that somebody holds
    """
    held = {(seat.role, seat.cell_path or seat.unit) for seat in taken}
    found = [Seat(f"liaison_{code}", Role.LIAISON, code) for code in bodies if (Role.LIAISON, code) not in held]
    for kind, units in (("town", townships), ("community", communities)):
        found += [
            Seat(place_code(kind, path, root), Role.TOWNSHIP_DESK, code, path)
            for path, code in units.items()
            if (Role.TOWNSHIP_DESK, path) not in held
        ]
    homes = {**townships, **communities}
    for path in grids:
        community = path.rpartition("/")[0]
        unit = homes.get(community) or homes[community.rpartition("/")[0]]
        if (Role.GRID_MEMBER, path) not in held:
            found.append(Seat(place_code("grid", path, root), Role.GRID_MEMBER, unit, path))
    return found


def names(seats: Sequence[Seat], *, seed: int) -> list[str]:
    """An invented name for each; the same seed gives the same ones."""
    choose = random.Random(seed)  # noqa: S311  # names, not secrets
    return [choose.choice(_SURNAMES) + choose.choice(_FIRST) + choose.choice(_SECOND) for _ in seats]
