"""What is offered is taken: over every story, whatever a person's screen offers is done at once and none is refused.

Rules: docs/rules.md, "Order of checks": state, chain and requests are judged by the same law when a verb is offered.
"""

from uuid import UUID

import pytest

from command.catalogue.models import CatalogueItem
from dispatch.matter.reports.models import Report
from dispatch.reading.detail import issue_detail
from realtime.feed.contract import Command
from realtime.feed.errors import Refused
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import DOMESTIC_VIOLENCE, GAS_LEAK, NOISE, Desk
from tests.dispatch.doing import PEOPLE, every_verb, offered, undone
from tests.dispatch.stories import STORIES

Case = tuple[str, str, str, str]  # who, of what, verb, the refusal's code


def refused(desk: Desk, issue_id: UUID) -> list[Case]:
    """Does each verb that each person is offered, and undoes it. Answers those that were refused."""
    found: list[Case] = []
    every = list(every_verb(desk, issue_id))
    for username in PEOPLE:
        actor = desk.actor(username)
        try:
            allowed = offered(issue_id, actor)
        except Refused:
            continue
        assert allowed <= {(kind, verb, row_id) for kind, verb, row_id, _ in every}
        for kind, verb, row_id, do in every:
            if (kind, verb, row_id) not in allowed:
                continue
            if refusal := undone(do, Command(actor, desk.keys(), b"")):
                found.append((username, kind, verb, refusal.code))
    return found


@pytest.mark.slow  # nearly always where another story has ended
@pytest.mark.parametrize("name", STORIES)
def test_what_is_offered_before_a_story_is_taken(desk: Desk, name: str) -> None:
    assert refused(desk, STORIES[name].prepare(desk)) == []


@pytest.mark.parametrize("name", STORIES)
def test_what_is_offered_after_a_story_is_taken(desk: Desk, name: str) -> None:
    story = STORIES[name]
    issue_id = story.prepare(desk)
    story.run(desk, issue_id)
    assert refused(desk, issue_id) == []


@pytest.mark.parametrize("item", [NOISE, GAS_LEAK, DOMESTIC_VIOLENCE])
@pytest.mark.parametrize("state", ["reported", "accepted", "filed", "dispatched", "fed_back", "verified", "closed"])
def test_what_is_offered_of_other_matters_is_taken(desk: Desk, item: str, state: str) -> None:
    assert refused(desk, getattr(desk, state)(item)) == []


def test_every_kind_of_matter_is_offered_the_spot_only_where_it_is_taken(desk: Desk) -> None:
    kinds = {}
    for row in CatalogueItem.objects.filter(retired_at=None).order_by("code"):
        kinds.setdefault((row.kind, row.level, row.urgent, row.sensitive), row.code)
    for code in kinds.values():
        assert refused(desk, desk.reported(code, position=desk.inside())) == [], code


def test_nothing_is_verified_while_an_assist_is_open(desk: Desk) -> None:
    issue_id = STORIES["acknowledge_lead"].prepare(desk)
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    desk.feeds_back(desk.lead(issue_id))
    assert "verify" not in issue_detail(issue_id, actor=desk.actor("duty1")).open_verbs
    assert refused(desk, issue_id) == []
    orders.recall(desk.order_of(issue_id, "power"), "用不上了", expected=1, cmd=desk.command("duty1"))
    assert "verify" in issue_detail(issue_id, actor=desk.actor("duty1")).open_verbs
    assert refused(desk, issue_id) == []


def test_of_a_merged_matter_only_what_is_taken(desk: Desk) -> None:
    target, source = desk.accepted(position=desk.inside()), desk.reported(position=desk.inside())
    issues.merge(source, target, None, expected=1, cmd=desk.command("duty1"))
    assert refused(desk, target) == []
    assert refused(desk, source) == []
    own = Report.objects.get(issue_id=target).pk
    issues.withdraw(target, "算了", report=own, expected=desk.version(target), cmd=desk.command("duty1"))
    assert refused(desk, target) == []
