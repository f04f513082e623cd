"""Rows of rosters: of each unit its weekly shifts, dated shifts and absences, its own days; and who began a shift."""

import uuid
from datetime import timedelta
from typing import ClassVar, Final

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import CheckConstraint, F, Func, Q, UniqueConstraint

from command.units.departments import Stationing

KINDS: Final = sorted(kind.value for kind in Stationing)

# Minutes that a shift covers, from Monday's first on; what begins on Sunday may go on into an eighth day.
MINUTES: Final = "int4range(weekday * 1440 + from_min, weekday * 1440 + from_min + minutes)"
# The same twice, so that what ends on Monday covers the first ones of the week. An index sees no hole in it: it finds
# who overlaps among the few of a post, not who is on duty among all of a unit.
COVERED_MINUTES: Final = (
    "int4multirange(int4range(weekday * 1440 + from_min, weekday * 1440 + from_min + minutes),"
    " int4range(weekday * 1440 + from_min - 10080, weekday * 1440 + from_min + minutes - 10080))"
)


class Roster(models.Model):
    """That a unit has a roster, with the version that an edit names. Its row is the lock of all that stands in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.OneToOneField("organisations.Unit", on_delete=models.PROTECT, related_name="roster")
    version = models.PositiveIntegerField(default=0)  # of its fact


class WeeklyShift(models.Model):
    """A shift that comes back each week on the local day on which it begins; it may go on past midnight."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+", db_index=False)
    weekday = models.PositiveSmallIntegerField()  # 0 Monday
    from_min = models.PositiveSmallIntegerField()  # of the local day
    minutes = models.PositiveSmallIntegerField()
    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="weekly_shift_begins_on_a_weekday", condition=Q(weekday__lte=6)),
            CheckConstraint(name="weekly_shift_begins_within_its_day", condition=Q(from_min__lt=1440)),
            CheckConstraint(name="weekly_shift_lasts_a_day_at_most", condition=Q(minutes__gt=0, minutes__lte=1440)),
            CheckConstraint(name="weekly_shift_kind_is_known", condition=Q(kind__in=KINDS)),
            ExclusionConstraint(
                name="weekly_shifts_of_a_post_do_not_overlap",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (
                        Func(F("weekday"), F("from_min"), F("minutes"), template=COVERED_MINUTES),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes: ClassVar = [
            GistIndex(
                F("unit"), Func(F("weekday"), F("from_min"), F("minutes"), template=MINUTES), name="on_duty_by_week"
            )
        ]


class DatedShift(models.Model):
    """A shift of one date; without a kind an absence: the post is not on duty meanwhile, whatever its week says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.TextField(null=True, choices=[(kind, kind) for kind in KINDS])

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="dated_shift_ends_after_it_began", condition=Q(ends_at__gt=F("starts_at"))),
            CheckConstraint(
                name="dated_shift_lasts_a_day_at_most",
                condition=Q(kind=None) | Q(ends_at__lte=F("starts_at") + timedelta(hours=24)),
            ),
            CheckConstraint(name="dated_shift_kind_is_known", condition=Q(kind=None) | Q(kind__in=KINDS)),
            ExclusionConstraint(
                name="nobody_has_two_dated_shifts_at_once",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (Func(F("starts_at"), F("ends_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes: ClassVar = [
            GistIndex(F("unit"), Func(F("starts_at"), F("ends_at"), function="tstzrange"), name="on_duty_by_date")
        ]


class OwnDay(models.Model):
    """A local day on which no weekly shift of a unit begins: a holiday, an exercise; dated shifts say who is there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [UniqueConstraint(name="own_day_stands_once_per_unit", fields=["unit", "day"])]


class Attendance(models.Model):
    """That somebody of the desk has begun a shift (接班): of each post the latest one. What was before, facts tell."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.OneToOneField("people.Post", on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                name="attendance_ends_after_it_began", condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at"))
            ),
            CheckConstraint(name="attendance_version_is_positive", condition=Q(version__gte=1)),
        ]
