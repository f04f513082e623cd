"""Rows of a centre's catalogue."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from command.catalogue.contract import Level


class CatalogueItem(models.Model):
    """What an issue of a centre may be about. Amended or retired; never deleted or renumbered: issues keep its code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="catalogue")
    code = models.TextField()
    category = models.TextField()
    category_zh = models.TextField()
    item_zh = models.TextField()
    kind = models.TextField()
    lead_department = models.TextField()  # code of a unit; `township` stands for whichever has jurisdiction
    co_departments = ArrayField(models.TextField(), default=list)
    level = models.TextField(choices=[(level.value, level.value) for level in Level])
    keywords = ArrayField(models.TextField(), default=list)
    urgent = models.BooleanField()
    on_scene_within_min = models.PositiveIntegerField(null=True)
    sensitive = models.BooleanField()
    retired_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)  # of its fact; 0: as founded, never changed

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="item_code_is_given_once_per_centre", fields=["centre", "code"]),
            CheckConstraint(name="item_code_is_four_digits", condition=Q(code__regex=r"^[0-9]{4}$")),
            CheckConstraint(name="item_level_is_known", condition=Q(level__in=[level.value for level in Level])),
            CheckConstraint(
                name="item_on_scene_time_is_positive",
                condition=Q(on_scene_within_min=None) | Q(on_scene_within_min__gte=1),
            ),
            CheckConstraint(name="item_has_names", condition=~Q(item_zh="") & ~Q(category_zh="")),
        ]
