"""A dead timer must not look healthy, and owes nobody anything when it is back. Rules: docs/rules.md, "Whose time"."""

from datetime import datetime, timedelta

import pytest

from tests.faults.conftest import AtWork
from tests.live import Product, Screen, stays, wait_for

OLD_S = 10.0  # past this, screens say so


def timer_age_s(screen: Screen) -> float:
    """How old the timer's last pass was in the last beat."""
    beat = screen.beats[-1]
    age = datetime.fromisoformat(beat["server_time"]) - datetime.fromisoformat(beat["timer_at"])
    return age.total_seconds()


@pytest.mark.parametrize("how", ["killed", "hung"])
@pytest.mark.slow
def test_beats_tell_of_a_timer_that_stands_still(product: Product, desk: AtWork, how: str) -> None:
    wait_for(lambda: desk.screen.beats, "a beat")
    assert timer_age_s(desk.screen) < OLD_S
    product.timer.kill() if how == "killed" else product.timer.pause()

    with product.long_ago(timedelta(minutes=59, seconds=57)):
        issue_id = desk.person.reports(desk.person.an_item_for("law_enforcement")).must().id
    wait_for(lambda: timer_age_s(desk.screen) > OLD_S, "beats that show the timer's age")
    assert product.facts_of(issue_id) == ["issue.reported"]  # past due, and nobody fired it
    stays(lambda: desk.screen.live, "the socket open, though the timer is dead", for_s=1)

    product.timer.start() if how == "killed" else product.timer.resume()
    desk.screen.hears("issue.breached", issue_id, within_s=10)
    wait_for(lambda: timer_age_s(desk.screen) < OLD_S, "beats that show the timer at work")
    assert product.facts_of(issue_id).count("issue.breached") == 1
    desk.screen.is_right()
