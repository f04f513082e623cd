"""Rows of the base map."""

from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import CheckConstraint, Index, Q

from gis.basemap.kinds import Kind


class BasemapFeature(models.Model):
    """One road, river or lake of a centre's map. Only drawn; nothing is decided by it."""

    centre_id = models.UUIDField()  # no foreign key: gis knows no centre
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in Kind])
    name = models.TextField()  # "" for what has none
    shape = models.GeometryField(srid=4490)  # (lon, lat) degrees, CGCS2000: a line, or an area for a lake

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="basemap_kind_is_known", condition=Q(kind__in=[kind.value for kind in Kind])),
        ]
        indexes: ClassVar = [Index(name="basemap_of_centre", fields=["centre_id", "id"])]
