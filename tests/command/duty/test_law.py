"""Who is on duty, minute by minute, without a database: vectors drawn by hand. Source: docs/rules.md, "Duty"."""

from datetime import timedelta

import pytest

from command.duty.law import Plan, Span, gaps, on_duty, overlaps_of_dates, overlaps_of_week, spells, uncovered
from tests.command.duty.plans import MONDAY, ZONE, at, dated, letters, post, span, weekly

OFFICE = [weekly("A", f"{day} 08:30", 9, "resident") for day in ("mon", "tue", "wed", "thu", "fri")]
AROUND = [
    weekly(letter, f"{day} 08:00", 24)
    for day, letter in zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "ABABABA", strict=True)
]
SWAP = Plan(
    tuple(AROUND), (dated("A", "mon 14:00", "mon 16:00", None), dated("C", "mon 14:00", "mon 16:00", "on_call"))
)
SICK = Plan(tuple(AROUND), (dated("A", "sun 20:00", "mon+1 12:00", None),))
HOLIDAY = Plan(
    (*OFFICE, weekly("B", "wed 20:00", 12)),
    (dated("C", "thu 10:00", "thu 12:00"),),
    own_days=frozenset({MONDAY + timedelta(days=3)}),
)
TWO_POSTS = Plan((weekly("A", "mon 08:00", 10), weekly("B", "mon 09:00", 10)))

WHEN = [
    # office hours: the first minute counts, the last instant no longer
    (Plan(tuple(OFFICE)), "mon 08:29:59", ""),
    (Plan(tuple(OFFICE)), "mon 08:30", "A"),
    (Plan(tuple(OFFICE)), "mon 17:29:59", "A"),
    (Plan(tuple(OFFICE)), "mon 17:30", ""),
    (Plan(tuple(OFFICE)), "sat 12:00", ""),
    (Plan(tuple(OFFICE)), "fri+3 08:30", "A"),
    # 24 hours each, past midnight, and Sunday's night into Monday
    (Plan(tuple(AROUND)), "mon 00:00", "A"),
    (Plan(tuple(AROUND)), "mon 07:59:59", "A"),
    (Plan(tuple(AROUND)), "tue 00:00", "A"),
    (Plan(tuple(AROUND)), "tue 07:59:59", "A"),
    (Plan(tuple(AROUND)), "tue 08:00", "B"),
    (Plan(tuple(AROUND)), "sun 23:59:59", "A"),
    (Plan(tuple(AROUND)), "mon+1 00:00", "A"),
    (Plan(tuple(AROUND)), "mon+1 08:00", "A"),
    # a swap inside a shift: two hours, to the second
    (SWAP, "mon 13:59:59", "A"),
    (SWAP, "mon 14:00", "C"),
    (SWAP, "mon 15:59:59", "C"),
    (SWAP, "mon 16:00", "A"),
    (SWAP, "mon+1 14:00", "A"),
    # an absence over the end of the week cuts two shifts
    (SICK, "sun 19:59", "A"),
    (SICK, "sun 20:00", ""),
    (SICK, "mon+1 00:00", ""),
    (SICK, "mon+1 08:00", ""),
    (SICK, "mon+1 12:00", "A"),
    # a holiday: what began the evening before runs out, nothing of the week begins, the dated shift stands
    (HOLIDAY, "thu 07:59:59", "B"),
    (HOLIDAY, "thu 08:30", ""),
    (HOLIDAY, "thu 10:00", "C"),
    (HOLIDAY, "thu 12:00", ""),
    (HOLIDAY, "thu+1 08:30", "A"),
    # two posts, of one person or of two: each counts
    (TWO_POSTS, "mon 08:59", "A"),
    (TWO_POSTS, "mon 09:00", "AB"),
    (TWO_POSTS, "mon 18:00", "B"),
    # a post that nobody holds any more
    (Plan(TWO_POSTS.weekly, gone=frozenset({post("A")})), "mon 09:00", "B"),
    # a shift of one minute, and one that ends with the day
    (Plan((weekly("A", "mon 12:00", 1 / 60),)), "mon 12:00:59", "A"),
    (Plan((weekly("A", "mon 12:00", 1 / 60),)), "mon 12:01", ""),
    (Plan((weekly("A", "mon 22:00", 2),)), "mon 23:59:59", "A"),
    (Plan((weekly("A", "mon 22:00", 2),)), "tue 00:00", ""),
    (Plan(dated=(dated("A", "mon 22:00", "tue 06:00"),)), "tue 05:59", "A"),
    (Plan(), "mon 12:00", ""),
]


@pytest.mark.parametrize(("plan", "when", "expected"), WHEN, ids=[f"{n}-{one[1]}" for n, one in enumerate(WHEN)])
def test_who_is_on_duty(plan: Plan, when: str, expected: str) -> None:
    assert letters([spell.post for spell in on_duty(plan, at(when), ZONE)]) == expected


