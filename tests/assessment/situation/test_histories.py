"""What was open, what entered and left: the book must balance for every history; lights are those of the rules."""

import statistics
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.situation.counting import (
    MAX_FRAMES,
    crossings_in,
    days_of,
    flow_of,
    frame_times,
    frames_of,
    loads_by,
    open_at_end,
)
from assessment.situation.histories import (
    BEFORE,
    ClockSpan,
    History,
    Light,
    Shown,
    Step,
    counted,
    open_at,
    percentile,
)
from assessment.situation.periods import Period
from assessment.situation.relays import Relay, relay_figures
from assessment.situation.words import minutes_text, rate_text, span_text
from dispatch.matter.clocks import lights

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC).timestamp()  # 12:00 in Shanghai
HOUR = 3600.0
SHANGHAI = timezone(timedelta(hours=8))
PERIOD = Period(NOON - 48 * HOUR, NOON)
OPEN_STATES = ("reported", "accepted", "filed", "in_handling", "fed_back", "verified")
STATES = (*OPEN_STATES, "closed", "declined", "merged")


def shown(state: str = "reported", *, clock: ClockSpan | None = None, **more: Any) -> Shown:
    """An issue as a card would show it."""
    told: dict[str, Any] = {
        "number": "000001",
        "item": "1901",
        "channel": "hotline_12345",
        "level": "general",
        "urgent": False,
        "exercise": False,
        "cell": "330199/001",
        "cell_name": "和平街道",
        "holder": "unit",
        "reported_at": NOON - HOUR,
    } | more
    return Shown(state=state, open=state in OPEN_STATES, clocks=(clock,) if clock else (), **told)


def relay(started: float, *, stopped: float | None = None, breached: bool = False) -> ClockSpan:
    """A 60-minute clock."""
    return ClockSpan("relay_up", started, started + HOUR, stopped, breached, True, amber=started + 0.8 * HOUR)


