"""Rows of backfills. The constraints say what must never be; docs/rules.md, "Whose time", says why."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from dispatch.matter.backfills.contract import OF_ISSUES, OF_ORDERS, REPORT, Outage
from dispatch.matter.facts import OnPaper
from realtime.feed.actions import wire_time


class Backfill(models.Model):
    """One step that happened on paper and was entered later (补录): both times, the ground, and who vouches for it.

    The step's own columns and clocks have the time of entering. Written once: the database refuses edits, a post that
    held no right to backfill then, and another issue's order (sql/backfills_v1.sql).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="backfills")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")  # null: the issue
    version = models.PositiveIntegerField()  # that the step gave to its order or issue
    verb = models.TextField()
    happened_at = models.DateTimeField()  # on paper
    entered_at = models.DateTimeField()  # the action's time: the database's clock
    ground = models.TextField(choices=[(ground.value, ground.value) for ground in Outage])
    post = models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, related_name="+"
    )  # the duty lead's, or a deputy's
    by = models.TextField()  # principal

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="step_is_backfilled_once", fields=["issue", "order", "version"], nulls_distinct=False
            ),
            CheckConstraint(
                name="backfill_happened_before_it_was_entered", condition=Q(happened_at__lt=F("entered_at"))
            ),
            CheckConstraint(name="backfill_ground_is_listed", condition=Q(ground__in=sorted(Outage))),
            CheckConstraint(
                name="backfill_is_of_a_listed_step",
                condition=Q(order=None, verb__in=sorted({REPORT, *OF_ISSUES}))
                | Q(order__isnull=False, verb__in=sorted(OF_ORDERS)),
            ),
            CheckConstraint(name="backfill_is_entered_by_a_person", condition=Q(by__startswith="person:")),
        ]

    def wire(self) -> OnPaper:
        """What the facts of the step say of it: no person, no free text."""
        return {"verb": self.verb, "happened_at": wire_time(self.happened_at), "ground": self.ground}
