"""The tiers of a centre's tree of places, coarse to fine. Pure. Source: docs/rules.md, "Places"."""

from typing import Final

from realtime.words import Word


class Tier(Word):
    """How fine a cell is. A township may lack a tier below; none may appear above its coarser ones."""

    DISTRICT = "district", "区县"
    TOWNSHIP = "township", "镇街"
    COMMUNITY = "community", "村社"
    GRID = "grid", "网格"
    MICRO_GRID = "micro_grid", "微网格"  # 10 to 20 households


ORDER: Final = tuple(Tier)


def is_coarser(one: Tier, other: Tier) -> bool:
    """Whether `one` lies above `other` in the tree."""
    return ORDER.index(one) < ORDER.index(other)


def paths_above(path: str) -> tuple[str, ...]:
    """A path and every path that holds it, root first: `a/b/c` → `a`, `a/b`, `a/b/c`."""
    steps = path.split("/")
    return tuple("/".join(steps[: depth + 1]) for depth in range(len(steps)))


def lowest_common(paths: tuple[str, ...]) -> str:
    """The longest path that holds all of `paths`; "" when they share no root. Raises ValueError for none."""
    if not paths:
        raise ValueError("no paths have no common ancestor")
    steps = zip(*(path.split("/") for path in paths), strict=False)
    return "/".join(same[0] for same in _while_equal(list(steps)))


def _while_equal(steps: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    for index, step in enumerate(steps):
        if len(set(step)) > 1:
            return steps[:index]
    return steps
