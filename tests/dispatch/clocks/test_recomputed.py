"""Clocks and hops against a plain recomputation from what happened: any lawful sequence of verbs, any time between.

The recomputation below knows the law's sentences and the list of what happened, not the code under test.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock, Due, Escalation
from dispatch.matter.custody.models import Hop
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Closing, Ground, Outcome
from dispatch.matter.issues.states import State
from dispatch.matter.orders.models import Order
from dispatch.reading.custody import custody_of
from realtime.feed.clock import shifted
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.clocks.rows import changed, stale_cards
from tests.dispatch.clocks.test_following import level, recalled, resumed, suspended
from tests.dispatch.desk import MINUTE, Desk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NONE = timedelta(0)


@dataclass(frozen=True)
class OrderThen:
    """An order at an instant."""

    role: str
    state: str
    round: int


@dataclass(frozen=True)
class Moment:
    """An issue after an action, as the facts of that action show it."""

    at: datetime
    state: str
    level: str
    orders: Mapping[str, OrderThen]

    @property
    def has_lead(self) -> bool:
        """Whether a lead order is open or fed back."""
        shown = ("sent", "acknowledged", "in_handling", "fed_back")
        return any(order.role == "lead" and order.state in shown for order in self.orders.values())


def timeline(desk: Desk, issue_id: UUID) -> list[Moment]:
    """What the facts tell of an issue and its orders, one moment for each instant: states and levels, no clock."""
    moments: list[Moment] = []
    orders: dict[str, OrderThen] = {}
    state = level_then = ""
    for row in all_facts(desk.built.id):
        fact = json.loads(row.bytes)
        card, at = fact["card"], datetime.fromisoformat(fact["at"])
        if row.object_kind == "issue" and row.object_id == issue_id:
            state, level_then = card["state"], card["level"]
        elif row.object_kind == "order" and card["issue"] == str(issue_id):
            orders = orders | {str(row.object_id): OrderThen(card["role"], card["state"], card["round"])}
        else:
            continue
        if moments and moments[-1].at == at:
            moments.pop()
        moments.append(Moment(at, state, level_then, orders))
    return moments


def spans(
    moments: list[Moment], holds: Callable[[Moment], bool], after: datetime | None = None
) -> list[tuple[datetime, datetime | None]]:
    """The stretches of time in which something holds; None: it still does."""
    found: list[tuple[datetime, datetime | None]] = []
    begun: datetime | None = None
    for moment in moments:
        if after is not None and moment.at < after:
            continue
        if begun is None and holds(moment):
            begun = moment.at
        elif begun is not None and not holds(moment):
            found.append((begun, moment.at))
            begun = None
    return [*found, (begun, None)] if begun is not None else found


Row = tuple[str, datetime, datetime | None, datetime | None, datetime | None, datetime | None, datetime | None]


def recomputed(moments: list[Moment]) -> list[Row]:
    """Every clock that the law's sentences ask for, with its instants."""
    found: list[Row] = []

    def judged(kind: str, span: tuple[datetime, datetime | None], within: timedelta) -> None:
        found.append(_judged(kind, span, within, moments))

    for span in spans(moments, lambda moment: moment.state == "reported"):
        judged("relay_up", span, HOUR)
    for span in spans(moments, lambda moment: moment.state in ("accepted", "filed")):
        judged("dispatch", span, DAY)
    for span in spans(moments, lambda moment: moment.state == "in_handling" and not moment.has_lead):
        judged("redispatch", span, DAY)
    for begins, ends in spans(moments, lambda moment: moment.state == "suspended"):
        found.append(("suspension", begins, ends, None, begins + 7.2 * DAY, begins + 9 * DAY, None))
    sent = spans(moments, lambda moment: moment.state in ("in_handling", "suspended", "fed_back"))[:1]
    for begins, ends in sent:
        judged("handling_issue", (begins, ends), 5 * DAY)
        down = spans(moments, lambda moment: not _lead_took_on(moment), after=begins)
        judged("relay_down_issue", down[0], HOUR)
    for key in moments[-1].orders:
        life = [moment for moment in moments if key in moment.orders]
        judged("relay_down_order", _while(life, key, "sent")[0], HOUR)
        judged("handling_order", _while(life, key, "sent", "acknowledged", "in_handling")[0], 5 * DAY)
        for number in range(2, life[-1].orders[key].round + 1):
            judged("rework", _while(life, key, "in_handling", number=number)[0], 2 * DAY)
    return found


