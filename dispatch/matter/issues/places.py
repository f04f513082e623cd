"""Which place of an issue others may see: a grid at the finest. The micro-grid is for the desk and the units."""

from typing import Annotated

from typing_extensions import TypedDict

from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed.cards import Id, card_type, one_of


@card_type
class CellCard(TypedDict):
    """A cell as cards name it."""

    code: str
    id: Id
    name: str
    path: str
    """The codes from the centre's own cell down to it, with slashes."""
    tier: Annotated[str, one_of(Tier)]


def public_cell(cell: Cell | None) -> Cell | None:
    """The cell, or its grid when it is a micro-grid. None for what is unplaced. `parent` should be loaded."""
    if cell is not None and cell.tier == Tier.MICRO_GRID:
        return cell.parent
    return cell


def public_path(cell: Cell | None, root: str) -> str:
    """The path that an issue's facts are for; `root`, the centre's own, for what is unplaced."""
    shown = public_cell(cell)
    return shown.path if shown else root


def cell_card(cell: Cell | None) -> CellCard | None:
    """A cell as cards name it."""
    if cell is None:
        return None
    return {"code": cell.code, "id": str(cell.pk), "name": cell.name, "path": cell.path, "tier": str(cell.tier)}
