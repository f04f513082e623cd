"""Rows of lists that were taken in: by which command, and what each of their rows became."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

KINDS = ("people", "units", "rosters")


class TakenList(models.Model):
    """A list that somebody said to take in. `finished_at` is null while rows of it are still to be taken."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    by = models.TextField()  # principal
    key = models.TextField()  # the idempotency key: the same again is answered from here
    body_hash = models.BinaryField()
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="a_key_takes_one_list_in", fields=["by", "key"]),
            CheckConstraint(name="taken_list_is_of_a_known_kind", condition=Q(kind__in=KINDS)),
        ]


class TakenRow(models.Model):
    """What a row of a list became: the id of a person or a unit. Nothing personal."""

    list = models.ForeignKey(TakenList, on_delete=models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField()  # as the spreadsheet numbers it
    object_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="a_row_is_taken_in_once", fields=["list", "row"]),
            UniqueConstraint(name="an_object_comes_from_one_row", fields=["object_id"]),
        ]
