"""The doors are counted by Redis, and by PostgreSQL while it is away: neither opens them, nor closes them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings

from dispatch.doors.limits import Doorkeeper, Limit
from dispatch.matter.reports.models import KnockCount

NOWHERE = "redis://127.0.0.1:1/0"
NOW = 1_800_000_000.0  # the beginning of a minute
PATIENT_S = 60.0  # a busy machine answers late, and who is answered late counts in the database: rightly, but not here
MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
@pytest.mark.parametrize("url", [settings.ENV.redis_url, NOWHERE], ids=["redis", "database"])
def test_the_fourth_knock_of_three_waits_for_the_next_period(url: str) -> None:
    keeper, limit, who = Doorkeeper(url, timeout_s=PATIENT_S), Limit(f"test {uuid4()}", 3, MINUTE), "203.0.113.7"
    assert [keeper.count(limit, who, now=NOW) for _ in range(4)] == [0, 0, 0, 60]
    assert keeper.count(limit, "203.0.113.8", now=NOW) == 0
    assert keeper.count(limit, who, now=NOW + 59.5) == 1
    assert keeper.count(limit, who, now=NOW + 60) == 0


@pytest.mark.django_db
def test_only_the_side_that_counts_keeps_rows() -> None:
    Doorkeeper(settings.ENV.redis_url, timeout_s=PATIENT_S).count(Limit(f"test {uuid4()}", 3, MINUTE), "x", now=NOW)
    assert not KnockCount.objects.exists()
    Doorkeeper(NOWHERE).count(Limit("test", 3, MINUTE), "x", now=NOW)
    assert KnockCount.objects.count() == 1
