"""Rows of looking: they are written once and never changed. Source: docs/rules.md, "Sensitive"."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q

from realtime.words import Word


class What(Word):
    """What was looked at."""

    PHOTO = "photo", "照片"
    DOCUMENT = "document", "附件"
    SLIP = "slip", "受理回执"  # with the query code, which opens what its reporter was told


class Reason(Word):
    """Why the post may look: nobody types it, the custody of the issue says it."""

    DESK = "desk", "值班席办理"
    ORDER = "order", "承办派遣单"
    HELD = "held", "本级受理或当场化解"
    REPORTED = "reported", "本人上报"


class Viewing(models.Model):
    """One opening (查看记录). Each is recorded, also of the same thing by the same person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="viewings")
    what = models.TextField(choices=What.choices())
    of = models.UUIDField()  # the photo, the document, or the report whose slip it is
    reason = models.TextField(choices=Reason.choices())
    by = models.TextField()  # principal
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="viewing_says_what", condition=Q(what__in=sorted(What))),
            CheckConstraint(name="viewing_says_why", condition=Q(reason__in=sorted(Reason))),
            CheckConstraint(name="viewing_says_by_whom", condition=~Q(by="")),
        ]
        indexes: ClassVar = [Index(name="viewings_of_issue", fields=["issue", "at"])]