def test_who_stands_twice_at_once_is_on_duty_once() -> None:
    plan = Plan((weekly("A", "mon 08:00", 8),), (dated("A", "mon 10:00", "mon 20:00"),))
    assert [spell.post for spell in on_duty(plan, at("mon 12:00"), ZONE)] == [post("A")]


def test_spells_are_whole_and_cut_by_absences() -> None:
    found = [(letters([one.post]), one.span) for one in spells(SWAP, span("mon 15:00", "tue 09:00"), ZONE)]
    assert found == [
        ("C", span("mon 14:00", "mon 16:00")),
        ("A", span("mon 16:00", "tue 08:00")),
        ("B", span("tue 08:00", "wed 08:00")),
    ]


def test_gaps_are_the_hours_for_which_nobody_is_named() -> None:
    day = span("mon 00:00", "tue 00:00")
    assert gaps(Plan(tuple(OFFICE)), day, ZONE) == [span("mon 00:00", "mon 08:30"), span("mon 17:30", "tue 00:00")]
    assert gaps(Plan(tuple(AROUND)), span("mon 00:00", "mon+1 00:00"), ZONE) == []
    assert gaps(SICK, span("sun 00:00", "tue+1 00:00"), ZONE) == [span("sun 20:00", "mon+1 12:00")]
    assert gaps(SWAP, span("mon 00:00", "mon+1 00:00"), ZONE) == []
    assert gaps(Plan(), day, ZONE) == [day]


@pytest.mark.mechanism("M67")
def test_a_recurring_duty_that_nobody_covers_is_found_a_week_ahead() -> None:
    """The lawyer of each Thursday; nights are no such thing."""
    thursdays = (weekly("A", "thu 09:00", 8, "rotating"),)
    week = Span(at("mon 12:00"), at("mon+1 12:00"))
    thursday = span("thu 09:00", "thu 17:00")
    absent, stands_in = dated("A", "thu 00:00", "fri 00:00", None), dated("B", "thu 09:00", "thu 13:00")
    assert uncovered(Plan(thursdays), week, ZONE) == []
    assert uncovered(Plan(thursdays, (absent,)), week, ZONE) == [thursday]
    assert uncovered(Plan(thursdays, (absent, stands_in)), week, ZONE) == [span("thu 13:00", "thu 17:00")]
    assert uncovered(Plan(thursdays, gone=frozenset({post("A")})), week, ZONE) == [thursday]
    assert uncovered(Plan(thursdays, own_days=frozenset({MONDAY + timedelta(days=3)})), week, ZONE) == [thursday]
    assert uncovered(Plan(thursdays, (absent,)), span("mon 12:00", "thu 09:00"), ZONE) == []


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ((weekly("A", "mon 08:00", 9), weekly("A", "mon 17:00", 9)), None),
        ((weekly("A", "mon 08:00", 9), weekly("B", "mon 08:00", 9)), None),
        ((weekly("A", "mon 08:00", 9), weekly("A", "mon 16:59", 1)), (0, 1)),
        ((weekly("A", "sun 20:00", 12), weekly("A", "mon 07:00", 1)), (0, 1)),
        ((weekly("A", "sun 20:00", 12), weekly("A", "mon 08:00", 24)), None),
        ((weekly("A", "mon 08:00", 24), weekly("A", "tue 08:00", 24)), None),
        ((weekly("A", "mon 08:00", 24), weekly("A", "tue 07:59", 1)), (0, 1)),
        ((weekly("A", "mon 08:00", 9), weekly("A", "mon 08:00", 9)), (0, 1)),
    ],
)
def test_weekly_shifts_of_a_post_that_overlap(shifts: object, expected: tuple[int, int] | None) -> None:
    assert isinstance(shifts, tuple)
    found = overlaps_of_week(shifts)
    assert (found and (found.first, found.second)) == expected


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ((dated("A", "mon 08:00", "mon 12:00"), dated("A", "mon 12:00", "mon 16:00")), None),
        ((dated("A", "mon 11:59", "mon 16:00"), dated("A", "mon 08:00", "mon 12:00")), (0, 1)),
        ((dated("A", "mon 08:00", "mon 12:00"), dated("B", "mon 08:00", "mon 12:00")), None),
        ((dated("A", "mon 08:00", "fri 12:00", None), dated("A", "wed 08:00", "wed 12:00")), (0, 1)),
    ],
)
def test_dated_shifts_of_a_post_that_overlap(shifts: object, expected: tuple[int, int] | None) -> None:
    assert isinstance(shifts, tuple)
    found = overlaps_of_dates(shifts)
    assert (found and (found.first, found.second)) == expected
