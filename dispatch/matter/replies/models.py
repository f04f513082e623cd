"""Rows of what passes between the centre and a reporter after the report. Every text is sealed with the issue's key."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from realtime.words import Word


class Channel(Word):
    """How a reporter was told."""

    TELEPHONE = "telephone", "电话"
    VISIT = "visit", "上门"
    SMS = "sms", "短信"
    PAGE = "page", "查询页面"


class Kind(Word):
    """What a reporter says later."""

    ADDITION = "addition", "补充"
    RECONSIDERATION = "reconsideration", "申请复核"


class Reply(models.Model):
    """One answer to a reporter (答复反映人): who told what, how, when. Shown to whoever has the query code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="replies")
    report = models.ForeignKey("intake.Report", on_delete=models.PROTECT, related_name="replies")
    channel = models.TextField(choices=Channel.choices())
    at = models.DateTimeField()  # when it was entered
    told_at = models.DateTimeField()  # when the reporter was told
    by = models.TextField()  # principal
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="reply_channel_is_known", condition=Q(channel__in=sorted(Channel))),
            CheckConstraint(name="reply_was_told_before_it_was_entered", condition=Q(told_at__lte=F("at"))),
        ]
        indexes: ClassVar = [Index(name="reply_by_report", fields=["report", "at"])]


class Addition(models.Model):
    """What a reporter said later, by the query code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="additions")
    report = models.ForeignKey("intake.Report", on_delete=models.PROTECT, related_name="additions")
    kind = models.TextField(choices=Kind.choices())
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="addition_kind_is_known", condition=Q(kind__in=sorted(Kind))),
            UniqueConstraint(
                name="reconsideration_is_asked_for_once",
                fields=["report"],
                condition=Q(kind=Kind.RECONSIDERATION),
            ),
        ]
        indexes: ClassVar = [Index(name="addition_by_report", fields=["report", "at"])]


class Rating(models.Model):
    """How a reporter judges what was done (评价), 1 to 5, once, after the issue's end."""

    report = models.OneToOneField("intake.Report", on_delete=models.PROTECT, primary_key=True, related_name="rating")
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="ratings")
    score = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField(null=True)  # null: no words

    class Meta:
        constraints: ClassVar = [CheckConstraint(name="rating_is_one_to_five", condition=Q(score__gte=1, score__lte=5))]
