"""The fact of an item of the catalogue that an administrator changed. Pure."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from typing_extensions import TypedDict

from command.catalogue.contract import Level
from command.kept import Kept
from realtime.feed.cards import card_type, one_of


@card_type
class CatalogueItemCard(TypedDict):
    """An item of the catalogue. Never open."""

    code: str
    level: Annotated[str, one_of(Level)]
    open: bool
    retired: bool
    sensitive: bool
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItemChanged(Kept):
    """An item of the catalogue was added, amended, retired or taken into use again."""

    name: ClassVar[str] = "catalogue_item.changed"
    object_kind: ClassVar[str] = "catalogue_item"
    card: CatalogueItemCard
