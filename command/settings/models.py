"""Rows of settings and of their changes."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint


class Setting(models.Model):
    """One setting of a centre that is not, or was not always, its default."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="settings")
    name = models.TextField()
    value = models.JSONField()
    version = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="setting_stands_once_per_centre", fields=["centre", "name"]),
            CheckConstraint(name="setting_was_set_by_a_change", condition=Q(version__gte=1)),
        ]


class SettingChange(models.Model):
    """Who changed a setting when, from what to what. Never edited."""

    setting = models.ForeignKey(Setting, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.TextField()  # principal
    old = models.JSONField()
    new = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="setting_change_is_kept_once", fields=["setting", "version"]),
        ]
        indexes: ClassVar = [Index(name="setting_change_by_time", fields=["setting", "-at"])]
