"""Clocks follow the rows: what the state requires runs, the rest stops, handling rests while suspended.

Nothing is written before `save`; cards that are built in between show what will be.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from command.settings.registry import Settings
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.clock_law import escalating
from dispatch.matter.clock_law.law import Wanted, is_suspended, required, subject_of
from dispatch.matter.clocks import allowances
from dispatch.matter.clocks.allowances import BY_LEVEL, PAUSED_BY_SUSPENSION, ClockKind
from dispatch.matter.clocks.models import Clock, Due
from dispatch.matter.clocks.observing import relay_began_at
from dispatch.matter.facts import TIMER
from dispatch.matter.issues.clock_facts import IssueClocksMoved
from dispatch.matter.issues.states import State
from dispatch.matter.orders.facts import OrderClocksMoved

_NOBODY_COMES: Final = frozenset({State.DECLINED, State.MERGED})
# A stopped clock fires nothing more; what it fired stays.
_STOP: Final = """
WITH stopped AS (
    UPDATE clocks_clock c SET stopped_at = %s, uncounted = s.uncounted, paused_at = NULL,
        paused_for = s.paused_for, amber_at = s.amber_at, due_at = s.due_at
    FROM unnest(%s::bigint[], %s::boolean[], %s::interval[], %s::timestamptz[], %s::timestamptz[])
        AS s(id, uncounted, paused_for, amber_at, due_at)
    WHERE c.id = s.id AND c.stopped_at IS NULL RETURNING c.id
)
DELETE FROM clocks_due d USING stopped WHERE d.clock_id = stopped.id AND d.fired_at IS NULL
"""
_START: Final = """
WITH given AS (
    SELECT nextval(pg_get_serial_sequence('clocks_clock', 'id')) AS id, g.*
    FROM unnest(%s::int[], %s::uuid[], %s::uuid[], %s::uuid[], %s::int[], %s::text[], %s::timestamptz[],
                %s::interval[], %s::smallint[], %s::timestamptz[], %s::timestamptz[])
        WITH ORDINALITY AS g(card_id, report_id, order_id, forward_id, round, kind, started_at, allowance, amber_share,
                             amber_at, due_at, place)
), begun AS (
    INSERT INTO clocks_clock (id, issue_id, card_id, report_id, order_id, forward_id, round, kind, started_at,
                              allowance, paused_for, amber_share, amber_at, due_at, uncounted)
    SELECT id, %s, card_id, report_id, order_id, forward_id, round, kind, started_at, allowance, interval '0',
           amber_share, amber_at, due_at, false
    FROM given
    RETURNING id
), steps AS (
    SELECT * FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::timestamptz[]) AS s(place, percent, tells, due_at)
)
INSERT INTO clocks_due (clock_id, issue_id, percent, tells, due_at)
SELECT begun.id, %s, steps.percent, steps.tells, steps.due_at
FROM begun JOIN given USING (id) JOIN steps USING (place)
ORDER BY place, steps.due_at
"""


# A relay whose acknowledgment was struck: it runs on as if it had never stopped.
_RUN_AGAIN: Final = """
WITH again AS (
    UPDATE clocks_clock SET stopped_at = NULL WHERE id = ANY(%s) AND stopped_at IS NOT NULL RETURNING id, issue_id
), steps AS (
    SELECT * FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::timestamptz[]) AS s(clock_id, percent, tells, due_at)
)
INSERT INTO clocks_due (clock_id, issue_id, percent, tells, due_at)
SELECT again.id, again.issue_id, steps.percent, steps.tells, steps.due_at
FROM steps JOIN again ON again.id = steps.clock_id
"""


def follow(aggregate: Aggregate, *, uncounted: bool = False, resumed_at: datetime | None = None) -> None:
    """Starts, stops, runs again, pauses, resumes and re-dates clocks as the rows require; `save` writes it.

    uncounted   nothing is required any more, and what ran counts in no figure: void, close as withdrawn
    resumed_at  since when what was paused runs again, where that was before the aggregate's time
    Call it after the rows are changed and before facts are told: cards show their clocks. No statement when nothing
    begins or changes; else one for the settings, and for an urgent issue one for its item.
    """
    terms = _Terms(aggregate)
    aggregate.stale = len(aggregate.changes)
    wanted = {} if uncounted else {one.subject: one for one in required(aggregate)}
    for clock in list(aggregate.clocks):
        if clock.stopped_at is not None:
            continue
        one = wanted.get(subject_of(clock))
        if one is None or one.replaces(clock):
            _stop(aggregate, clock, uncounted=uncounted or _was_asked_no_more(aggregate, clock, one))
            continue
        del wanted[one.subject]
        _adjust(aggregate, clock, terms, resumed_at or aggregate.at)
    for one in wanted.values():
        if (stopped := _struck(aggregate, one)) is not None:
            _run_again(aggregate, stopped)
        else:
            _start(aggregate, one, terms)


def save(aggregate: Aggregate) -> None:
    """Has written what `follow` changed, after the rows that the clocks judge, and tells what no fact has told yet.

    What was paused, resumed or re-dated takes three statements, what runs again one; all else goes with the facts. What
    was due by then has been fired (`fire_past_due`): the database refuses a late stop without its breach.
    """
    if aggregate.restarted:
        _save_restarted(aggregate)
    if aggregate.stopped:
        _save_stopped(aggregate)
    if aggregate.moved:
        aggregate.flush()
        save_moved(aggregate)
    if aggregate.started:
        _save_started(aggregate)
    escalating.save_ended(aggregate)
    _record_what_moved(aggregate)
    for done in (aggregate.started, aggregate.stopped, aggregate.moved, aggregate.restarted):
        done.clear()


class _Terms:
    """What the centre has set, read when a clock needs it."""

    def __init__(self, aggregate: Aggregate) -> None:
        self._aggregate = aggregate

    @cached_property
    def settings(self) -> Settings:
        """The centre's settings."""
        return self._aggregate.settings

    def amber_share(self, one: Wanted) -> int:
        """From which share on a clock is amber that starts now."""
        return one.goes_on.amber_share if one.goes_on is not None else self.settings.amber_share

    def allowance(self, one: Wanted) -> timedelta | None:
        """How long a clock may run that starts now; None for an urgent issue whose item gives no minutes."""
        issue = self._aggregate.issue
        if one.goes_on is not None:
            return one.goes_on.allowance
        if one.kind is ClockKind.ON_SCENE:
            item = self._aggregate.item
            minutes = item.on_scene_within_min if item else None
            return timedelta(minutes=minutes) if minutes else None
        if one.until is not None:
            return one.until - one.started_at
        return allowances.allowance(one.kind, self.settings, level=issue.level)


