"""Rows of situation reports and their files. The files lie in the database: backed up, and served by any gateway."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from assessment.situation.states import FileKind, State


class SituationReport(models.Model):
    """A report that somebody asked for: of which place and period, and from which position of the feed it was counted.

    `taken_at`, `attempts` and `progress` are the worker's own: no card shows them, so no fact tells them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    by = models.TextField()  # principal of who asked
    state = models.TextField(choices=[(state.value, state.value) for state in State])
    place = models.TextField()  # path of the cell that it is about: who may see all of that place may read it
    place_name = models.TextField()
    tier = models.TextField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    epoch = models.IntegerField(null=True)
    seq = models.BigIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)  # percent

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="situation_report_state_is_known", condition=Q(state__in=sorted(State))),
            CheckConstraint(name="situation_report_version_is_positive", condition=Q(version__gte=1)),
            CheckConstraint(name="situation_report_has_a_place", condition=~Q(place="")),
            CheckConstraint(name="situation_report_period_is_not_empty", condition=Q(to_at__gt=F("from_at"))),
            CheckConstraint(name="situation_report_progress_is_a_percentage", condition=Q(progress__lte=100)),
            CheckConstraint(
                name="situation_report_made_says_from_where",
                condition=~Q(state=State.MADE)
                | Q(made_at__isnull=False, epoch__isnull=False, seq__isnull=False, counted_at__isnull=False),
            ),
            UniqueConstraint(
                name="one_situation_report_in_the_making_per_person", fields=["by"], condition=Q(state=State.ASKED)
            ),
        ]
        indexes: ClassVar = [
            Index(name="situation_report_waiting", fields=["asked_at"], condition=Q(state=State.ASKED)),
            Index(name="situation_report_newest", fields=["centre", "-asked_at"]),
        ]


class SituationFile(models.Model):
    """One file of a report, compressed. Never edited."""

    report = models.ForeignKey(SituationReport, on_delete=models.PROTECT, related_name="files")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in FileKind])
    packed = models.BinaryField()  # gzip
    size = models.PositiveIntegerField()  # of the file itself, in bytes
    sha256 = models.TextField()  # of the file itself, hex

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="situation_report_has_each_file_once", fields=["report", "kind"]),
            CheckConstraint(name="situation_file_kind_is_known", condition=Q(kind__in=sorted(FileKind))),
        ]
