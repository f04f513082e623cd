"""Three tables: tickets, work orders, what was done to them. Tables are made by `migrate --run-syncdb`."""

import uuid

from django.conf import settings
from django.db import models


class Ticket(models.Model):
    """A report with all that comes of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=20, default="reported")
    channel = models.CharField(max_length=50)
    item = models.CharField(max_length=20)
    level = models.CharField(max_length=20)
    urgent = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False)
    text = models.TextField()
    address = models.TextField()
    cell = models.ForeignKey("grid.Cell", on_delete=models.PROTECT, null=True, related_name="+")
    responsible = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, null=True)
    updated_at = models.DateTimeField(auto_now=True)


class WorkOrder(models.Model):
    """What a unit has to do about a ticket."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="orders")
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default="sent")
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    fed_back_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, null=True)
    answer = models.TextField(default="")


class History(models.Model):
    """Who did what when."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="history")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