def _start(aggregate: Aggregate, one: Wanted, terms: _Terms) -> None:
    allowed = terms.allowance(one)
    if allowed is None:
        return
    started_at = one.started_at
    if one.kind is ClockKind.RELAY_UP and one.report is not None and one.round == 1:
        paper = aggregate.backfill  # by which the report comes in: nothing else begins a first relay up
        started_at = paper.happened_at if paper else relay_began_at(one.report, received_at=started_at)
    share = terms.amber_share(one)
    aggregate.card_ids += 1
    clock = Clock(
        issue=aggregate.issue,
        card_id=aggregate.card_ids,
        report=one.report,
        order=one.order,
        forward=one.forward,
        round=one.round,
        kind=one.kind,
        started_at=started_at,
        allowance=allowed,
        amber_share=share,
    )
    clock.set_instants()
    aggregate.clocks.append(clock)
    aggregate.started.append((clock, allowances.steps(one.kind, terms.settings, amber_share=share)))


def _struck(aggregate: Aggregate, one: Wanted) -> Clock | None:
    """The issue's relay down of this round, which an acknowledgment stopped that no longer counts; None: none ran."""
    if one.kind is not ClockKind.RELAY_DOWN_ISSUE:
        return None
    own = (clock for clock in aggregate.clocks if clock.kind == one.kind and clock.round == one.round)
    return next(own, None)


def _run_again(aggregate: Aggregate, clock: Clock) -> None:
    """With its first start and due time; what was breached stays so."""
    assert clock.stopped_at is not None
    aggregate.restarted.append((clock, clock.stopped_at))
    clock.stopped_at = None


def _stop(aggregate: Aggregate, clock: Clock, *, uncounted: bool) -> None:
    if clock._state.adding:  # begun by what the action found past due, and over with it
        aggregate.clocks.remove(clock)
        aggregate.started[:] = [begun for begun in aggregate.started if begun[0] is not clock]
        return
    for begun_again, was_stopped_at in aggregate.restarted:
        if begun_again is clock:  # by what the action found past due, and over with it
            clock.stopped_at = was_stopped_at
            aggregate.restarted.remove((clock, was_stopped_at))
            return
    if clock.paused_at is not None:
        _resume(clock, aggregate.at)
    clock.stopped_at, clock.uncounted = aggregate.at, uncounted
    aggregate.stopped.append(clock)


def _was_asked_no_more(aggregate: Aggregate, clock: Clock, instead: Wanted | None) -> bool:
    """Whether nobody has to come by it any more: not urgent after all, declined, or merged: one clock judges both.

    A breach stays counted all the same: it was made before anybody said so.
    """
    issue = aggregate.issue
    dropped = instead is not None or not issue.urgent or issue.state in _NOBODY_COMES
    return clock.kind == ClockKind.ON_SCENE and clock.breached_at is None and dropped


def _adjust(aggregate: Aggregate, clock: Clock, terms: _Terms, resumed_at: datetime) -> None:
    """A change of level counts from the start; a suspension takes the due time away until it ends.

    What is breached stays so: nothing moves it any more.
    """
    if clock.breached_at is not None:
        return
    before = (clock.allowance, clock.paused_at)
    if clock.kind in BY_LEVEL and aggregate.issue.level != aggregate.level:
        _amend(aggregate, clock, terms.settings)
    if clock.kind in PAUSED_BY_SUSPENSION:
        if is_suspended(aggregate) and clock.paused_at is None:
            clock.paused_at = aggregate.at
            clock.set_instants()
        elif clock.paused_at is not None and not is_suspended(aggregate):
            _resume(clock, resumed_at)
    if before != (clock.allowance, clock.paused_at) and clock not in aggregate.moved:
        aggregate.moved.append(clock)


