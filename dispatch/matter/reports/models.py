"""Rows of reports. What a report says of people is sealed; what is plain here names no one."""

import uuid
from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from dispatch.matter.reports.positions import Placing

_PLACINGS = sorted(Placing)


class Report(models.Model):
    """One telling of a happening, by one channel (上报). Its issue has at least one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="reports")
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)
    channel = models.TextField()
    source_number = models.TextField(null=True)  # null: the channel gives none
    position = models.PointField(srid=4490, null=True)  # (lon, lat) degrees, CGCS2000
    given_lon = models.FloatField(null=True)  # as it came in; without `position`: too far away to be one
    given_lat = models.FloatField(null=True)
    given_system = models.TextField(null=True)
    accuracy_m = models.FloatField(null=True)
    cell = models.ForeignKey("grid.Cell", on_delete=models.PROTECT, null=True, related_name="+")  # exact
    placing = models.TextField(choices=[(placing, placing) for placing in _PLACINGS])
    candidates = models.JSONField(default=list)  # ids of the cells that a person chooses from
    received_at = models.DateTimeField()  # at our interface: the relay up starts here
    source_received_at = models.DateTimeField(null=True)  # in the system that it came from
    observed_at = models.DateTimeField(null=True)  # by the device
    by = models.TextField()  # principal
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")  # grid member's
    withdrawn_at = models.DateTimeField(null=True)  # its reporter took it back; others' reports of the matter stand
    answerable = models.BooleanField(default=False)  # it named who told it, or came by a QR page: somebody waits
    code_hash = models.BinaryField(null=True)  # sha256 of its query code; null: told before there were codes
    sealed = models.BinaryField()  # text, address, reporter's name and telephone

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="source_number_comes_in_once_per_channel", fields=["centre", "channel", "source_number"]
            ),
            UniqueConstraint(name="query_code_belongs_to_one_report", fields=["code_hash"]),
            CheckConstraint(name="source_number_is_not_empty", condition=Q(source_number=None) | ~Q(source_number="")),
            CheckConstraint(name="report_has_a_channel", condition=~Q(channel="")),
            CheckConstraint(name="report_version_is_positive", condition=Q(version__gte=1)),
            CheckConstraint(name="report_placing_is_known", condition=Q(placing__in=_PLACINGS)),
            CheckConstraint(
                name="report_position_keeps_what_came_in",
                condition=Q(position=None, given_lon=None, given_lat=None, given_system=None)
                | Q(given_lon__isnull=False, given_lat__isnull=False, given_system__isnull=False),
            ),
            CheckConstraint(
                name="report_without_position_says_so",
                condition=Q(position=None, placing=Placing.NO_POSITION)
                | Q(position=None, placing=Placing.UNPLACED, given_lon__isnull=False)
                | (Q(position__isnull=False) & ~Q(placing=Placing.NO_POSITION)),
            ),
            CheckConstraint(
                name="report_placed_has_a_cell", condition=~Q(placing=Placing.PLACED) | Q(cell__isnull=False)
            ),
            CheckConstraint(
                name="report_accuracy_is_not_negative", condition=Q(accuracy_m=None) | Q(accuracy_m__gte=0)
            ),
        ]


class KnockCount(models.Model):
    """How often somebody has come to a door within a period: what the limits count while Redis is away.

    `who` is a keyed digest of an address or of a grid: nobody is named. Rows of past periods are removed by a duty.
    """

    who = models.BinaryField(primary_key=True)  # digest of the limit, of whom, and of the period
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)  # the period's end

    class Meta:
        constraints: ClassVar = [CheckConstraint(name="knock_count_is_positive", condition=Q(count__gte=1))]
