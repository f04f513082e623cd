"""What the rows of `bench commands` promise: medians, against both peers of the same run."""

from bench.__main__ import beside_a_new_centre
from bench.loop_costs import Cost, cost_rows, spent_since
from bench.report import Row


def test_a_verb_is_held_to_three_floors_to_the_ordinary_way_and_to_six_round_trips() -> None:
    ours = Cost(server_ms=[9.0, 8.0, 90.0], postgres_ms=[2.0], trips=[6.0])
    ordinary = Cost(server_ms=[10.0], postgres_ms=[3.0], trips=[11.0])
    floor = Cost(server_ms=[2.0, 3.0, 4.0], postgres_ms=[1.0], trips=[4.0])
    by_floor, by_ordinary, trips, postgres, least = cost_rows({"accept": ours}, {"accept": ordinary}, floor)
    assert (by_floor.value, by_floor.target, by_floor.holds) == (9.0, 9.0, True)
    assert (by_ordinary.target, by_ordinary.holds, by_ordinary.peer) == (10.0, True, 10.0)
    assert (trips.value, trips.target, trips.holds) == (6.0, 6.0, True)
    assert (postgres.value, postgres.peer, postgres.holds) == (2.0, 3.0, None)
    assert least.value == 3.0


def test_past_issues_may_cost_a_third_more() -> None:
    [row] = beside_a_new_centre(
        [Row(name="command accept, p95 with 1,000,000 past issues", value=12.0, unit="ms", target=50.0)],
        [Row(name="command accept, p95 in a district just seeded", value=10.0, unit="ms", target=50.0)],
    )
    assert (row.target, row.peer, row.holds) == (13.0, 10.0, True)


def test_a_backend_that_came_in_between_counts_whole() -> None:
    assert spent_since({1: 5, 2: 7}, {1: 9, 3: 4}) == 8
