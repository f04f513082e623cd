"""Which facts may go out together."""

from realtime.feed.contract import Audience, AudienceClass
from realtime.gateway.tail import RUN_FACTS, _broken, _runs
from tests.realtime.hub.test_hub import entry, position

CONTROL = Audience.of(["centre:1"], AudienceClass.CONTROL)


def test_a_control_fact_ends_its_run_so_that_what_follows_is_judged_by_it() -> None:
    feed = [entry(1), entry(2, CONTROL), entry(3), entry(4), entry(5, CONTROL)]
    assert [[each.seq for each in run] for run in _runs(feed)] == [[1, 2], [3, 4, 5]]


def test_a_run_has_a_length() -> None:
    feed = [entry(seq) for seq in range(1, 2 * RUN_FACTS + 2)]
    assert [len(run) for run in _runs(feed)] == [RUN_FACTS, RUN_FACTS, 1]


def test_a_fact_that_was_not_chained_here_is_found_inside_a_run() -> None:
    """The entries of this test carry made-up hashes: none of them continues the chain."""
    assert [each.seq for each in _broken(position(0), [entry(1), entry(2)])] == [1, 2]