def _while(life: list[Moment], key: str, *states: str, number: int = 0) -> list[tuple[datetime, datetime | None]]:
    """The stretches in which an order is in one of some states, of its round where one is given."""

    def holds(moment: Moment) -> bool:
        order = moment.orders[key]
        return order.state in states and number in (0, order.round)

    return spans(life, holds)


def _lead_took_on(moment: Moment) -> bool:
    return any(order.state not in ("sent", "recalled") for order in moment.orders.values())


def _judged(kind: str, span: tuple[datetime, datetime | None], within: timedelta, moments: list[Moment]) -> Row:
    """Goes along the moments of a span: time counts unless handling rests; a breach is for ever."""
    begins, ends = span
    rests = kind in ("handling_issue", "handling_order", "rework")
    used, since, breached = NONE, begins, None
    resting = False
    allowed = _level_within(kind, within, next(moment.level for moment in moments if moment.at == begins))
    stops = [moment for moment in moments if moment.at > begins and (ends is None or moment.at <= ends)]
    for moment in stops:
        if not resting and breached is None and used + (moment.at - since) >= allowed:
            breached = since + (allowed - used)
        if breached is not None:
            break
        used += NONE if resting else moment.at - since
        since = moment.at
        resting = rests and moment.state == "suspended"
        if moment.at != ends:
            allowed = _level_within(kind, within, moment.level)
    due = breached or since + (allowed - used)
    if resting and ends is None and breached is None:
        return (kind, begins, None, since, None, None, None)
    return (kind, begins, ends, None, due - allowed / 5, due, breached)


def _level_within(kind: str, within: timedelta, word: str) -> timedelta:
    return 15 * DAY if kind.startswith("handling") and word == "major" else within


def _reconsidered(aggregate: Aggregate) -> None:
    aggregate.issue.state, aggregate.issue.ground = State.REPORTED, None


def _settings(desk: Desk, issue_id: UUID) -> dict[str, Any]:
    return {"expected": desk.version(issue_id), "cmd": desk.command("duty1")}


def _lead(issue_id: UUID) -> Order:
    lead = Order.objects.filter(issue_id=issue_id, role="lead").exclude(state="recalled").first()
    assert lead is not None
    return lead


def _dispatch(desk: Desk, issue_id: UUID) -> None:
    issues.dispatch(issue_id, desk.unit("law_enforcement"), **_settings(desk, issue_id))


VERBS: dict[str, Callable[[Desk, UUID], Any]] = {
    "accept": lambda desk, key: issues.accept(key, cmd=desk.command("duty1")),
    "decline": lambda desk, key: issues.decline(key, Ground.NOT_A_MATTER, "不属", **_settings(desk, key)),
    "reconsider": lambda desk, key: changed(desk, key, _reconsidered),
    "file": lambda desk, key: issues.file(key, **_settings(desk, key)),
    "dispatch": _dispatch,
    "acknowledge": lambda desk, key: orders.acknowledge(_lead(key).pk, cmd=desk.command("chengguan")),
    "feed_back": lambda desk, key: desk.feeds_back(_lead(key).pk),
    "recall": lambda desk, key: changed(desk, key, recalled),
    "suspend": lambda desk, key: changed(desk, key, suspended(9)),
    "resume": lambda desk, key: changed(desk, key, resumed),
    "major": lambda desk, key: changed(desk, key, level("major")),
    "verify": lambda desk, key: issues.verify(key, **_settings(desk, key)),
    "rework": lambda desk, key: issues.rework(key, [_lead(key).pk], "没有修好", **_settings(desk, key)),
    "close": lambda desk, key: issues.close(key, Closing(Outcome.RESOLVED, followed_up=True), **_settings(desk, key)),
}


