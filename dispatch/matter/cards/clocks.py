"""A clock as cards show it: the one place where its instants are written. Its light is the reader's comparison."""

from datetime import datetime, timedelta
from typing import Annotated, Final

from typing_extensions import TypedDict

from command.units.departments import Rank
from dispatch.matter.clocks.allowances import BREACH_PERCENT, ON_DUTY, WHOLE_UNIT, ClockKind
from dispatch.matter.clocks.lights import Light, light_at
from dispatch.matter.clocks.models import Clock, Escalation
from dispatch.matter.clocks.seeing import is_for_all
from dispatch.matter.issues.models import Issue, number_text
from realtime.feed.actions import wire_time
from realtime.feed.cards import Id, Instant, card_type, one_of

_MILLISECOND: Final = timedelta(milliseconds=1)


class _Resting(TypedDict):
    left_ms: int | None
    light: str | None


@card_type
class ClockCard(TypedDict):
    """One clock. Its light is a comparison with its instants."""

    allowance_s: int
    """The whole allowance, in seconds. Pauses don't use it up: after one, `started_at` plus this is before `due_at`."""
    amber_at: Instant | None
    """From here on its light is amber; null while it is paused."""
    breached_at: Instant | None
    due_at: Instant | None
    """From here on it is red, and breached; null while it is paused."""
    id: int
    """Tells it apart from the other clocks of its issue, on whichever card it stands."""
    kind: Annotated[str, one_of(ClockKind)]
    left_ms: int | None
    """Of a paused one: what was left of its allowance, in milliseconds."""
    light: Annotated[str, one_of(Light)] | None
    """Of a paused one, instead of both instants: the light that it keeps."""
    paused_at: Instant | None
    started_at: Instant
    stopped_at: Instant | None
    uncounted: bool
    """Ended without being judged: voided, withdrawn, an exercise."""


@card_type
class IssueClockCard(ClockCard):
    """A clock in its issue's detail, with what it judges."""

    order: Id | None
    report: Id | None
    round: int


@card_type
class ToldCard(TypedDict):
    """Who was told."""

    post: Id | None
    """Null: everybody at the unit, or the breach of a relay, which names no post."""
    rank: Annotated[str, one_of(Rank, ON_DUTY, WHOLE_UNIT)]
    unit: Id


@card_type
class EscalationCard(TypedDict):
    """A step of the ladder: who was told how far which clock had run."""

    at: Instant
    clock: Annotated[str, one_of(ClockKind)]
    due_at: Instant | None
    ended_at: Instant | None
    issue: Id
    number: str
    open: bool
    """The breach of a relay stays open until somebody answers."""
    order: Id | None
    percent: int
    """Of the clock's allowance."""
    told: ToldCard


def clock_card(clock: Clock) -> ClockCard:
    """The clock's kind and instants, RFC 3339 in UTC."""
    resting: _Resting = _resting(clock, clock.paused_at) if clock.paused_at else {"left_ms": None, "light": None}
    return {
        "allowance_s": int(clock.allowance.total_seconds()),
        "amber_at": wire_or_none(clock.amber_at),
        "breached_at": wire_or_none(clock.breached_at),
        "due_at": wire_or_none(clock.due_at),
        "id": clock.card_id,
        "kind": str(clock.kind),
        **resting,
        "paused_at": wire_or_none(clock.paused_at),
        "started_at": wire_time(clock.started_at),
        "stopped_at": wire_or_none(clock.stopped_at),
        "uncounted": clock.uncounted,
    }


def _resting(clock: Clock, since: datetime) -> _Resting:
    """What a paused clock has instead of its instants: what was left then, and the light that it keeps."""
    amber_at, due_at = clock.at_percent(clock.amber_share), clock.at_percent(BREACH_PERCENT)
    light = light_at(since, amber_at=amber_at, due_at=due_at)
    return {"left_ms": (due_at - since) // _MILLISECOND, "light": str(light)}


def wire_or_none(moment: datetime | None) -> str | None:
    """An instant as facts write it; None stays None."""
    return wire_time(moment) if moment else None


def escalation_card(issue: Issue, clock: Clock, escalation: Escalation) -> EscalationCard:
    """Which clock of which issue had run how far, who was told when, and whether an answer is waited for.

    What a whole room reads, the breach of a relay, names the unit and no post.
    """
    post = None if is_for_all(escalation) else escalation.post_id
    return {
        "at": wire_time(escalation.told_at),
        "clock": str(clock.kind),
        "due_at": wire_or_none(clock.due_at),
        "ended_at": wire_or_none(escalation.ended_at),
        "issue": str(issue.pk),
        "number": number_text(issue.number),
        "open": escalation.ended_at is None,
        "order": str(clock.order_id) if clock.order_id else None,
        "percent": escalation.percent,
        "told": {
            "post": str(post) if post else None,
            "rank": escalation.rank,
            "unit": str(escalation.unit_id),
        },
    }
