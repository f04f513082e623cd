"""Rows of return requests. A ruling, once made, stands."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from dispatch.matter.returns.states import RULED, ReturnGround, State

_RULED = sorted(RULED)


class ReturnRequest(models.Model):
    """A unit asks that its order be taken back (申请退单); it stays responsible until the return is granted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="requests")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="requests")
    version = models.PositiveIntegerField(default=0)
    state = models.TextField(choices=[(state.value, state.value) for state in State])
    ground = models.TextField(choices=[(ground.value, ground.value) for ground in ReturnGround])
    proposed = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.OneToOneField("issues.Note", on_delete=models.PROTECT, related_name="+")  # the unit's words
    asked_at = models.DateTimeField()
    asked_by = models.TextField()  # principal: who asked does not rule
    ended_at = models.DateTimeField(null=True)  # ruled or withdrawn
    ruled_by = models.TextField(null=True)  # principal
    ruling = models.OneToOneField("issues.Note", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="order_has_one_pending_request", fields=["order"], condition=Q(state=State.PENDING)),
            UniqueConstraint(name="order_is_ruled_on_once", fields=["order"], condition=Q(state__in=_RULED)),
            CheckConstraint(name="request_state_is_known", condition=Q(state__in=sorted(State))),
            CheckConstraint(name="request_ground_is_known", condition=Q(ground__in=sorted(ReturnGround))),
            CheckConstraint(name="request_version_is_positive", condition=Q(version__gte=1)),
            CheckConstraint(
                name="request_ended_has_time",
                condition=Q(state=State.PENDING, ended_at=None) | (~Q(state=State.PENDING) & Q(ended_at__isnull=False)),
            ),
            CheckConstraint(
                name="request_ruled_names_who",
                condition=Q(state__in=_RULED, ruled_by__isnull=False) | (~Q(state__in=_RULED) & Q(ruled_by=None)),
            ),
            CheckConstraint(
                name="nobody_rules_on_an_own_request", condition=Q(ruled_by=None) | ~Q(ruled_by=models.F("asked_by"))
            ),
            CheckConstraint(
                name="request_compelled_has_a_reason", condition=~Q(state=State.COMPELLED) | Q(ruling__isnull=False)
            ),
        ]
        indexes: ClassVar = [Index(name="request_to_rule_on", fields=["issue"], condition=Q(state=State.PENDING))]
