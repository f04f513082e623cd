"""Rows of the tree of places."""

import uuid
from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from gis.grid.tiers import Tier


class Cell(models.Model):
    """One place of a centre's tree: district, township, community, grid or micro-grid. Dated: an issue keeps its cell.

    `path` is the codes from the root, joined by "/": the token `place:<path>` of audiences and scopes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre_id = models.UUIDField()  # no foreign key: gis knows no centre
    code = models.TextField()
    name = models.TextField()
    tier = models.TextField(choices=[(tier.value, tier.value) for tier in Tier])
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.TextField()
    polygon = models.MultiPolygonField(srid=4490)  # (lon, lat) degrees, CGCS2000; GiST index by default
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="cell_path_is_valid_once_at_a_time", fields=["centre_id", "path"], condition=Q(valid_until=None)
            ),
            CheckConstraint(name="cell_code_is_one_step_of_a_path", condition=Q(code__regex=r"^[0-9A-Za-z_-]+$")),
            CheckConstraint(name="cell_has_a_name", condition=~Q(name="")),
            CheckConstraint(name="cell_tier_is_known", condition=Q(tier__in=[tier.value for tier in Tier])),
            CheckConstraint(
                name="only_a_district_has_no_parent",
                condition=Q(parent=None, tier="district") | (Q(parent__isnull=False) & ~Q(tier="district")),
            ),
            CheckConstraint(
                name="cell_validity_ends_after_it_began",
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
            ),
        ]
        indexes: ClassVar = [Index(name="cell_by_centre_and_tier", fields=["centre_id", "tier", "path"])]