def _amend(aggregate: Aggregate, clock: Clock, settings: Settings) -> None:
    clock.allowance = allowances.amended(
        clock.allowance,
        allowances.allowance(ClockKind(clock.kind), settings, level=aggregate.issue.level),
        used=clock.used(aggregate.at),
        floor=timedelta(hours=settings.downgrade_floor_h),
    )
    clock.set_instants()


def _resume(clock: Clock, at: datetime) -> None:
    """What was left when it was paused is left again."""
    assert clock.paused_at is not None
    clock.paused_for += at - clock.paused_at
    clock.paused_at = None
    clock.set_instants()


def _save_stopped(aggregate: Aggregate) -> None:
    clocks = aggregate.stopped
    values = [
        aggregate.at,
        [clock.pk for clock in clocks],
        [clock.uncounted for clock in clocks],
        [clock.paused_for for clock in clocks],
        [clock.amber_at for clock in clocks],
        [clock.due_at for clock in clocks],
    ]
    aggregate.writes.append((_STOP, values))


def save_moved(aggregate: Aggregate) -> None:
    """Writes clocks that were paused, resumed or re-dated, and when what they have still to fire is due now.

    Never, while they are paused.
    """
    clocks = {clock.pk: clock for clock in aggregate.moved if clock.stopped_at is None}
    Clock.objects.bulk_update(clocks.values(), ["allowance", "paused_for", "paused_at", "amber_at", "due_at"])
    dues = list(Due.objects.filter(clock__in=clocks, fired_at=None))
    for due in dues:
        clock = clocks[due.clock_id]
        due.due_at = None if clock.paused_at is not None else clock.at_percent(due.percent)
    Due.objects.bulk_update(dues, ["due_at"])


def _save_restarted(aggregate: Aggregate) -> None:
    """What is still to be fired: of steps that were missed the highest only, and none that was told before."""
    settings = aggregate.settings
    clocks = {clock.pk: clock for clock, _ in aggregate.restarted}
    fired = set(Due.objects.filter(clock__in=clocks).values_list("clock_id", "tells"))
    dues: list[tuple[int, int, str, datetime]] = []
    for pk, clock in clocks.items():
        steps = [step for step in allowances.steps(ClockKind(clock.kind), settings) if (pk, step.tells) not in fired]
        left = [(pk, step.percent, step.tells.value, clock.at_percent(step.percent)) for step in steps]
        missed = [due for due in left if due[3] <= aggregate.at]
        dues += [due for due in left if due not in missed[:-1]]
    values = [list(clocks), *([due[place] for due in dues] for place in range(4))]
    aggregate.writes.append((_RUN_AGAIN, values))


def _save_started(aggregate: Aggregate) -> None:
    clocks = [clock for clock, _ in aggregate.started]
    dues = [
        (place, step.percent, step.tells.value, clock.at_percent(step.percent))
        for place, (clock, steps) in enumerate(aggregate.started, start=1)
        for step in steps
    ]
    columns: Sequence[Callable[[Clock], object]] = (
        lambda clock: clock.card_id,
        lambda clock: clock.report_id,
        lambda clock: clock.order_id,
        lambda clock: clock.forward_id,
        lambda clock: clock.round,
        lambda clock: str(clock.kind),
        lambda clock: clock.started_at,
        lambda clock: clock.allowance,
        lambda clock: clock.amber_share,
        lambda clock: clock.amber_at,
        lambda clock: clock.due_at,
    )
    issue = aggregate.issue.pk
    values = [
        *([column(clock) for clock in clocks] for column in columns),
        issue,
        *([due[place] for due in dues] for place in range(4)),
        issue,
    ]
    aggregate.writes.append((_START, values))


def _record_what_moved(aggregate: Aggregate) -> None:
    """Cards show clocks: what moved one without being told of its object afterwards is told here."""
    told = {change.fact.object_id for change in aggregate.changes[aggregate.stale :]}
    begun = (clock for clock, _ in (*aggregate.started, *aggregate.restarted))
    touched = [*aggregate.stopped, *aggregate.moved, *begun]
    keys = {clock.order_id for clock in touched if clock.order_id is not None} - told
    orders = [order for order in aggregate.orders if order.pk in keys]
    for order in orders:
        aggregate.record(order, lambda shown: OrderClocksMoved(shown, TIMER))
        aggregate.put(order)
    issue = aggregate.issue
    if issue.pk not in told and any(clock.order_id is None for clock in touched):
        aggregate.record(issue, lambda shown: IssueClocksMoved(shown, TIMER))
        aggregate.put(issue)
