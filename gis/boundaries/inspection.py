"""Whether the cells that a centre has tile one another: the check that may be run at any time. Pure.

Source: docs/rules.md, "Places": children fill their parent, siblings share edges and nothing else.
"""

from collections import defaultdict
from collections.abc import Collection

from gis.boundaries import tiling
from gis.boundaries.faults import Fault, FaultBook, FaultKind
from gis.boundaries.held import HeldCell, HeldGrid
from gis.boundaries.map_file import TolerancesTable


def inspect(held: HeldGrid, tolerances: TolerancesTable, *, below: Collection[str] | None = None) -> list[Fault]:
    """Every overlap between siblings, every child that leaves its parent, every gap below a cell that has children.

    below  only the children of cells at these paths; None: of all
    """
    book = FaultBook([])
    children_of: dict[str, list[HeldCell]] = defaultdict(list)
    for cell in held.cells:
        children_of[cell.path.rpartition("/")[0]].append(cell)
    for parent in held.cells:
        if (below is None or parent.path in below) and (children := children_of.get(parent.path)):
            _inspect_children(parent, children, tolerances, book)
    return book.faults


def _inspect_children(parent: HeldCell, children: list[HeldCell], tolerances: TolerancesTable, book: FaultBook) -> None:
    by_path = {child.path: child for child in children}
    areas = {child.path: child.polygon for child in children}
    for overlap in tiling.overlaps(areas, over_m2=tolerances.overlap_m2):
        first, second = by_path[overlap.first], by_path[overlap.second]
        book.blame(
            None,
            first.code,
            "polygon",
            FaultKind.OVERLAP,
            f"{first.name} 与 {second.name}（{second.code}）重叠 {overlap.area_m2:,.1f} 平方米。",
            "改正其中一个的边界后重新导入。",
            where=overlap.where,
        )
    for child in children:
        for piece in tiling.outside(parent.polygon, child.polygon, over_m2=tolerances.outside_m2):
            book.blame(
                None,
                child.code,
                "polygon",
                FaultKind.LEAVES_PARENT,
                f"{child.name} 超出上级 {parent.name} {piece.area_m2:,.1f} 平方米。",
                "改正其边界或上级后重新导入。",
                where=piece.where,
            )
    for piece in tiling.gaps(parent.polygon, list(areas.values()), over_m2=tolerances.gap_m2):
        middle = piece.where.representative_point()
        book.blame(
            None,
            parent.code,
            "polygon",
            FaultKind.GAP,
            f"{parent.name} 有 {piece.area_m2:,.1f} 平方米没有下级网格，在（{middle.x:.6f}, {middle.y:.6f}）附近。",
            "补画缺少的网格后重新导入。",
            blocks=False,
            where=piece.where,
        )
