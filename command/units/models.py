"""Rows of the centre and its units."""

import uuid
from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from command.units.departments import STORED_RANKS, Kind, Stationing


class Centre(models.Model):
    """A district's social-governance centre (综治中心): the unit of ordering, access and the number sequence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.TextField()  # of the statistical division; the root of every cell's path
    name = models.TextField()
    extent = models.MultiPolygonField(srid=4490)  # (lon, lat) degrees, CGCS2000: what its cells tile
    is_demonstration = models.BooleanField(default=False)  # its people and issues are invented

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="centre_code_is_given_once", fields=["code"]),
            CheckConstraint(name="centre_code_is_one_step_of_a_path", condition=Q(code__regex=r"^[0-9A-Za-z_-]+$")),
            CheckConstraint(name="centre_has_a_name", condition=~Q(name="")),
        ]


class Unit(models.Model):
    """A body that can hold posts and take orders: a department, a township, a utility, the centre's own desk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="units")
    code = models.TextField()
    name = models.TextField()
    short = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in Kind])
    stationing = models.TextField(choices=[(way.value, way.value) for way in Stationing])
    cell_path = models.TextField(null=True)  # null: answers for the whole centre, not for a place
    retired_at = models.DateTimeField(null=True)  # retired, never deleted or renumbered
    version = models.PositiveIntegerField(default=0)  # of its fact; 0: as founded, never changed

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="unit_code_is_given_once_per_centre", fields=["centre", "code"]),
            CheckConstraint(name="unit_kind_is_known", condition=Q(kind__in=[kind.value for kind in Kind])),
            CheckConstraint(name="unit_stationing_is_known", condition=Q(stationing__in=[w.value for w in Stationing])),
            CheckConstraint(
                name="township_centre_answers_for_a_place",
                condition=~Q(kind__in=["township_centre", "community_centre"]) | Q(cell_path__isnull=False),
            ),
            UniqueConstraint(name="centre_has_one_duty_desk", fields=["centre"], condition=Q(kind="desk")),
        ]


class UnitContact(models.Model):
    """Whom of a unit to call, in which order: the ladder goes down this list."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="contacts")
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+")
    rank = models.TextField(choices=[(rank.value, rank.value) for rank in STORED_RANKS])
    place = models.PositiveSmallIntegerField()  # 1 is called first

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="contact_rank_is_known", condition=Q(rank__in=[rank.value for rank in STORED_RANKS])),
            UniqueConstraint(name="contact_stands_once_per_unit", fields=["unit", "post"]),
            UniqueConstraint(name="contacts_have_an_order", fields=["unit", "place"]),
        ]
