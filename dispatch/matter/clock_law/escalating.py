"""The only writer of escalations: each step is told once and logged; a breached relay waits for an answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.cards.clocks import escalation_card
from dispatch.matter.clock_law.ladder import Ladder
from dispatch.matter.clocks.allowances import BREACH_PERCENT, RELAYS, ClockKind, Tells
from dispatch.matter.clocks.facts import (
    EscalationAnswered,
    EscalationDropped,
    EscalationFact,
    EscalationRaised,
    EscalationReaddressed,
    EscalationRedrawn,
)
from dispatch.matter.clocks.models import Clock, Due, Escalation
from dispatch.matter.clocks.seeing import addressee_of, audience_of
from dispatch.matter.facts import TIMER, UPGRADE, Shown
from dispatch.matter.issues.models import Issue
from realtime.feed.contract import Audience, Change
from realtime.feed.objects import ShownObject
from realtime.feed.queries import latest_facts

_OPEN: Final = {"ended_at": None}
_RAISED: Final = """
INSERT INTO clocks_escalation (id, issue_id, clock_id, percent, unit_id, post_id, rank, told_at, ended_at, version)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::smallint[], %s::uuid[], %s::uuid[], %s::text[],
                     %s::timestamptz[], %s::timestamptz[], %s::int[])
"""


def raise_step(aggregate: Aggregate, clock: Clock, due: Due, ladder: Ladder) -> Escalation | None:
    """Tells a step that fell due, by a fact; the row is the caller's to save. None: nobody is told.

    An exercise is quiet, and so is what ends without being late.
    """
    tells = Tells(due.tells)
    if tells is Tells.NOBODY or aggregate.issue.exercise:
        return None
    told = ladder.notified(tells, aggregate, clock)
    waits = due.percent == BREACH_PERCENT and ClockKind(clock.kind) in RELAYS
    escalation = Escalation(
        issue=aggregate.issue,
        clock=clock,
        percent=due.percent,
        unit_id=told.unit,
        post_id=told.post,
        rank=told.rank,
        told_at=aggregate.at,
        ended_at=None if waits else aggregate.at,
    )
    _record_fact(aggregate, clock, escalation, EscalationRaised, addressed_to=addressee_of(aggregate.issue, escalation))
    return escalation


def save_new(escalations: Sequence[Escalation]) -> None:
    """Writes what was raised. One statement, none for none; `bulk_create` took twice as long over it."""
    if not escalations:
        return
    columns: Sequence[Callable[[Escalation], object]] = (
        lambda one: one.pk,
        lambda one: one.issue_id,
        lambda one: one.clock_id,
        lambda one: one.percent,
        lambda one: one.unit_id,
        lambda one: one.post_id,
        lambda one: str(one.rank),
        lambda one: one.told_at,
        lambda one: one.ended_at,
        lambda one: one.version,
    )
    with connection.cursor() as cursor:
        cursor.execute(_RAISED, [[column(one) for one in escalations] for column in columns])


def save_ended(aggregate: Aggregate) -> None:
    """Ends what waited for an answer to clocks that stop now, and tells it. No statement when none was breached."""
    ended = {clock.pk: clock for clock in aggregate.stopped if clock.breached_at and ClockKind(clock.kind) in RELAYS}
    others_see = (aggregate.issue.sensitive, aggregate.issue.place) != (aggregate.sensitive, aggregate.place)
    if not ended and not others_see:
        return
    aggregate.flush()
    clocks = {clock.pk: clock for clock in aggregate.clocks}
    waiting = list(Escalation.objects.filter(issue=aggregate.issue, **_OPEN))
    turn = {clock.pk: n for n, clock in enumerate(_in_order(aggregate))}
    waiting.sort(key=lambda escalation: (escalation.told_at, turn[escalation.clock_id]))
    for escalation in waiting:
        escalation.clock = clock = clocks[escalation.clock_id]
        before = audience_of(aggregate.issue, escalation, sensitive=aggregate.sensitive, place=aggregate.place)
        if clock.pk in ended:
            escalation.ended_at = aggregate.at
            made = EscalationDropped if clock.uncounted else EscalationAnswered
            _record_fact(aggregate, clock, escalation, made, before=before)
        elif others_see:
            _record_fact(aggregate, clock, escalation, EscalationReaddressed, before=before)
    Escalation.objects.bulk_update(waiting, ["ended_at", "version"])


def redraw_waiting(aggregates: Sequence[Aggregate]) -> None:
    """Tells what waits for an answer once more, where its rows make another card than was told. Two statements."""
    rows = Escalation.objects.filter(issue__in=[aggregate.issue.pk for aggregate in aggregates], **_OPEN)
    waiting: dict[UUID, list[Escalation]] = {}
    for escalation in rows.order_by("told_at", "pk"):
        waiting.setdefault(escalation.issue_id, []).append(escalation)
    told = {shown.id: shown for shown in latest_facts(aggregates[0].issue.centre_id, rows.values_list("pk", "version"))}
    for aggregate in aggregates:
        _redraw(aggregate, waiting.get(aggregate.issue.pk, ()), told)


def _redraw(aggregate: Aggregate, waiting: Iterable[Escalation], told: Mapping[UUID, ShownObject]) -> None:
    clocks = {clock.pk: clock for clock in aggregate.clocks}
    others = []
    for escalation in waiting:
        escalation.clock = clock = clocks[escalation.clock_id]
        card, audience = escalation_card(aggregate.issue, clock, escalation), audience_of(aggregate.issue, escalation)
        was = told[escalation.pk]
        if was != ShownObject.of_card("escalation", escalation.pk, escalation.version, card, audience):
            _record_fact(aggregate, clock, escalation, EscalationRedrawn, before=was.audience, by=UPGRADE)
            others.append(escalation)
    Escalation.objects.bulk_update(others, ["version"])


def answer(issue: Issue, escalation: Escalation, at: datetime, *, by: str) -> Change | None:
    """Somebody answered the call of a breached relay: it waits for no further answer. Saves; None: it waited for none.

    Its clock should be loaded. The relay itself runs on.
    """
    if escalation.ended_at is not None:
        return None
    audience = audience_of(issue, escalation)
    escalation.ended_at = at
    escalation.version += 1
    escalation.save(update_fields=["ended_at", "version"])
    card = escalation_card(issue, escalation.clock, escalation)
    fact = EscalationAnswered(Shown(escalation.pk, escalation.version, card), by)
    return Change(fact, audience, audience)


def _in_order(aggregate: Aggregate) -> list[Clock]:
    """The clocks by kind and by their orders' turn: what an action tells comes in one order."""
    orders = [order.pk for order in aggregate.orders]
    return sorted(aggregate.clocks, key=lambda one: (one.kind, orders.index(one.order_id) if one.order_id else -1))


def _record_fact(
    aggregate: Aggregate,
    clock: Clock,
    escalation: Escalation,
    made: type[EscalationFact],
    *,
    before: Audience | None = None,
    addressed_to: str | None = None,
    by: str = TIMER,
) -> None:
    escalation.version += 1
    card = escalation_card(aggregate.issue, clock, escalation)
    fact = made(Shown(escalation.pk, escalation.version, card), by)
    aggregate.changes.append(Change(fact, before, audience_of(aggregate.issue, escalation), addressed_to))
