"""Rows of orders. An order cannot exist without its issue: the column is not null."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from dispatch.orders.states import OPEN, SHOWN, Role, State

_OPEN = sorted(OPEN)
_SHOWN = sorted(SHOWN)
_TAKEN_ON = sorted(set(State) - {State.SENT, State.RECALLED})


class Result(models.TextChoices):
    """What a unit answers, with the words that screens show."""

    HANDLED = "handled", "已办理"
    PARTLY_HANDLED = "partly_handled", "部分办理"
    NOT_HANDLED = "not_handled", "未能办理"


class Order(models.Model):
    """What one unit is asked to do about an issue (派遣单): one lead at a time, any assists."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="orders")
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    role = models.TextField(choices=[(role.value, role.value) for role in Role])
    state = models.TextField(choices=[(state.value, state.value) for state in State])
    version = models.PositiveIntegerField(default=0)
    round = models.PositiveIntegerField(default=1)
    rework_count = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.TextField(null=True)  # principal
    started_at = models.DateTimeField(null=True)
    fed_back_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)  # a ruling granted the return
    recalled_at = models.DateTimeField(null=True)
    off_catalogue = models.BooleanField(default=False)  # a lead other than the item's lead department, for a reason
    asked = models.TextField(null=True)  # how its latest return request stands; null: never asked
    last_by = models.TextField()  # principal of the last step

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="issue_has_one_open_lead_order", fields=["issue"], condition=Q(role=Role.LEAD, state__in=_SHOWN)
            ),
            UniqueConstraint(
                name="one_open_order_per_issue_and_unit", fields=["issue", "unit"], condition=Q(state__in=_OPEN)
            ),
            CheckConstraint(name="order_state_is_known", condition=Q(state__in=sorted(State))),
            CheckConstraint(name="order_role_is_known", condition=Q(role__in=sorted(Role))),
            CheckConstraint(name="order_version_is_positive", condition=Q(version__gte=1)),
            CheckConstraint(
                name="order_acknowledged_has_time_and_person",
                condition=Q(state__in=_TAKEN_ON, acknowledged_at__isnull=False, acknowledged_by__isnull=False)
                | Q(state=State.SENT, acknowledged_at=None, acknowledged_by=None)
                | Q(state=State.RECALLED),
            ),
            CheckConstraint(
                name="order_returned_has_time",
                condition=Q(state=State.RETURNED, returned_at__isnull=False)
                | (~Q(state=State.RETURNED) & Q(returned_at=None)),
            ),
            CheckConstraint(
                name="order_recalled_has_time",
                condition=Q(state=State.RECALLED, recalled_at__isnull=False)
                | (~Q(state=State.RECALLED) & Q(recalled_at=None)),
            ),
            CheckConstraint(
                name="order_fed_back_has_time",
                condition=~Q(state__in=[State.FED_BACK, State.COMPLETED]) | Q(fed_back_at__isnull=False),
            ),
            CheckConstraint(
                name="order_completed_has_time",
                condition=Q(state=State.COMPLETED, completed_at__isnull=False)
                | (~Q(state=State.COMPLETED) & Q(completed_at=None)),
            ),
        ]
        indexes: ClassVar = [
            Index(name="order_on_the_boards", fields=["unit", "sent_at"], condition=Q(state__in=sorted(SHOWN))),
            Index(name="order_of_a_unit", fields=["unit", "-sent_at", "id"]),
            Index(name="order_by_time", fields=["-sent_at", "id"]),
        ]


class Feedback(models.Model):
    """One answer of a unit to its order (反馈). An order that was reworked has several; none is ever edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="feedbacks")
    at = models.DateTimeField()
    by = models.TextField()  # principal: who handled it may not verify it
    result = models.TextField(choices=[(value, value) for value in sorted(Result.values)])
    note = models.OneToOneField("issues.Note", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="feedback_result_is_known", condition=Q(result__in=sorted(Result.values)))
        ]
