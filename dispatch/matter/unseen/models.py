"""Rows of what others changed, and of who has looked. Neither is a fact; nobody is shown another's look."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint


class UnseenChange(models.Model):
    """One fact that marks an issue, from its recording until the issue ends. Written by the database alone."""

    seq = models.BigIntegerField()  # of the fact
    centre_id = models.UUIDField()
    issue = models.ForeignKey("issues.Issue", on_delete=models.CASCADE, related_name="+")  # that deals with the matter
    at = models.DateTimeField()
    name = models.TextField()
    by = models.TextField()  # principal: who did it is not marked
    danger = ArrayField(models.TextField(), default=list)  # 110, 119, 120: what the words said sound like
    audience_class = models.TextField()  # of the fact, with its tokens: who may know
    tokens = ArrayField(models.TextField())

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="unseen_change_is_one_fact", fields=["centre_id", "seq"]),
            CheckConstraint(name="unseen_change_is_known_to_somebody", condition=~Q(tokens=[])),
        ]
        indexes: ClassVar = [
            Index(name="unseen_change_of_an_issue", fields=["issue", "seq"]),
            Index(name="unseen_change_by_age", fields=["at"]),
        ]


class Look(models.Model):
    """How far one person has seen an issue: every marking fact up to `seq` was on their glass."""

    principal = models.TextField()
    issue = models.ForeignKey("issues.Issue", on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="look_is_one_per_person_and_issue", fields=["principal", "issue"]),
            CheckConstraint(name="look_seq_is_positive", condition=Q(seq__gte=1)),
        ]
