"""Rows of a centre's outside ways."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from command.outside.contract import CORP_APPS, Outcome, OutsideWay


class Way(models.Model):
    """One way by which calls leave the house. Never deleted: it is taken out of use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="outside_ways")
    kind = models.TextField(choices=OutsideWay.choices())
    rank = models.PositiveSmallIntegerField()  # the lowest is taken first
    in_use = models.BooleanField()
    address = models.TextField()
    intranet = models.BooleanField(default=False)  # the administrator allows an address inside
    corp = models.TextField(default="")  # WeCom's corpid, DingTalk's AppKey
    agent = models.PositiveIntegerField(null=True)  # the application there
    sealed_secret = models.BinaryField()  # of a push the product's own key
    per_minute = models.PositiveSmallIntegerField(default=120)  # messages that it takes at most
    version = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # one after the other; 0 since the last that came through
    failing_since = models.DateTimeField(null=True)
    last_outcome = models.TextField(choices=Outcome.choices(), null=True)  # of the last sending that says something
    test_asked_at = models.DateTimeField(null=True)  # a test message waits to be sent
    test_for = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    tested_at = models.DateTimeField(null=True)
    test_outcome = models.TextField(choices=Outcome.choices(), null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="a_centre_has_one_outside_way_of_a_kind", fields=["centre", "kind"]),
            CheckConstraint(name="outside_way_kind_is_known", condition=Q(kind__in=sorted(OutsideWay))),
            CheckConstraint(name="outside_way_takes_some_a_minute", condition=Q(per_minute__gte=1)),
            CheckConstraint(name="outside_way_is_https", condition=Q(address__startswith="https://")),
            CheckConstraint(
                name="outside_application_names_corp_and_agent",
                condition=~Q(kind__in=CORP_APPS) | (~Q(corp="") & Q(agent__isnull=False)),
            ),
            CheckConstraint(
                name="outside_test_waits_for_somebody",
                condition=Q(test_asked_at=None) | Q(test_for__isnull=False),
            ),
        ]


class Subscription(models.Model):
    """A browser that takes pushes for who signed in there. Worth nothing once that sign-in has ended; then it goes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sign_in = models.OneToOneField("people.SignIn", on_delete=models.CASCADE, related_name="push_subscription")
    endpoint_digest = models.BinaryField()  # sha256: one browser is one person's
    sealed = models.BinaryField()  # where to, and the browser's keys
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="a_browser_takes_pushes_for_one_person", fields=["endpoint_digest"]),
        ]
