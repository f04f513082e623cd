"""Reads of outside ways. No secret leaves but to `access_of`, which is for sending alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from command.outside.contract import Access, OutsideWay
from command.outside.models import Way
from command.outside.sealing import SECRETS


@dataclass(frozen=True, slots=True)
class FailingView:
    """A way whose last sendings all failed."""

    kind: str
    since: datetime
    outcome: str | None


def ways_of(centre_id: UUID) -> list[Way]:
    """A centre's ways that are in use, in the order in which they are taken. One statement."""
    return list(Way.objects.filter(centre_id=centre_id, in_use=True).order_by("rank", "kind"))


def centres_with_ways() -> list[UUID]:
    """Centres that have a way in use. One statement."""
    return list(Way.objects.filter(in_use=True).order_by("centre_id").values_list("centre_id", flat=True).distinct())


def tests_asked(limit: int) -> Sequence[Way]:
    """The ways whose test message waits to be sent, the oldest first. One statement."""
    rows = Way.objects.exclude(test_asked_at=None).select_related("test_for", "centre")
    return list(rows.order_by("test_asked_at", "pk")[:limit])


def failing(centre_id: UUID) -> list[FailingView]:
    """The ways in use whose last sendings all failed. One statement."""
    rows = Way.objects.filter(centre_id=centre_id, in_use=True).exclude(failing_since=None).order_by("rank", "kind")
    return [FailingView(str(row.kind), row.failing_since, row.last_outcome) for row in rows if row.failing_since]


def access_of(way: Way) -> Access:
    """How to reach the other side, with the secret. Raises CannotOpen, OSError."""
    secret = SECRETS.opened(bytes(way.sealed_secret), way.pk)
    return Access(OutsideWay(way.kind), way.address, way.intranet, way.corp, way.agent, secret)
