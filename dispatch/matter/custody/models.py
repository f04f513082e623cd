"""Rows of custody: at every instant of an open issue one holder. Source: docs/rules.md, "The relay"."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint


class Hop(models.Model):
    """One holder's time with an issue (接力一棒). The hops of a chain adjoin: they add up to its end-to-end time.

    A chain runs from receipt to the issue's end; an issue that is taken up again begins another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="hops")
    chain = models.PositiveIntegerField()
    holder = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)  # null: holds it now
    how = models.TextField()  # the verb by which it came to the holder
    by = models.TextField()  # principal

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="issue_has_one_holder", fields=["issue"], condition=Q(to_at=None)),
            CheckConstraint(name="hop_ends_after_it_began", condition=Q(to_at=None) | Q(to_at__gte=F("from_at"))),
            CheckConstraint(name="hop_says_how_and_by_whom", condition=~Q(how="") & ~Q(by="")),
            CheckConstraint(name="hop_is_of_a_chain", condition=Q(chain__gte=1)),
        ]
        indexes: ClassVar = [Index(name="hops_in_order", fields=["issue", "chain", "from_at"])]
