"""Rows of clocks. `due_at` and `fired_at` are kept: what was late stays on record."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dispatch.clocks.allowances import RELAY_WITHIN, ClockKind

_RELAYS = sorted([ClockKind.RELAY_UP.value, ClockKind.RELAY_DOWN_ORDER.value, ClockKind.RELAY_DOWN_ISSUE.value])


class Clock(models.Model):
    """One clock of an issue: a report's relay up, an order's relay down, or the issue's own relay down."""

    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="clocks")
    report = models.ForeignKey("intake.Report", on_delete=models.PROTECT, null=True, related_name="+")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")
    round = models.PositiveIntegerField(default=1)
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in ClockKind])
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)  # when it became true: its due time, not when it was noticed

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                name="clock_judges_what_its_kind_says",
                condition=Q(kind=ClockKind.RELAY_UP, report__isnull=False, order=None)
                | Q(kind=ClockKind.RELAY_DOWN_ORDER, report=None, order__isnull=False)
                | Q(kind=ClockKind.RELAY_DOWN_ISSUE, report=None, order=None),
            ),
            UniqueConstraint(name="report_has_one_relay_up", fields=["report"], condition=Q(kind=ClockKind.RELAY_UP)),
            UniqueConstraint(
                name="order_has_one_relay_down", fields=["order"], condition=Q(kind=ClockKind.RELAY_DOWN_ORDER)
            ),
            UniqueConstraint(
                name="issue_has_one_relay_down_per_round",
                fields=["issue", "round"],
                condition=Q(kind=ClockKind.RELAY_DOWN_ISSUE),
            ),
            CheckConstraint(name="clock_is_due_after_it_started", condition=Q(due_at__gt=F("started_at"))),
            CheckConstraint(
                name="relay_lasts_sixty_minutes",
                condition=~Q(kind__in=_RELAYS) | Q(due_at=F("started_at") + RELAY_WITHIN),
            ),
            CheckConstraint(
                name="clock_stops_after_it_started", condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at"))
            ),
            CheckConstraint(
                name="clock_is_breached_from_its_due_time", condition=Q(breached_at=None) | Q(breached_at=F("due_at"))
            ),
            CheckConstraint(
                name="clock_stopped_late_is_breached",
                condition=Q(stopped_at=None) | Q(stopped_at__lt=F("due_at")) | Q(breached_at__isnull=False),
            ),
            CheckConstraint(
                name="clock_stopped_in_time_is_not_breached",
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("due_at")) | Q(breached_at=None),
            ),
        ]
        indexes: ClassVar = []


class Due(models.Model):
    """A point at which a running clock does something, once. Taken back when the clock stops before it."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="dues")
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="+")
    percent = models.PositiveSmallIntegerField()  # of the clock's allowance
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)  # when it was noticed; null: still to come

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="clock_fires_each_step_once", fields=["clock", "percent"]),
            CheckConstraint(name="step_is_a_percentage", condition=Q(percent__gte=1, percent__lte=100)),
            CheckConstraint(
                name="nothing_fires_before_it_is_due", condition=Q(fired_at=None) | Q(fired_at__gte=F("due_at"))
            ),
        ]
        indexes: ClassVar = [Index(name="due_still_to_fire", fields=["due_at"], condition=Q(fired_at=None))]
