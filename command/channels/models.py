"""Rows of a centre's channels."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from command.channels.contract import ChannelRule, SourceFamily


class Channel(models.Model):
    """One way by which reports reach a centre. Renamed or retired; never deleted: reports keep its code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="channels")
    code = models.TextField()
    name_zh = models.TextField()
    source_family = models.TextField(choices=[(family.value, family.value) for family in SourceFamily])
    reporter_known = models.BooleanField()
    rules = ArrayField(models.TextField(), default=list)  # what it may not bring: ChannelRule
    rank = models.PositiveSmallIntegerField()  # where it stands in lists
    retired_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)  # of its fact; 0: as founded, never changed

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="channel_code_is_given_once_per_centre", fields=["centre", "code"]),
            CheckConstraint(name="channel_code_is_a_word", condition=Q(code__regex=r"^[a-z][a-z0-9_]{0,39}$")),
            CheckConstraint(name="channel_has_a_name", condition=~Q(name_zh="")),
            CheckConstraint(
                name="channel_family_is_known",
                condition=Q(source_family__in=[family.value for family in SourceFamily]),
            ),
            CheckConstraint(
                name="channel_rules_are_known",
                condition=Q(rules__contained_by=[rule.value for rule in ChannelRule]),
            ),
        ]
