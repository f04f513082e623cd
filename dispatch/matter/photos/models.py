"""Rows of photos and documents. Their content is files beside the database, sealed; what is plain here names no one."""

import uuid
from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint


class Photo(models.Model):
    """One photo, re-encoded from what was sent, or one document (`document`), kept as it was sent.

    It waits for the report, feedback or message that it belongs to, a day at most.

    `sealed_key` opens its files. It is sealed by the key of the issue, so that erasing the issue erases the photo too;
    until there is an issue, by a key of its own, which the master key has wrapped.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, null=True, related_name="photos")
    report = models.ForeignKey("intake.Report", on_delete=models.PROTECT, null=True, related_name="photos")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="photos")
    message = models.ForeignKey("matter_messages.Message", on_delete=models.PROTECT, null=True, related_name="photos")
    by = models.TextField()  # principal that sent it
    key = models.TextField()  # its Idempotency-Key
    sent_hash = models.BinaryField()  # sha256 of what was sent: the same key with another file is refused
    at = models.DateTimeField()
    attached_at = models.DateTimeField(null=True)
    width = models.PositiveIntegerField(null=True)  # of a document: none
    height = models.PositiveIntegerField(null=True)
    size = models.PositiveIntegerField()  # bytes of the full picture, or of the document
    document = models.TextField(null=True)  # what a document is, by its content (documents.py); null: a photo
    position = models.PointField(srid=4490, null=True)  # (lon, lat) degrees, as the camera wrote it
    position_datum = models.TextField(null=True)  # what the camera calls its datum; null: it says nothing
    taken_at = models.DateTimeField(null=True)  # by the camera
    wrapped = models.BinaryField(null=True)  # the photo's own key, while there is no issue
    sealed_key = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="photo_is_sent_once_per_key", fields=["by", "key"]),
            CheckConstraint(
                name="photo_has_a_size",
                condition=Q(
                    document=None, width__isnull=False, height__isnull=False, width__gte=1, height__gte=1, size__gte=1
                )
                | Q(document__isnull=False, width=None, height=None, size__gte=1),
            ),
            CheckConstraint(
                name="photo_belongs_to_an_issue_or_waits",
                condition=Q(issue=None, report=None, order=None, message=None, attached_at=None, wrapped__isnull=False)
                | Q(issue__isnull=False, centre__isnull=False, attached_at__isnull=False, wrapped=None),
            ),
            CheckConstraint(
                name="photo_shows_a_report_a_feedback_or_a_message",
                condition=Q(issue=None)
                | Q(report__isnull=False, order=None, message=None)
                | Q(report=None, order__isnull=False, message=None)
                | Q(report=None, order=None, message__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            Index(name="photo_waiting", fields=["at"], condition=Q(issue=None)),
        ]
