"""Rows of the feed. The application's role may read them; only the SQL functions of `sql/` write head and facts."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class CentreHead(models.Model):
    """The one row per centre that fixes the order of its facts: position and hash of the last one.

    No foreign key points here, so that no other table's lock can meet the head's.
    """

    centre_id = models.UUIDField(primary_key=True)
    epoch = models.IntegerField(default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField()
    advanced_at = models.DateTimeField()

    class Meta:
        db_table = "feed_centre_head"
        constraints: ClassVar = [
            models.CheckConstraint(name="head_epoch_is_positive", condition=models.Q(epoch__gte=1)),
            models.CheckConstraint(name="head_seq_is_not_negative", condition=models.Q(seq__gte=0)),
        ]


class StoredFact(models.Model):
    """One fact: its canonical bytes (RFC 8785), the same that go on the wire, and its audience."""

    pk = models.CompositePrimaryKey("centre_id", "seq")
    centre_id = models.UUIDField()
    seq = models.BigIntegerField()
    epoch = models.IntegerField()
    at = models.DateTimeField()
    name = models.TextField()
    object_kind = models.TextField()
    object_id = models.UUIDField()
    version = models.IntegerField()
    bytes = models.BinaryField()
    audience = models.BinaryField()  # canonical JSON: {"after": …, "before": …}, and "past": true of a past
    addressed_to = models.TextField(null=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "feed_fact"
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="fact_takes_the_next_version_of_its_object", fields=["centre_id", "object_id", "version"]
            ),
            models.CheckConstraint(name="fact_version_is_positive", condition=models.Q(version__gte=1)),
            models.CheckConstraint(name="fact_seq_is_positive", condition=models.Q(seq__gte=1)),
        ]
        # Facts lie in the order of their time, but for seconds, and for a past that was recorded behind the present: a
        # few pages say where a day begins, and cost no writer.
        indexes: ClassVar = [BrinIndex(name="fact_by_time", fields=["at"], pages_per_range=32)]


class CommandKey(models.Model):
    """An idempotency key that was used, what was asked with it, and the answer that a repeat gets."""

    pk = models.CompositePrimaryKey("principal", "key")
    principal = models.TextField()
    key = models.TextField()
    body_hash = models.BinaryField()
    answer = models.BinaryField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "feed_command_key"
        indexes: ClassVar = [models.Index(name="command_key_by_age", fields=["made_at"])]


class CompletedPass(models.Model):
    """When a named process last finished a pass of its work (`timer`); read with the head into each beat.

    `clock_stepped` is there, since when, while the timer stands because the machine's clock stepped.
    """

    name = models.TextField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "feed_pass"


class SimulatedShift(models.Model):
    """How far `relay_at` runs from the clock, for sessions of the simulator's role only. One row."""

    only = models.BooleanField(primary_key=True, default=True)
    shift = models.DurationField()

    class Meta:
        db_table = "simulated_shift"
        constraints: ClassVar = [models.CheckConstraint(name="there_is_one_shift", condition=models.Q(only=True))]
