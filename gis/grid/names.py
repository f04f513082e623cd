"""Invented Chinese place names for generated cells. Pure; the same seed gives the same names."""

import random
from typing import Final

from gis.grid.tiers import Tier

_FIRST: Final = "东西南北上下前后新青白金玉云月梅兰竹松桂柳枫荷芦石沙"
_SECOND: Final = "桥塘湾浦港渡滩坪泽荡埠堰渚岸溪"


class Namer:
    """Gives each township and community a stem of its own; grids and micro-grids are counted under it."""

    def __init__(self, seed: int) -> None:
        stems = [first + second for first in _FIRST for second in _SECOND]
        self._random = random.Random(seed)  # noqa: S311  # names, not secrets
        self._random.shuffle(stems)
        self._stems = stems

    def name(self, tier: Tier, number: int, parent: str) -> str:
        """The name of the cell that is `number` under `parent`. Raises ValueError when the stems run out."""
        match tier:
            case Tier.TOWNSHIP:
                return self._stem() + self._random.choice(("镇", "街道"))
            case Tier.COMMUNITY:
                return self._stem() + self._random.choice(("社区", "社区", "村"))
            case Tier.GRID:
                return f"{parent}第{number}网格"
            case Tier.MICRO_GRID:
                return f"{parent}{number:02d}微网格"
            case Tier.DISTRICT:
                raise ValueError("a district brings its own name")

    def _stem(self) -> str:
        if not self._stems:
            raise ValueError("more townships and communities than there are invented names")
        return self._stems.pop()
