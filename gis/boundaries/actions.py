"""The only writer of imported boundaries: cells end and begin, and the import itself is a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from uuid import UUID, uuid4

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection, transaction

from gis.boundaries.checks import Row
from gis.boundaries.facts import CellsImported
from gis.boundaries.faults import ImportRefused
from gis.boundaries.held import HeldCell
from gis.boundaries.marks import Mark
from gis.boundaries.models import BoundaryImport, ImportedCell
from gis.boundaries.plan import Plan
from gis.boundaries.queries import grid_stamp
from gis.boundaries.reading import SourceFile
from gis.boundaries.surroundings import Surroundings
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed import clock
from realtime.feed.actions import record, wire_time
from realtime.feed.contract import Audience, AudienceClass, Change

# A transaction that makes ten thousand rows before it sends any stands idle for longer than the role's 2 s (seen).
ROWS_PER_STATEMENT: Final = 500


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the boundaries come from, as it is kept."""

    source: SourceFile
    sha256: bytes
    mapping: str
    skipped: int


@transaction.atomic
def take_over(
    centre_id: UUID,
    plan: Plan,
    *,
    origin: Origin,
    valid_from: datetime | None,
    surroundings: Surroundings,
    move_issues: bool = False,
) -> BoundaryImport:
    """Makes a plan true: ended and changed cells end at `valid_from`, new rows begin, the rest is not touched.

    valid_from   None: now (the database's clock). Not later than now: readers take the row without an end as valid
    move_issues  open issues may lie in cells that end for good: the caller has them moved after the commit
    Raises ImportRefused when the cells have changed since the plan was made, when an open issue would lie in a cell
    that ends for good (unless `move_issues`), when a post or a unit answers for such a cell, when `valid_from` is
    in the future or before a cell it ends began.
    One fact for the whole import. Costs a statement per 500 rows and about ten more.
    """
    with connection.cursor() as cursor:  # one import at a time per centre; issues wait for none of this
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('boundaries ' || %s, 0))", [str(centre_id)])
    if grid_stamp(centre_id) != plan.stamp:
        raise ImportRefused("试运行之后，本中心的网格已被改动。", "重新运行一次。")
    leaving = [change.held for change in plan.changed] + list(plan.ended)
    # FOR UPDATE, not NO KEY: a report that is being placed in one of them holds its key, and must be counted below.
    list(Cell.objects.select_for_update().filter(pk__in=[cell.id for cell in leaving]).order_by("pk").values_list("pk"))
    _refuse_posts(plan, surroundings)
    _refuse_units(centre_id, plan, surroundings)
    if not move_issues:
        _refuse_orphans(plan, surroundings)
    at = clock.at(None)
    begins = valid_from or at
    _check_time(begins, at, latest=max((cell.valid_from for cell in leaving), default=None))
    done = BoundaryImport.objects.create(
        centre_id=centre_id,
        file_name=origin.source.name,
        file_sha256=origin.sha256,
        mapping=origin.mapping,
        source_crs=origin.source.crs.code or origin.source.crs.name,
        crs_named_by=origin.source.crs.named_by,
        features=len(origin.source.rows),
        skipped=origin.skipped,
        unchanged=len(plan.unchanged),
        valid_from=begins,
        applied_at=at,
    )
    Cell.objects.filter(pk__in=[cell.id for cell in leaving]).update(valid_until=begins)
    rows = [*plan.begun, *(change.row for change in plan.changed)]
    ids = _begin(centre_id, rows, plan, begins)
    _carry(plan, ids)
    _mark(done, rows, leaving, ids)
    for row in rows:
        if row.tier is Tier.DISTRICT:
            surroundings.outline_changed(centre_id, row.polygon)
    _record_fact(done, plan, root=(rows or leaving)[0].path.split("/", 1)[0])
    return done


def _record_fact(done: BoundaryImport, plan: Plan, *, root: str) -> None:
    """Records the import, for everybody who draws the centre's cells."""
    fact = CellsImported(done.pk, len(plan.begun), len(plan.changed), len(plan.ended), wire_time(done.valid_from))
    everybody = Audience.of([f"place:{root}"], AudienceClass.PUBLIC)
    record(None, Change(fact, None, everybody), at=done.applied_at, centre_id=done.centre_id)


def _mark(done: BoundaryImport, rows: Sequence[Row], leaving: Sequence[HeldCell], ids: dict[str, UUID]) -> None:
    """Keeps with the import what it did to each cell."""
    marks = [
        ImportedCell(
            boundary_import=done, cell_id=ids[row.path], mark=Mark.BEGUN, feature=row.number, repaired_m2=row.repaired
        )
        for row in rows
    ]
    marks += [ImportedCell(boundary_import=done, cell_id=cell.id, mark=Mark.ENDED) for cell in leaving]
    for start in range(0, len(marks), ROWS_PER_STATEMENT):
        ImportedCell.objects.bulk_create(marks[start : start + ROWS_PER_STATEMENT])


