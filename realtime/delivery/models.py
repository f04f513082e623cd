"""Rows of delivery: how far each device is, and which addressed facts have arrived and been drawn."""

from typing import ClassVar

from django.db import models


class DeviceCursor(models.Model):
    """How far one device of one holder has received and drawn a centre's feed. Upserted in batches."""

    pk = models.CompositePrimaryKey("centre_id", "principal", "device_id")
    centre_id = models.UUIDField()
    principal = models.TextField()  # a device id is made by a browser: it counts only beside who uses it
    device_id = models.UUIDField()
    epoch = models.IntegerField()
    through = models.BigIntegerField()  # received
    displayed = models.BigIntegerField()  # drawn
    moved_at = models.DateTimeField()
    connected_at = models.DateTimeField(null=True)  # the present connection; null: none since this is kept
    before_at = models.DateTimeField(null=True)  # the last contact before it; null: none known

    class Meta:
        db_table = "delivery_device_cursor"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="device_draws_only_what_it_received", condition=models.Q(displayed__lte=models.F("through"))
            ),
        ]


class Receipt(models.Model):
    """An addressed fact at its addressee: when the first of the addressee's devices had it, and when one drew it."""

    pk = models.CompositePrimaryKey("centre_id", "seq")
    centre_id = models.UUIDField()
    seq = models.BigIntegerField()  # of the addressed fact: a fact has one addressee
    object_id = models.UUIDField()  # of the receipt in the feed
    version = models.IntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    delivered_device_id = models.UUIDField(null=True)
    displayed_at = models.DateTimeField(null=True)
    displayed_device_id = models.UUIDField(null=True)

    class Meta:
        db_table = "delivery_receipt"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="what_was_displayed_was_delivered",
                condition=models.Q(displayed_at__isnull=True) | models.Q(delivered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivered_receipt_names_its_device",
                condition=models.Q(delivered_at__isnull=True) | models.Q(delivered_device_id__isnull=False),
            ),
            models.CheckConstraint(
                name="displayed_receipt_names_its_device",
                condition=models.Q(displayed_at__isnull=True) | models.Q(displayed_device_id__isnull=False),
            ),
        ]
