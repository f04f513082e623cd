"""What a centre's catalogue begins with. Rows are made here once; from then on `actions` is the only writer."""

from uuid import UUID

from command.catalogue.contract import listed
from command.catalogue.models import CatalogueItem


def found_catalogue(centre_id: UUID, model: type[CatalogueItem] = CatalogueItem) -> None:
    """Gives a centre the listed items, inside the transaction that founds it. One statement.

    model  as a migration knows it
    """
    model.objects.bulk_create(
        model(
            centre_id=centre_id,
            code=item.code,
            category=item.category,
            category_zh=item.category_zh,
            item_zh=item.item_zh,
            kind=item.kind,
            lead_department=item.lead_department,
            co_departments=list(item.co_departments),
            level=item.level,
            keywords=list(item.keywords),
            urgent=item.urgent,
            on_scene_within_min=item.on_scene_within_min,
            sensitive=item.sensitive,
        )
        for item in listed().values()
    )
