"""Rows of handovers. What was signed stays: only that somebody takes over, or that it is withdrawn, is added, once."""

import uuid
from datetime import timedelta
from typing import ClassVar, Final

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import CheckConstraint, F, Func, Index, Q, UniqueConstraint

from assessment.handovers.states import State

LONGEST: Final = timedelta(hours=24)  # of a shift at the desk: what lies further back is no part of its log


class Handover(models.Model):
    """One handover of a centre's desk: the sheet as the server made it then, the notes sealed, both posts.

    giver   None: nobody gave, the taker took over alone
    since   from here on the log of the shift tells: the handover before, at most 24 hours back
    sheet   posts, units, numbers and instants: nothing personal, no free text (assessment/handovers/sheet.py)
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    state = models.TextField(choices=State.choices())
    since = models.DateTimeField()
    at = models.DateTimeField()
    giver = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    taker = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    sheet = models.JSONField()
    sealed_notes = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="handover_state_is_known", condition=Q(state__in=sorted(State))),
            CheckConstraint(name="handover_version_is_positive", condition=Q(version__gte=1)),
            CheckConstraint(
                name="handover_is_of_a_day_at_most", condition=Q(since__lte=F("at"), since__gte=F("at") - LONGEST)
            ),
            CheckConstraint(
                name="handover_taken_names_who_took_it",
                condition=Q(state=State.TAKEN, taker__isnull=False, taken_at__isnull=False, taken_at__gte=F("at"))
                | (~Q(state=State.TAKEN) & Q(taker=None, taken_at=None)),
            ),
            CheckConstraint(
                name="handover_withdrawn_says_when",
                condition=Q(state=State.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_at__gte=F("at"))
                | (~Q(state=State.WITHDRAWN) & Q(withdrawn_at=None)),
            ),
            CheckConstraint(
                name="handover_without_giver_was_taken", condition=Q(giver__isnull=False) | Q(state=State.TAKEN)
            ),
            CheckConstraint(name="handover_is_between_two", condition=Q(giver=None) | ~Q(giver=F("taker"))),
            UniqueConstraint(name="one_handover_waits_at_a_desk", fields=["centre"], condition=Q(state=State.GIVEN)),
            ExclusionConstraint(
                name="shifts_of_a_desk_do_not_overlap",
                expressions=[
                    ("centre", RangeOperators.EQUAL),
                    (Func(F("since"), F("at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state=State.WITHDRAWN),
            ),
        ]
        indexes: ClassVar = [Index(name="handovers_of_a_desk", fields=["centre", "-at"])]