def _refuse_orphans(plan: Plan, surroundings: Surroundings) -> None:
    """Refuses to end a cell for good over open issues. In a changed cell their path goes on."""
    count = orphans_of(plan, surroundings)
    if count:
        raise ImportRefused(
            f"将终止的网格里还有 {count} 件未结事项，导入后它们将没有归属。",
            "加 --move-issues，把它们逐件移到现在包含其位置的网格（没有则移到仍有效的上级）；或在文件里保留这些网格。",
        )


def _refuse_posts(plan: Plan, surroundings: Surroundings) -> None:
    """Refuses to end a cell for good that somebody is responsible for: the post would answer for no ground."""
    posts = posts_of(plan, surroundings)
    if posts:
        raise ImportRefused(
            f"将终止的网格还有岗位负责：{posts_text(posts)}。",
            "先在管理台结束这些岗位，导入后在新的网格上另设；或在文件里保留这些网格。",
        )


def _refuse_units(centre_id: UUID, plan: Plan, surroundings: Surroundings) -> None:
    """Refuses to end a cell for good that a unit answers for.

    Its people would see a place that is no more, what is reported on that ground would come to another body, and nobody
    would be told. Whether the unit goes or who takes its ground over, a person decides.
    """
    units = units_of(centre_id, plan, surroundings)
    if units:
        raise ImportRefused(
            f"将终止的网格还有单位管辖：{'、'.join(units)}。",
            "先在管理台撤销这些单位，导入后按新的网格另设；或在文件里保留这些网格。",
        )


def units_of(centre_id: UUID, plan: Plan, surroundings: Surroundings) -> Sequence[str]:
    """Units that answer for the cells that a plan ends for good. One statement, none without such cells."""
    return surroundings.units_of(centre_id, [cell.path for cell in plan.ended]) if plan.ended else ()


def posts_of(plan: Plan, surroundings: Surroundings) -> Mapping[str, int]:
    """Posts of the cells that a plan ends for good, by unit. One statement, none without such cells."""
    return surroundings.posts_of([cell.id for cell in plan.ended]) if plan.ended else {}


def posts_text(posts: Mapping[str, int]) -> str:
    """Units with the count of their posts, as a line says it."""
    return "、".join(f"{unit} {count} 个" for unit, count in posts.items())


def orphans_of(plan: Plan, surroundings: Surroundings) -> int:
    """How many open issues lie in the cells that a plan ends for good. One statement, none without such cells."""
    return surroundings.open_issues_in([cell.id for cell in plan.ended]) if plan.ended else 0


def _check_time(begins: datetime, at: datetime, *, latest: datetime | None) -> None:
    if begins > at:
        raise ImportRefused(f"生效时间 {begins.isoformat()} 在将来。", "到生效之日再执行，或改用不晚于现在的时间。")
    if latest is not None and begins <= latest:
        raise ImportRefused(
            f"生效时间 {begins.isoformat()} 不晚于将终止的网格的起始时间 {latest.isoformat()}。",
            "改用更晚的生效时间。",
        )


def _begin(centre_id: UUID, rows: Sequence[Row], plan: Plan, begins: datetime) -> dict[str, UUID]:
    """Inserts the new rows, parents before children. Ids of all cells by path, as they stand afterwards."""
    ids = {cell.path: cell.id for cell in (*plan.unchanged, *plan.carried)}
    ids |= {row.path: uuid4() for row in rows}
    missing = {row.parent_path for row in rows if row.parent_path is not None and row.parent_path not in ids}
    ids |= dict(Cell.objects.filter(centre_id=centre_id, path__in=missing, valid_until=None).values_list("path", "pk"))
    ordered = sorted(rows, key=lambda row: row.path.count("/"))
    for start in range(0, len(ordered), ROWS_PER_STATEMENT):  # made and sent by turns: see ROWS_PER_STATEMENT
        Cell.objects.bulk_create(
            Cell(
                pk=ids[row.path],
                centre_id=centre_id,
                code=row.code,
                name=row.name,
                tier=row.tier,
                parent_id=ids[row.parent_path] if row.parent_path is not None else None,
                path=row.path,
                polygon=cast(MultiPolygon, GEOSGeometry(memoryview(row.polygon.wkb), srid=4490)),
                valid_from=begins,
            )
            for row in ordered[start : start + ROWS_PER_STATEMENT]
        )
    return ids


def _carry(plan: Plan, ids: dict[str, UUID]) -> None:
    """Hangs cells that stay below the new row of their changed parent; nothing else of them is touched."""
    moved = {change.held.id: ids[change.row.path] for change in plan.changed}
    pairs = [(cell.id, moved[cell.parent_id]) for cell in plan.carried if cell.parent_id is not None]
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grid_cell c SET parent_id = p.parent FROM unnest(%s::uuid[], %s::uuid[]) AS p(cell, parent)"
            " WHERE c.id = p.cell",
            [[cell for cell, _ in pairs], [parent for _, parent in pairs]],
        )
