"""Rows of calls, of their attempts, and of what came of ringing by telephone."""

import uuid
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from command.outside.contract import Outcome
from dispatch.matter.calls.states import BY_SOMEBODY, RUNNING, Kind, Reached, Rung, State, Way

_RUNNING = sorted(RUNNING)
_BY_SOMEBODY = sorted(BY_SOMEBODY)


class Call(models.Model):
    """A request to persons on duty to answer for one matter (叫应), rung by rung, until somebody has."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="calls", db_index=False)
    kind = models.TextField(choices=Kind.choices())
    cause = models.TextField()  # what it was made for, by name and id: never called twice
    subject = models.TextField()  # what is asked about: a step of its ladder goes on from the call before
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")  # that is to answer
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")
    forward = models.ForeignKey("orders.Forward", on_delete=models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey("returns.ReturnRequest", on_delete=models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey("matter_messages.Message", on_delete=models.PROTECT, null=True, related_name="+")
    escalation = models.OneToOneField("clocks.Escalation", on_delete=models.PROTECT, null=True, related_name="call")
    state = models.TextField(choices=State.choices())
    version = models.PositiveIntegerField(default=0)
    rung = models.PositiveSmallIntegerField(default=1)  # how many were reached
    rank = models.TextField(choices=Rung.choices())  # of the rung reached last
    posts: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField(), default=list)
    """All that are called: those of earlier rungs are called on."""
    called_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)  # the next rung, or the next telephone call, is due
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(null=True)  # principal: who tapped, acted, or rang by telephone
    answered_post = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")  # that goes on from it

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="a_cause_calls_once", fields=["cause"]),
            UniqueConstraint(name="one_call_rings_for_a_subject", fields=["subject"], condition=Q(state__in=_RUNNING)),
            CheckConstraint(name="call_state_is_known", condition=Q(state__in=sorted(State))),
            CheckConstraint(name="call_kind_is_known", condition=Q(kind__in=sorted(Kind))),
            CheckConstraint(name="call_rank_is_known", condition=Q(rank__in=sorted(Rung))),
            CheckConstraint(name="call_version_is_positive", condition=Q(version__gte=1)),
            CheckConstraint(
                name="call_names_what_its_kind_asks_about",
                condition=Q(kind=Kind.NEW_ORDER, order__isnull=False)
                | Q(kind=Kind.FORWARDED_ORDER, forward__isnull=False, order__isnull=False)
                | Q(kind=Kind.LADDER, escalation__isnull=False)
                | Q(kind=Kind.RETURN_REQUEST, request__isnull=False, order__isnull=False)
                | Q(kind=Kind.MESSAGE, message__isnull=False)
                | Q(kind__in=[Kind.URGENT_REPORT, Kind.DANGER, Kind.VERIFICATION], order=None),
            ),
            CheckConstraint(
                name="call_answered_has_time_person_and_post",
                condition=Q(
                    state__in=_BY_SOMEBODY,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    answered_post__isnull=False,
                )
                | (~Q(state__in=_BY_SOMEBODY) & Q(answered_at=None, answered_by=None, answered_post=None)),
            ),
            CheckConstraint(
                name="call_that_ended_waits_for_nothing",
                condition=Q(state__in=_RUNNING, ended_at=None, next_at__isnull=False)
                | (~Q(state__in=_RUNNING) & Q(ended_at__isnull=False, ended_at__gte=F("called_at"), next_at=None)),
            ),
            CheckConstraint(
                name="only_a_silenced_call_goes_on_in_another", condition=Q(into=None) | Q(state=State.SILENCED)
            ),
        ]
        indexes: ClassVar = [
            Index(name="call_of_an_issue", fields=["issue", "called_at"]),
            Index(name="call_still_to_answer", fields=["next_at"], condition=Q(state__in=_RUNNING)),
        ]


class Attempt(models.Model):
    """That somebody was called, by one channel. Delivered and displayed are receipts of its fact."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="attempts", db_index=False)
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+")
    rung = models.PositiveSmallIntegerField()
    rank = models.TextField(choices=Rung.choices())
    channel = models.TextField(choices=Way.choices())
    queued_at = models.DateTimeField()
    attempted_at = models.DateTimeField(null=True)  # of a way that is tried again: the first time
    version = models.PositiveIntegerField(default=0)  # of its fact
    tries = models.PositiveSmallIntegerField(default=0)  # of an outside way
    next_at = models.DateTimeField(null=True)  # an outside way's sending, or sending again, is due
    ended_at = models.DateTimeField(null=True)  # nothing more is sent by this way
    outcome = models.TextField(choices=Outcome.choices(), null=True)  # of the last try
    delivered_at = models.DateTimeField(null=True)  # a push: a browser has told that it has it
    displayed_at = models.DateTimeField(null=True)  # and that it shows it

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="nobody_is_called_twice_for_one_rung", fields=["call", "post", "channel"]),
            CheckConstraint(name="attempt_channel_is_known", condition=Q(channel__in=sorted(Way))),
            CheckConstraint(name="attempt_rank_is_known", condition=Q(rank__in=sorted(Rung))),
            CheckConstraint(
                name="attempt_follows_its_queueing",
                condition=Q(attempted_at=None) | Q(attempted_at__gte=F("queued_at")),
            ),
            CheckConstraint(
                name="attempt_outcome_is_known", condition=Q(outcome=None) | Q(outcome__in=sorted(Outcome))
            ),
            CheckConstraint(
                name="a_page_has_receipts_and_no_outcome",
                condition=~Q(channel=Way.PAGE) | Q(outcome=None, next_at=None, ended_at=None, tries=0),
            ),
            CheckConstraint(
                name="only_of_a_push_a_browser_tells",
                condition=Q(delivered_at=None, displayed_at=None)
                | Q(channel=Way.PUSH, delivered_at__gte=F("attempted_at"), displayed_at=None)
                | Q(channel=Way.PUSH, displayed_at__gte=F("delivered_at")),
            ),
            CheckConstraint(
                name="an_outside_attempt_is_due_or_has_ended",
                condition=Q(channel=Way.PAGE)
                | Q(next_at__isnull=False, ended_at=None)
                | Q(next_at=None, ended_at__isnull=False, ended_at__gte=F("queued_at"), outcome__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            Index(name="attempt_still_to_make", fields=["queued_at"], condition=Q(attempted_at=None)),
            Index(name="attempt_still_to_send", fields=["next_at"], condition=Q(next_at__isnull=False)),
        ]


class Telephoning(models.Model):
    """That the desk rang somebody by telephone, and what came of it. The note is sealed with the issue's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="telephonings")
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(choices=Reached.choices())
    at = models.DateTimeField()
    by = models.TextField()  # principal
    note = models.OneToOneField("issues.Note", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="telephoning_outcome_is_known", condition=Q(outcome__in=sorted(Reached)))
        ]
