"""Reads of a centre's catalogue. Frozen values out; nothing here writes or locks."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from command.catalogue.contract import Item, Level
from command.catalogue.models import CatalogueItem
from realtime.feed.statements import Rows, ask

# A hundred model instances for each read of the catalogue cost more than the statement.
_COLUMNS: Final = (
    "code",
    "category",
    "category_zh",
    "item_zh",
    "kind",
    "lead_department",
    "co_departments",
    "level",
    "keywords",
    "urgent",
    "on_scene_within_min",
    "sensitive",
    "retired_at",
)


ITEM_OF: Final = f"SELECT {', '.join(_COLUMNS)} FROM catalogue_catalogueitem WHERE centre_id = %s AND code = "  # noqa: S608


def item(centre_id: UUID, code: str) -> Item | None:
    """One item, retired or not; None when the centre has none of this code. One statement."""
    return of_found(ask([(ITEM_OF + "%s", [centre_id, code])])[0])


def of_found(rows: Rows) -> Item | None:
    """The item that a statement has found that begins with `ITEM_OF`; None: none."""
    return _item(rows[0]) if rows else None


def items(centre_id: UUID) -> Mapping[str, Item]:
    """All items by code, in its order; the retired too, for issues that have them. One statement."""
    rows = CatalogueItem.objects.filter(centre_id=centre_id).order_by("code").values_list(*_COLUMNS)
    return {row[0]: _item(row) for row in rows}


def offered(centre_id: UUID) -> tuple[Item, ...]:
    """The items that a new report can be about, in the catalogue's order. One statement."""
    rows = CatalogueItem.objects.filter(centre_id=centre_id, retired_at=None).order_by("code")
    return tuple(_item(row) for row in rows.values_list(*_COLUMNS))


def item_of(row: CatalogueItem) -> Item:
    """The frozen value of a row."""
    return _item(tuple(getattr(row, column) for column in _COLUMNS))


def _item(columns: tuple[Any, ...]) -> Item:
    """From the columns as `_COLUMNS` names them."""
    code, category, category_zh, item_zh, kind, lead, assists, level, keywords, urgent, minutes, sensitive, retired = (
        columns
    )
    return Item(
        code=code,
        category=category,
        category_zh=category_zh,
        item_zh=item_zh,
        kind=kind,
        lead_department=lead,
        co_departments=tuple(assists),
        level=Level(level),
        keywords=tuple(keywords),
        urgent=urgent,
        on_scene_within_min=minutes,
        sensitive=sensitive,
        retired=retired is not None,
    )
