"""The only writers of the base map."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from gis.basemap.generation import PlannedFeature
from gis.basemap.models import BasemapFeature

ROWS_PER_STATEMENT: Final = 500


@transaction.atomic
def lay(centre_id: UUID, features: Sequence[PlannedFeature]) -> None:
    """Makes these the centre's base map, in place of what it had. A statement per 500 features and two more."""
    BasemapFeature.objects.filter(centre_id=centre_id).delete()
    for start in range(0, len(features), ROWS_PER_STATEMENT):  # made and sent by turns, so as never to idle for long
        BasemapFeature.objects.bulk_create(
            BasemapFeature(
                centre_id=centre_id,
                kind=feature.kind,
                name=feature.name,
                shape=GEOSGeometry(memoryview(feature.shape.wkb), srid=4490),
            )
            for feature in features[start : start + ROWS_PER_STATEMENT]
        )
