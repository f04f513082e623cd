"""Reads of a centre's catalogue. Frozen values out; nothing here writes or locks."""

from collections.abc import Mapping
from uuid import UUID

from command.catalogue.contract import Item, Level
from command.catalogue.models import CatalogueItem


def item(centre_id: UUID, code: str) -> Item | None:
    """One item, retired or not; None when the centre has none of this code. One statement."""
    row = CatalogueItem.objects.filter(centre_id=centre_id, code=code).first()
    return item_of(row) if row else None


def items(centre_id: UUID) -> Mapping[str, Item]:
    """All items by code, in its order; the retired too, for issues that have them. One statement."""
    return {row.code: item_of(row) for row in CatalogueItem.objects.filter(centre_id=centre_id).order_by("code")}


def offered(centre_id: UUID) -> tuple[Item, ...]:
    """The items that a new report can be about, in the catalogue's order. One statement."""
    return tuple(one for one in items(centre_id).values() if not one.retired)


def item_of(row: CatalogueItem) -> Item:
    """The frozen value of a row."""
    return Item(
        code=row.code,
        category=row.category,
        category_zh=row.category_zh,
        item_zh=row.item_zh,
        kind=row.kind,
        lead_department=row.lead_department,
        co_departments=tuple(row.co_departments),
        level=Level(row.level),
        keywords=tuple(row.keywords),
        urgent=row.urgent,
        on_scene_within_min=row.on_scene_within_min,
        sensitive=row.sensitive,
        retired=row.retired_at is not None,
    )
