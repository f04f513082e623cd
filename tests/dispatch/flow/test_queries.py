"""What happened today, as a wall may know it. Docs: docs/protocol.md, "Today's flow"."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.reading.flow import MOST_STEPS, flow_today
from dispatch.verbs.amending import Amendment
from realtime.feed import clock
from realtime.feed.contract import Audience, AudienceClass, Pair, Scope
from realtime.feed.queries import head
from tests.dispatch import issue_verbs as issues
from tests.dispatch.desk import DOMESTIC_VIOLENCE, PERSONAL, Desk


@dataclass(frozen=True, slots=True)
class Watcher:
    """An actor that only looks."""

    centre_id: UUID
    scope: Scope
    principal: str = "device:wall"

    def scope_for(self, right: str) -> Scope:
        """All of it."""
        return self.scope

    def must(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> None:
        """Nothing is asked of it."""


def wall(desk: Desk) -> Watcher:
    """The wall: the whole centre, what is public."""
    return Watcher(desk.built.id, Scope((Pair(f"place:{desk.built.root}", AudienceClass.PUBLIC),)))


def test_a_wall_that_is_opened_late_knows_what_has_happened(desk: Desk) -> None:
    issue_id = desk.filed()
    desk.accepted()
    flow = flow_today(wall(desk))
    assert len(flow.steps) == 5
    assert flow.seq == head(desk.built.id).seq
    assert [step.name for step in flow.steps if step.issue_id == issue_id] == [
        "issue.filed",
        "issue.accepted",
        "issue.reported",
    ]
    assert flow.steps[-1].card["state"] == "reported"


def test_yesterday_is_another_flow(desk: Desk) -> None:
    desk.accepted()
    with clock.shifted(timedelta(hours=30)):
        desk.reported()
        flow = flow_today(wall(desk))
    assert [step.name for step in flow.steps] == ["issue.reported"]


def test_what_is_sensitive_is_no_step_of_a_walls(desk: Desk) -> None:
    desk.reported(DOMESTIC_VIOLENCE)
    desk.reported()
    assert len(flow_today(wall(desk)).steps) == 1
    assert len(flow_today(desk.actor("duty1")).steps) == 2


def test_what_turned_out_to_be_sensitive_is_no_step_of_a_walls_flow(desk: Desk) -> None:
    issue_id = desk.accepted()
    asked = Amendment(item=DOMESTIC_VIOLENCE)
    issues.amend(issue_id, asked, "实为家暴", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert flow_today(wall(desk)).steps == ()
    assert len(flow_today(desk.actor("duty1")).steps) == 3


def test_it_says_no_word_of_what_was_reported_nor_by_whom(desk: Desk) -> None:
    desk.accepted()
    told = repr(flow_today(wall(desk)))
    for secret in (PERSONAL.text, PERSONAL.address, "王建国", "13812341234", "person:"):
        assert secret is not None
        assert secret not in told


def test_it_keeps_as_many_steps_as_a_wall_does(desk: Desk) -> None:
    for _ in range(MOST_STEPS // 2 + 1):
        desk.accepted()
    flow = flow_today(wall(desk))
    assert len(flow.steps) == MOST_STEPS


def test_ten_walls_that_come_back_at_once_cost_one_reading(desk: Desk) -> None:
    desk.accepted()
    with CaptureQueriesContext(connection) as sent:
        assert len({id(flow_today(wall(desk))) for _ in range(10)}) == 1
    assert sum("exercise" in query["sql"] for query in sent.captured_queries) == 1  # the latest steps
    desk.accepted()
    assert len(flow_today(wall(desk)).steps) == 4, "never older than who asks"


@pytest.mark.parametrize("username", ["power", "grid1"])
def test_others_see_what_is_theirs(desk: Desk, username: str) -> None:
    desk.reported()  # from nowhere: the centre's own place
    assert flow_today(desk.actor(username)).steps == ()
