"""PostgreSQL cuts the gateway off, or hangs: screens are told how old what they show is, and then miss nothing."""

from datetime import datetime
from threading import Thread

import pytest

from tests.faults.conftest import AtWork
from tests.live import Product, Reply, Screen, wait_for

OLD_S = 10.0


def verified_age_s(screen: Screen) -> float:
    """How old the last reading of PostgreSQL was in the last beat."""
    beat = screen.beats[-1]
    age = datetime.fromisoformat(beat["server_time"]) - datetime.fromisoformat(beat["verified_at"])
    return age.total_seconds()


def test_cut_connections_are_made_anew(product: Product, desk: AtWork, liaison: AtWork) -> None:
    item = desk.person.an_item_for("law_enforcement")
    cut = product.rows(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"  # and waits until each is gone
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
    )
    assert len(cut) >= 3  # the tail's, the pool's, the timer's
    # On a busy machine the first may be told to come again: never with a wrong answer, and not for long.
    wait_for(lambda: desk.person.get("/cells?tier=grid").status in (200, 304), "connections made anew")
    issue_id = desk.person.reports(item, position=None).must().id
    desk.screen.hears("issue.reported", issue_id)
    wait_for(lambda: product.timer.runs, "the timer, which outlives its connection")
    _, order_id = desk.person.sends_an_order("law_enforcement", item)
    liaison.screen.hears("order.sent", order_id)
    product.until_healthy()
    desk.screen.is_right()
    assert desk.screen.closes == []


@pytest.mark.slow
def test_a_hung_database_is_told_and_survived(product: Product, desk: AtWork) -> None:
    item = desk.person.an_item_for("law_enforcement")
    wait_for(lambda: desk.screen.beats, "a beat")
    product.wire.stall()
    replies: list[Reply] = []
    asking = Thread(target=lambda: replies.append(desk.person.reports(item, position=None)), daemon=True)
    asking.start()
    wait_for(lambda: verified_age_s(desk.screen) > OLD_S, "beats that show how old the reading is")
    assert desk.screen.live  # the socket is open all the while: an open socket proves nothing
    wait_for(lambda: product.health().get("healthy") is False, "health that says so")

    product.wire.flow()
    wait_for(lambda: verified_age_s(desk.screen) < OLD_S, "beats that show a fresh reading")
    asking.join(30)
    issue_id = desk.person.reports(item, position=None).must().id
    desk.screen.hears("issue.reported", issue_id)
    desk.screen.is_right()