def open_now(issue_id: UUID) -> list[str]:
    """The verbs that the story may go on with."""
    issue = Issue.objects.get(pk=issue_id)
    lead = Order.objects.filter(issue_id=issue_id, role="lead").exclude(state="recalled").first()
    match issue.state:
        case "reported":
            return ["accept", "decline"]
        case "accepted":
            return ["file", "decline"]
        case "filed":
            return ["dispatch"]
        case "declined":
            return ["reconsider"]
        case "fed_back":
            return ["verify", "rework"]
        case "verified":
            return ["rework", "close"]
        case "suspended":
            return ["resume", "resume", *(["acknowledge"] if lead and lead.state == "sent" else [])]
        case "in_handling" if lead is None:
            return ["suspend"]
        case "in_handling" if lead and lead.state == "sent":
            return ["acknowledge", "acknowledge", "recall", "suspend"]
        case "in_handling":
            amend = ["major"] if issue.level == "general" else []
            return ["feed_back", "feed_back", "suspend", *amend]
    return []


def lived(desk: Desk, choices: list[tuple[int, timedelta, bool]]) -> UUID:
    """An issue that lived so: each step some time after the last, the timer coming by before it or not."""
    issue_id = desk.reported()
    now = NONE
    for choice, later, comes in choices:
        verbs = open_now(issue_id)
        if not verbs:
            break
        now += later
        with shifted(now):
            if comes or "resume" in verbs:  # who resumes on a day that is past is told that it is done
                fire_due()
                verbs = open_now(issue_id)
            VERBS[verbs[choice % len(verbs)]](desk, issue_id)
            assert not stale_cards(desk)
    with shifted(now):
        while fire_due():
            pass
        assert not stale_cards(desk)
    return issue_id


STEP = some.tuples(
    some.integers(0, 11),
    some.one_of(
        some.timedeltas(NONE, 90 * MINUTE),
        some.timedeltas(NONE, 3 * DAY),
        some.sampled_from([60 * MINUTE, 5 * DAY, 8 * DAY]),
    ),
    some.booleans(),
)


@pytest.mark.mechanism("M51")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(STEP, min_size=1, max_size=10))
def test_clocks_and_hops_are_what_the_timeline_says(desk: Desk, choices: list[tuple[int, timedelta, bool]]) -> None:
    issue_id = lived(desk, choices)
    moments = timeline(desk, issue_id)
    _hops_adjoin(issue_id, moments)
    rows = Clock.objects.filter(issue_id=issue_id)
    found = [
        (row.kind, row.started_at, row.stopped_at, row.paused_at, row.amber_at, row.due_at, row.breached_at)
        for row in rows
    ]
    assert sorted(found, key=str) == sorted(recomputed(moments), key=str)
    for row in rows:
        fired = Due.objects.filter(clock=row).exclude(fired_at=None).exclude(tells="nobody")
        assert Escalation.objects.filter(clock=row).count() == fired.count()
    Due.objects.filter(issue_id=issue_id, fired_at=None).delete()  # the next example's timer has nothing to do with it


def _hops_adjoin(issue_id: UUID, moments: list[Moment]) -> None:
    """One holder at every instant of each chain; their times add up to the chain's; what is shown, to the second."""
    hops = list(Hop.objects.filter(issue_id=issue_id).order_by("chain", "from_at", "to_at"))
    open_spans = spans(moments, lambda moment: moment.state not in ("declined", "closed"))
    chains = sorted({hop.chain for hop in hops})
    assert len(chains) == len(open_spans)
    views = custody_of(issue_id, centre_id=Issue.objects.get(pk=issue_id).centre_id)
    for chain, (begins, ends) in zip(chains, open_spans, strict=True):
        own = [hop for hop in hops if hop.chain == chain]
        assert (own[0].from_at, own[-1].to_at) == (begins, ends)
        assert all(one.to_at == other.from_at for one, other in pairwise(own))
        if ends is not None:
            whole = sum(view.seconds for view in views if view.chain == chain)
            assert whole == int((ends - begins).total_seconds())
