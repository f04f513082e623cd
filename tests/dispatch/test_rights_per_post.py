"""A right reaches as far as the post that gives it: for one person with two posts. Rules: docs/rules.md, 6."""

from uuid import UUID

import pytest

from command.access import Role
from command.people import actions as people
from realtime.feed.queries import all_facts
from tests.dispatch.browser import Browser, signed_in
from tests.dispatch.desk import Desk


@pytest.fixture
def both(desk: Desk) -> Browser:
    """The leader of the desk, who also answers for the power company."""
    leader = desk.built.people["leader"]
    people.give_post(leader, Role.LIAISON, desk.unit("power"), cmd=desk.command("admin"))
    return signed_in("leader")


def reveals(browser: Browser, issue: UUID) -> int:
    """How a reveal is answered."""
    return int(browser.post(f"/issues/{issue}/reveal", {"reason": "核实"}).status_code)


def test_a_leader_who_is_a_liaison_too_reveals_the_units_issues_and_no_other(desk: Desk, both: Browser) -> None:
    foreign = [desk.reported(), desk.accepted(), desk.filed(), desk.dispatched(), desk.fed_back(), desk.closed()]
    own = desk.dispatched(assists=["power"])
    assert [reveals(both, issue) for issue in foreign] == [403] * 6
    assert reveals(both, own) == 200
    assert [fact.name for fact in all_facts(desk.built.id)].count("reveal.made") == 1
    for issue in (*foreign, own):
        shown = both.get(f"/issues/{issue}")
        assert shown.status_code == 200
        assert (shown.json()["reveals"], shown.json()["answers"]) == (issue == own, issue == own)


def test_nor_answers_a_foreign_reporter(desk: Desk, both: Browser) -> None:
    foreign, own = desk.accepted(), desk.dispatched(lead="power")
    for issue, status in ((foreign, 403), (own, 200)):
        [report] = both.get(f"/issues/{issue}").json()["reports"]
        answer = both.post(f"/reports/{report['id']}/replies", {"channel": "telephone", "text": "已告知"})
        assert answer.status_code == status, answer.content


def test_nor_lists_a_foreign_order_as_the_units(desk: Desk, both: Browser) -> None:
    desk.dispatched()
    own = desk.dispatched(lead="power")
    assert [one["card"]["issue"] for one in both.get("/orders").json()] == [str(own)]
    assert len(both.get("/issues").json()["issues"]) == 2  # a leader reads them all
