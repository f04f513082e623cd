"""Rows of clocks. `due_at` and `fired_at` are kept: what was late stays on record."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, DecimalField, F, Func, Index, Q, UniqueConstraint
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Abs
from django.db.models.lookups import LessThanOrEqual

from dispatch.matter.clocks import allowances
from dispatch.matter.clocks.allowances import (
    BREACH_PERCENT,
    OF_ORDERS,
    PAUSED_BY_SUSPENSION,
    RELAY_WITHIN,
    RELAYS,
    ClockKind,
    Tells,
)

_RELAYS = sorted(RELAYS)
_OF_ORDERS = sorted(OF_ORDERS)
_FORWARD = ClockKind.RELAY_DOWN_FORWARD
_PAUSABLE = sorted(PAUSED_BY_SUSPENSION)
_OF_ISSUES = sorted(set(ClockKind) - OF_ORDERS - {ClockKind.RELAY_UP})


def _seconds(span: CombinedExpression | F) -> Func:
    """So many, exactly: as a number, whatever days or hours an interval is written in."""
    return Func(span, template="extract(epoch FROM %(expressions)s)", output_field=DecimalField())


# Amber comes where `amber_share` percent of the allowance are used up, to the microsecond.
_AT_SHARE = LessThanOrEqual(
    Abs(
        _seconds(F("amber_at") - F("started_at") - F("paused_for")) * 100 - _seconds(F("allowance")) * F("amber_share"),
        output_field=DecimalField(),
    ),
    Decimal("0.00005"),
)


class Clock(models.Model):
    """One clock of an issue, of one of its reports, or of one of its orders. Running, paused or stopped."""

    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="clocks", db_index=False)
    card_id = models.PositiveIntegerField()  # what cards call it: 1, 2, 3 among the clocks of its issue
    report = models.ForeignKey("intake.Report", on_delete=models.PROTECT, null=True, related_name="+")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")
    forward = models.ForeignKey("orders.Forward", on_delete=models.PROTECT, null=True, related_name="+")
    round = models.PositiveIntegerField(default=1)  # of the issue; rework: of its order; relay up: of its report
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in ClockKind])
    started_at = models.DateTimeField()
    allowance = models.DurationField()
    paused_for = models.DurationField(default=timedelta(0))  # by suspensions that have ended
    paused_at = models.DateTimeField(null=True)  # paused now: it has no due time, and its light stays as it was
    amber_share = models.PositiveSmallIntegerField()  # in percent, as the centre had set it when the clock began
    amber_at = models.DateTimeField(null=True)  # from here on its light is amber
    due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)  # when it became true: its due time, not when it was noticed
    uncounted = models.BooleanField(default=False)  # in no figure: its issue was voided or withdrawn

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                name="clock_judges_what_its_kind_says",
                condition=Q(kind=ClockKind.RELAY_UP, report__isnull=False, order=None)
                | Q(kind__in=_OF_ORDERS, report=None, order__isnull=False)
                | Q(kind__in=_OF_ISSUES, report=None, order=None),
            ),
            CheckConstraint(
                name="clock_of_a_forward_names_it",
                condition=Q(kind=_FORWARD, forward__isnull=False) | (~Q(kind=_FORWARD) & Q(forward=None)),
            ),
            UniqueConstraint(name="forward_has_one_relay_down", fields=["forward"], condition=Q(kind=_FORWARD)),
            UniqueConstraint(
                name="report_has_one_relay_up_per_round",
                fields=["report", "round"],
                condition=Q(kind=ClockKind.RELAY_UP),
            ),
            UniqueConstraint(
                name="order_has_one_relay_down", fields=["order"], condition=Q(kind=ClockKind.RELAY_DOWN_ORDER)
            ),
            UniqueConstraint(
                name="order_has_one_handling", fields=["order"], condition=Q(kind=ClockKind.HANDLING_ORDER)
            ),
            UniqueConstraint(
                name="order_has_one_rework_per_round", fields=["order", "round"], condition=Q(kind=ClockKind.REWORK)
            ),
            UniqueConstraint(
                name="issue_has_one_relay_down_per_round",
                fields=["issue", "round"],
                condition=Q(kind=ClockKind.RELAY_DOWN_ISSUE),
            ),
            UniqueConstraint(
                name="issue_has_one_handling_per_round",
                fields=["issue", "round"],
                condition=Q(kind=ClockKind.HANDLING_ISSUE),
            ),
            UniqueConstraint(
                name="issue_runs_one_clock_of_a_kind",
                fields=["issue", "kind"],
                condition=Q(kind__in=_OF_ISSUES, stopped_at=None),
            ),
            UniqueConstraint(
                name="report_runs_one_relay_up",
                fields=["report"],
                condition=Q(kind=ClockKind.RELAY_UP, stopped_at=None),
            ),
            CheckConstraint(
                name="clock_is_due_after_it_started", condition=Q(due_at=None) | Q(due_at__gt=F("started_at"))
            ),
            CheckConstraint(
                name="clock_is_due_by_its_allowance",
                condition=Q(due_at=None) | Q(due_at=F("started_at") + F("paused_for") + F("allowance")),
            ),
            CheckConstraint(name="amber_share_is_a_percentage", condition=Q(amber_share__gte=1, amber_share__lte=99)),
            CheckConstraint(
                name="turns_amber_at_its_share",
                condition=Q(due_at=None, amber_at=None) | Q(_AT_SHARE, due_at__isnull=False, amber_at__isnull=False),
            ),
            UniqueConstraint(name="card_id_is_given_once_per_issue", fields=["issue", "card_id"]),
            CheckConstraint(
                name="relay_lasts_sixty_minutes",
                condition=~Q(kind__in=_RELAYS)
                | Q(due_at=F("started_at") + RELAY_WITHIN, allowance=RELAY_WITHIN, paused_for=timedelta(0)),
            ),
            CheckConstraint(
                name="paused_clock_has_no_due_time",
                condition=Q(paused_at=None, due_at__isnull=False)
                | Q(paused_at__gte=F("started_at"), due_at=None, stopped_at=None, breached_at=None),
            ),
            CheckConstraint(
                name="only_handling_is_paused",
                condition=Q(kind__in=_PAUSABLE) | Q(paused_at=None, paused_for=timedelta(0)),
            ),
            CheckConstraint(
                name="clock_stops_after_it_started", condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at"))
            ),
            CheckConstraint(
                name="clock_is_breached_from_its_due_time", condition=Q(breached_at=None) | Q(breached_at=F("due_at"))
            ),
            CheckConstraint(
                name="clock_stopped_late_is_breached",
                condition=Q(kind=ClockKind.SUSPENSION, breached_at=None)
                | Q(stopped_at=None)
                | Q(stopped_at__lt=F("due_at"))
                | Q(breached_at__isnull=False),
            ),
            CheckConstraint(
                name="clock_stopped_in_time_is_not_breached",
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("due_at")) | Q(breached_at=None),
            ),
            CheckConstraint(name="what_runs_is_counted", condition=Q(uncounted=False) | Q(stopped_at__isnull=False)),
        ]
        indexes: ClassVar = []

    def at_percent(self, percent: int) -> datetime:
        """When so much of the allowance is used up, if nothing pauses it any more."""
        return allowances.due_at(self.started_at, self.allowance, self.paused_for, percent=percent)

    def set_instants(self) -> None:
        """Says when it turns amber and when it is due, both at once; neither while it is paused."""
        rests = self.paused_at is not None
        self.amber_at = None if rests else self.at_percent(self.amber_share)
        self.due_at = None if rests else self.at_percent(BREACH_PERCENT)

    def used(self, at: datetime) -> timedelta:
        """How much of the allowance is used up at `at` (UTC), or was when it stopped or was paused."""
        return (self.paused_at or self.stopped_at or at) - self.started_at - self.paused_for


class Due(models.Model):
    """A point at which a running clock does something, once. Taken back when the clock stops before it."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="dues")
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="+")
    percent = models.PositiveSmallIntegerField()  # of the clock's allowance
    tells = models.TextField(choices=[(tells.value, tells.value) for tells in Tells])
    due_at = models.DateTimeField(null=True)  # null: its clock is paused
    fired_at = models.DateTimeField(null=True)  # when it was noticed; null: still to come

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="clock_fires_each_step_once", fields=["clock", "percent"]),
            CheckConstraint(name="step_is_a_percentage", condition=Q(percent__gte=1, percent__lte=100)),
            CheckConstraint(name="step_tells_somebody_known", condition=Q(tells__in=sorted(Tells))),
            CheckConstraint(
                name="nothing_fires_before_it_is_due",
                condition=Q(fired_at=None) | Q(due_at__isnull=False, fired_at__gte=F("due_at")),
            ),
        ]
        indexes: ClassVar = [Index(name="due_still_to_fire", fields=["due_at"], condition=Q(fired_at=None))]


class Escalation(models.Model):
    """That a step of the ladder was told (超时升级): which clock, how far it was, to whom. Once each."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="escalations")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="escalations")
    percent = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    rank = models.TextField()  # liaison, deputy, head, duty_lead, on_duty, or unit: all of it
    told_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # null: a relay is breached, and nobody has answered
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="each_step_is_told_once", fields=["clock", "percent"]),
            CheckConstraint(name="escalation_version_is_positive", condition=Q(version__gte=1)),
            CheckConstraint(
                name="only_a_breach_waits_for_an_answer", condition=Q(ended_at__isnull=False) | Q(percent=100)
            ),
            CheckConstraint(
                name="escalation_ends_after_it_was_told", condition=Q(ended_at=None) | Q(ended_at__gte=F("told_at"))
            ),
        ]
        indexes: ClassVar = [Index(name="escalation_open", fields=["issue"], condition=Q(ended_at=None))]
