"""Rows of what was imported: which file, in which coordinate system, and what it did to which cell."""

import uuid
from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from gis.boundaries.marks import Mark


class BoundaryImport(models.Model):
    """One file that was taken over. Kept for ever: it says where a boundary comes from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre_id = models.UUIDField()  # no foreign key: gis knows no centre
    file_name = models.TextField()
    file_sha256 = models.BinaryField(max_length=32)
    mapping = models.TextField()  # the map file, as it was
    source_crs = models.TextField()  # e.g. "EPSG:4549"; what is stored in cells is EPSG:4490
    crs_named_by = models.TextField()  # file, map or format
    features = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField()  # features at fault, left out on the operator's word
    unchanged = models.PositiveIntegerField()
    valid_from = models.DateTimeField()
    applied_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                name="import_holds_from_no_later_than_applied", condition=Q(valid_from__lte=models.F("applied_at"))
            ),
            CheckConstraint(name="import_says_its_coordinate_system", condition=~Q(source_crs="")),
        ]


class ImportedCell(models.Model):
    """What an import did to one cell. Unchanged cells have no row."""

    boundary_import = models.ForeignKey(BoundaryImport, on_delete=models.PROTECT, related_name="cells")
    cell = models.ForeignKey("grid.Cell", on_delete=models.PROTECT, related_name="+")
    mark = models.TextField(choices=[(mark.value, mark.value) for mark in Mark])
    feature = models.PositiveIntegerField(null=True)  # its number in the file; null: made as a union, or not named
    repaired_m2 = models.FloatField(null=True)  # how much area a repair moved

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="import_marks_a_cell_once", fields=["boundary_import", "cell"]),
            CheckConstraint(name="import_mark_is_known", condition=Q(mark__in=[mark.value for mark in Mark])),
        ]
