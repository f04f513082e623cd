"""Rows of orders. An order cannot exist without its issue: the column is not null."""

import uuid
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dispatch.matter.orders.states import OPEN, SHOWN, Role, State
from realtime.words import Word

_OPEN = sorted(OPEN)
_SHOWN = sorted(SHOWN)
_TAKEN_ON = sorted(set(State) - {State.SENT, State.RECALLED})


class Result(Word):
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
    takers: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField(), default=list, db_default=[])
    """The units that it was forwarded to, down to the one that has it now; of the live chain only."""
    receiver = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    """Who of the unit is called first (指定接收人); null: who is on duty. Any liaison may acknowledge."""
    asked = models.TextField(null=True)  # how its latest return request stands; null: never asked
    last_by = models.TextField()  # principal of the last step

    chain: "tuple[Forward, ...]" = ()  # the live forwards, the unit's own first: loaded with the aggregate

    @property
    def held_by(self) -> UUID:
        """The unit that has it in hand: its last taker, else its own unit, which stays answerable."""
        return self.takers[-1] if self.takers else self.unit_id

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


class Ending(Word):
    """Why a forward is no more."""

    TAKEN_BACK = "taken_back", "已收回"
    ANSWERED = "answered", "已由上级反馈"
    GONE = "gone", "派遣单已撤回或退单"


class Forward(models.Model):
    """One hand-over of an order to a place under its giver (转办): who, to whom, when. The unit stays answerable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="forwards")
    step = models.PositiveSmallIntegerField()  # 1: from the order's unit; 2: from the taker of 1; …
    giver = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    """Who of the taker is called first; null: who is on duty."""
    sent_at = models.DateTimeField()
    by = models.TextField()  # principal
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.TextField(null=True)  # principal
    ended_at = models.DateTimeField(null=True)
    ending = models.TextField(null=True, choices=Ending.choices())

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="order_has_one_live_forward_chain", fields=["order", "step"], condition=Q(ended_at=None)
            ),
            CheckConstraint(name="forward_has_a_step", condition=Q(step__gte=1)),
            CheckConstraint(
                name="forward_acknowledged_has_time_and_person",
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_at__gte=F("sent_at"), acknowledged_by__isnull=False),
            ),
            CheckConstraint(
                name="forward_ended_says_when_and_why",
                condition=Q(ended_at=None, ending=None)
                | Q(ended_at__isnull=False, ended_at__gte=F("sent_at"), ending__isnull=False)
                & Q(ending__in=sorted(Ending)),
            ),
            CheckConstraint(
                name="what_was_acknowledged_is_not_taken_back",
                condition=Q(ending=None) | Q(ending=Ending.GONE) | Q(acknowledged_at=None),
            ),
        ]
        indexes: ClassVar = [Index(name="forward_to_a_unit", fields=["taker"], condition=Q(ended_at=None))]


class Feedback(models.Model):
    """One answer of a unit to its order (反馈). An order that was reworked has several; none is ever edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="feedbacks")
    at = models.DateTimeField()
    by = models.TextField()  # principal: who handled it may not verify it
    result = models.TextField(choices=[(value, value) for value in sorted(Result)])
    note = models.OneToOneField("issues.Note", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="feedback_result_is_known", condition=Q(result__in=sorted(Result)))
        ]
