"""Reads of today's flow, from the feed. Scoped; frozen values out; nothing here writes or locks.

A wall that is opened at noon has heard nothing of the morning: it asks once, and goes on by what it hears.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.db import connection

from dispatch.matter.aggregate.visible import visible
from dispatch.matter.cards.issues import IssueCard
from dispatch.matter.issues.models import Issue
from realtime.feed import clock
from realtime.feed.contract import Actor, Audience
from realtime.feed.queries import head
from realtime.feed.shared_reads import SharedReads

MOST_STEPS: Final = 40  # as many as a wall keeps
_LOOKED_AT: Final = 400  # of the newest facts, until MOST_STEPS of them are in scope

# Exercises are no flow. The stored bytes are canonical, so the text is exactly this.
_LATEST: Final = """
SELECT bytes, audience FROM feed_fact
WHERE centre_id = %(centre)s AND seq > %(after)s AND seq <= %(through)s AND object_kind = 'issue'
  AND name <> 'issue.redrawn'
  AND at >= %(since)s AND convert_from(bytes, 'UTF8') NOT LIKE '%%"exercise":true%%'
ORDER BY seq DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step of one issue, as the feed told it, without who took it."""

    at: str
    name: str
    issue_id: UUID
    version: int
    card: IssueCard


@dataclass(frozen=True, slots=True)
class Flow:
    """The latest steps of issues since midnight in the centre's zone, up to and including `seq`, the newest first.

    How many there were is a figure: assessment/figures counts it.
    """

    day: date
    seq: int
    steps: tuple[FlowStep, ...]


_FLOWS: Final[SharedReads[Flow]] = SharedReads()  # never older than its asker: a screen adds only what it hears later


def flow_today(actor: Actor) -> Flow:
    """The flow of the actor's scope, up to the feed's head. Read once for all who ask in the same scope meanwhile.

    Two statements, and five when it is read; the first reading of a day looks up where the day begins as well.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    midnight = clock.at(None).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return _FLOWS.get(actor.centre_id, (actor.scope, midnight), lambda: _flow_since(midnight, actor))


def _flow_since(midnight: datetime, actor: Actor) -> Flow:
    end = head(actor.centre_id)
    after = _last_before(actor.centre_id, end.epoch, midnight.astimezone(UTC))
    asked: dict[str, UUID | int | str | datetime] = {
        "centre": actor.centre_id,
        "after": after,
        "through": end.seq,
        "since": midnight,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, asked | {"limit": _LOOKED_AT})
        seen = [bytes(body) for body, audience in cursor.fetchall() if actor.scope.sees(_audience(bytes(audience)))]
    steps = _without_hidden(list(_steps(seen)), actor)
    return Flow(midnight.date(), end.seq, tuple(steps[:MOST_STEPS]))


def _without_hidden(steps: list[FlowStep], actor: Actor) -> list[FlowStep]:
    """Without what has turned out to be sensitive since, for who may not see it: its older facts were public."""
    hidden = Issue.objects.filter(pk__in={step.issue_id for step in steps}, sensitive=True)
    keys = set(hidden.exclude(visible(actor.scope)).values_list("pk", flat=True))
    return [step for step in steps if step.issue_id not in keys]


def _steps(stored: list[bytes]) -> Iterator[FlowStep]:
    for body in stored:
        fact = orjson.loads(body)
        yield FlowStep(fact["at"], fact["name"], UUID(fact["object"]["id"]), fact["version"], fact["card"])


@lru_cache(maxsize=64)
def _last_before(centre_id: UUID, epoch: int, instant: datetime) -> int:
    """The seq behind which all facts lie that are as late as `instant`.

    Kept per centre, epoch and day: what is recorded from now on lies behind today's head whatever its time.
    """
    ended = head(centre_id).seq  # first: what is recorded while we look lies behind it
    with connection.cursor() as cursor:
        cursor.execute(
            # MATERIALIZED: the index by time finds them; walking the centre's facts from the first would read them all.
            "WITH since AS MATERIALIZED (SELECT seq FROM feed_fact WHERE at >= %s AND centre_id = %s)"
            " SELECT min(seq) FROM since",
            [instant, centre_id],
        )
        first: int | None = cursor.fetchone()[0]
    return ended if first is None else min(first - 1, ended)


@lru_cache(maxsize=4096)
def _audience(stored: bytes) -> Audience:
    """Many facts share one audience."""
    return Audience.of_wire(orjson.loads(stored)["after"])
