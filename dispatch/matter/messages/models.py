"""Rows of messages, and of which unit has read them. The words are a note, sealed with the issue's key."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dispatch.matter.messages.states import Kind, StrikeGround


class Message(models.Model):
    """What one of those concerned wrote to the others about a matter (留言), in its thread or in that of one order.

    Never altered and never removed: `sql/messages_v1.sql` lets the database refuse it. It may be answered, and struck.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="messages", db_index=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="messages")
    """Whose thread it is in; None: the matter's own."""
    kind = models.TextField(choices=Kind.choices())
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")  # that wrote it
    by = models.TextField()  # principal
    at = models.DateTimeField()
    note = models.OneToOneField("issues.Note", on_delete=models.PROTECT, related_name="+")
    asks = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    """The unit that is to answer."""
    answer_by = models.DateTimeField(null=True)  # until then
    answered_at = models.DateTimeField(null=True)  # first
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answered_with")
    struck_at = models.DateTimeField(null=True)
    struck_by = models.TextField(null=True)  # principal
    struck_unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    struck_ground = models.TextField(choices=StrikeGround.choices(), null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="message_kind_is_known", condition=Q(kind__in=sorted(Kind))),
            CheckConstraint(name="message_version_is_positive", condition=Q(version__gte=1)),
            CheckConstraint(
                name="message_that_asks_says_whom_and_until_when",
                condition=Q(asks=None, answer_by=None, answered_at=None)
                | Q(asks__isnull=False, answer_by__gt=F("at"), kind=Kind.MESSAGE),
            ),
            CheckConstraint(name="message_asks_others", condition=Q(asks=None) | ~Q(asks=F("unit"))),
            CheckConstraint(
                name="message_is_answered_after_it_was_written",
                condition=Q(answered_at=None) | Q(answered_at__gte=F("at")),
            ),
            CheckConstraint(
                name="progress_is_of_an_order_and_answers_nothing",
                condition=~Q(kind=Kind.PROGRESS) | Q(order__isnull=False, answers=None),
            ),
            CheckConstraint(name="message_answers_another", condition=Q(answers=None) | ~Q(answers=F("id"))),
            CheckConstraint(
                name="message_is_struck_by_somebody_on_a_ground",
                condition=Q(struck_at=None, struck_by=None, struck_unit=None, struck_ground=None)
                | Q(
                    struck_at__gte=F("at"),
                    struck_by__isnull=False,
                    struck_unit__isnull=False,
                    struck_ground__in=sorted(StrikeGround),
                ),
            ),
        ]
        indexes: ClassVar = [
            Index(name="message_of_an_issue", fields=["issue", "at"]),
            Index(name="message_by_writer", fields=["by", "at"]),
        ]


class Reading(models.Model):
    """That a unit has read a message (已读): the first time, and by which post. Never who, and no figure counts it."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="readings", db_index=False)
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="a_unit_reads_a_message_once", fields=["message", "unit"]),
        ]