@st.composite
def histories(draw: st.DrawFn) -> list[History]:
    """Some issues, each with steps at times that never fall; some hidden for a while, some before the period."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        times = sorted(draw(st.lists(st.floats(PERIOD.start - HOUR, PERIOD.end + HOUR), min_size=1, max_size=6)))
        states: Sequence[str | None] = draw(
            st.lists(st.sampled_from([*STATES, None]), min_size=len(times), max_size=len(times))
        )
        cell = f"330199/{draw(st.integers(1, 3)):03d}"
        steps = [
            Step(
                at,
                "issue.reported" if index == 0 else "issue.other",
                None if state is None else shown(state, cell=cell, clock=relay(at)),
            )
            for index, (at, state) in enumerate(zip(times, states, strict=True))
        ]
        if draw(st.booleans()):
            steps.insert(0, Step(BEFORE, "", shown(draw(st.sampled_from(STATES)), cell=cell)))
        found.append(History(str(number), tuple(steps)))
    return found


@given(histories())
def test_open_before_and_entered_less_left_is_open_after(some: list[History]) -> None:
    kept = counted(some)
    crossed = crossings_in(kept, PERIOD)
    flow = flow_of(crossed)
    before = len(open_at_end(kept, Period(0, PERIOD.start)))
    assert before + flow.entered.total() - flow.left.total() == len(open_at_end(kept, PERIOD))

    at_end = before
    for day in days_of(kept, crossed, PERIOD, SHANGHAI):
        at_end += day.flow.entered.total() - day.flow.left.total()
        assert day.open_at_end == at_end


@given(histories())
def test_the_slider_shows_at_each_frame_what_was_open_then(some: list[History]) -> None:
    kept = counted(some)
    frames = frames_of(kept, PERIOD, SHANGHAI)
    for index, moment in enumerate(frames.times):
        last = index == len(frames.times) - 1
        found = open_at_end(kept, PERIOD) if last else open_at(kept, moment)
        loads = loads_by(found, moment, lambda one: one.cell)
        assert frames.open[index] == len(found)
        assert frames.late[index] == sum(load.red for load in loads.values())
        for path, runs in frames.cells.items():
            told = [run[1:] for run in runs if run[0] <= index]
            load = loads.get(path)
            assert (told[-1] if told else (0, 0, 0, 0)) == (
                (load.open, load.red, load.worst, load.of_worst) if load else (0, 0, 0, 0)
            )


@given(st.floats(60, 92 * 86400))
def test_the_slider_has_few_frames_from_the_first_instant_to_the_last(length: float) -> None:
    times = frame_times(Period(NOON - length, NOON), SHANGHAI)
    assert times[0] == NOON - length
    assert times[-1] == NOON
    assert len(times) <= MAX_FRAMES + 1
    assert list(times) == sorted(set(times))


def test_steps_of_the_slider_are_whole_hours_of_the_centres_clock() -> None:
    inner = frame_times(PERIOD, SHANGHAI)[1:-1]
    assert {datetime.fromtimestamp(moment, SHANGHAI).minute for moment in inner} == {0}


@given(st.lists(st.floats(0, 1000), min_size=1), st.floats(0, 1))
def test_a_percentile_lies_between_its_values(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found is not None
    assert min(values) <= found <= max(values)
    assert percentile(values, 0.5) == pytest.approx(statistics.median(values))


def test_percentiles_are_interpolated_as_the_database_does() -> None:
    assert percentile([10.0, 20.0, 30.0, 40.0], 0.9) == pytest.approx(37.0)
    assert percentile([], 0.5) is None


@pytest.mark.parametrize(
    ("minutes", "light"),
    [(0, Light.GREEN), (47.99, Light.GREEN), (48, Light.AMBER), (59.99, Light.AMBER), (60, Light.RED)],
)
def test_lights_change_at_eighty_and_a_hundred_percent(minutes: float, light: Light) -> None:
    assert relay(NOON).light(NOON + minutes * 60) is light


def test_a_paused_clock_keeps_its_light_and_is_not_due() -> None:
    paused = ClockSpan("handling_issue", NOON, None, None, False, True, kept=lights.Light.AMBER)
    assert paused.light(NOON + 10 * HOUR) is Light.AMBER
    assert ClockSpan("handling_issue", NOON, None, None, True, True).light(NOON) is Light.RED


def test_what_is_urgent_and_not_accepted_is_urgent_and_may_be_late_too() -> None:
    issue = shown(urgent=True, clock=relay(NOON - 2 * HOUR))
    assert issue.mark(NOON) is Light.URGENT
    assert issue.is_late(NOON)
    assert shown("accepted", urgent=True).mark(NOON) is Light.GREEN


def test_exercises_and_what_was_voided_count_for_nothing() -> None:
    exercise = History("1", (Step(NOON - HOUR, "issue.reported", shown(exercise=True)),))
    voided = History(
        "2", (Step(NOON - HOUR, "issue.reported", shown()), Step(NOON - 1, "issue.voided", shown("voided")))
    )
    assert counted([exercise, voided]) == []


def test_what_leaves_the_place_is_told_as_moved() -> None:
    moved = History("1", (Step(BEFORE, "", shown()), Step(NOON - HOUR, "issue.amended", None)))
    assert flow_of(crossings_in([moved], PERIOD)).left == {"moved": 1}


def relay_of(minutes: float, *, stopped: float | None = NOON - HOUR, kind: str = "relay_up") -> Relay:
    """One that took so long; where it runs (`stopped` None), that began so long before noon."""
    end = NOON if stopped is None else stopped
    started = end - minutes * 60
    late = minutes >= 60
    return Relay("i", kind, started, started + HOUR, stopped, late and stopped is not None)


def test_relays_that_ended_in_the_period_have_numerator_and_denominator() -> None:
    rows = [relay_of(10), relay_of(20), relay_of(60), relay_of(5, stopped=NOON + 1)]
    up, down, order, forward = relay_figures([*rows, relay_of(59.99, kind="relay_down_order")], PERIOD)
    assert (len(up.due), up.on_time, up.p50, up.p90) == (3, 2, 20.0, pytest.approx(52.0))
    assert (len(down.due), down.p50) == (0, None)
    assert (len(order.due), order.on_time) == (1, 1)
    assert forward.due == ()


def test_a_breach_is_due_also_while_it_runs() -> None:
    """Three ended in time and a fourth has run for 75 minutes: 75.0 %, 3/4."""
    ended = [relay_of(10), relay_of(20), relay_of(59)]
    up, *_ = relay_figures([*ended, relay_of(75, stopped=None)], PERIOD)
    assert rate_text(up.on_time, len(up.due)) == "75.0%（3/4）"
    assert (up.late_now, up.finished, up.p50) == (1, 3, 20.0)


@pytest.mark.parametrize(("minutes", "due"), [(59.99, 0), (60.01, 1)])
def test_what_runs_is_due_from_the_second_of_its_breach(minutes: float, due: int) -> None:
    assert len(relay_figures([relay_of(minutes, stopped=None)], PERIOD)[0].due) == due


def test_a_breach_of_before_the_period_counts_while_it_runs_and_when_it_ends() -> None:
    old = relay_of(60 * 60, stopped=None)  # sixty hours: it began and was breached before the period
    assert [len(relay_figures([old], PERIOD)[0].due), old.runs_late_at_end_of(PERIOD)] == [1, True]
    ended_before = relay_of(90, stopped=PERIOD.start - 1)
    assert relay_figures([ended_before], PERIOD)[0].due == ()
    ended_later = relay_of(90 + 10, stopped=NOON + 600)  # late at noon, whatever became of it
    assert relay_figures([ended_later], PERIOD)[0].late_now == 1


def test_words_of_figures() -> None:
    assert rate_text(591, 609) == "97.0%（591/609）"
    assert rate_text(0, 0) == "—"
    assert rate_text(1, 8) == "12.5%（1/8）"
    assert rate_text(1, 16) == "6.3%（1/16）"  # 6.25: half up
    assert minutes_text(None) == "—"
    assert minutes_text(12.25) == "12.3"
    assert [span_text(seconds) for seconds in (59, 3600, 11100, 187200)] == ["0分", "1时00分", "3时05分", "2天4时"]
