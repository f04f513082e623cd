"""What is not offered is refused: whatever a screen does not offer, a person who sends it all the same is told why not.

The other half of test_offered. Bodies are well-formed and versions are current: what refuses is the right, the state or
a guard. Rules: docs/rules.md, "Order of checks".
"""

from typing import Final
from uuid import UUID

import pytest

from realtime.feed.contract import Command
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from realtime.feed.queries import head
from tests.dispatch.desk import GAS_LEAK, NOISE, STREET_LIGHT, Desk
from tests.dispatch.doing import every_verb, offered, undone
from tests.dispatch.stories import STORIES

PEOPLE: Final = ("duty1", "lead", "town", "chengguan", "leader")
# Guards that say which part of the body would be wrong whatever stood in it.
OF_GUARDS: Final = frozenset({"issue.rework_without_lead", "order.taker_not_below"})


def taken(desk: Desk, issue_id: UUID) -> list[tuple[str, ...]]:
    """Does each verb that is not offered, and undoes it. Those that were done, or refused for no reason of the law."""
    found: list[tuple[str, ...]] = []
    every = list(every_verb(desk, issue_id))
    for username in PEOPLE:
        actor = desk.actor(username)
        try:
            allowed = offered(issue_id, actor)
            tried = [one for one in every if (one[0], str(one[1]), one[2]) not in allowed]
        except (NotFound, Forbidden):
            tried = list({one[0]: one for one in every}.values())  # one of each kind: scope refuses them all alike
        for kind, verb, _, do in tried:
            refusal = undone(do, Command(actor, desk.keys(), b""))
            if refusal is None:
                found.append((username, kind, verb, "done"))
            elif not _is_a_reason(refusal):
                found.append((username, kind, verb, refusal.code, refusal.detail))
    return found


def _is_a_reason(refusal: Refused) -> bool:
    """Whether scope, right, state or a guard has refused, and says why."""
    of_the_law = isinstance(refusal, NotFound | Forbidden | Conflict) or (
        isinstance(refusal, Invalid) and refusal.code in OF_GUARDS
    )
    return of_the_law and "." in refusal.code and bool(refusal.detail)


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_what_is_not_offered_before_a_story_is_refused(desk: Desk, name: str) -> None:
    assert taken(desk, STORIES[name].prepare(desk)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_what_is_not_offered_after_a_story_is_refused(desk: Desk, name: str) -> None:
    story = STORIES[name]
    issue_id = story.prepare(desk)
    story.run(desk, issue_id)
    assert taken(desk, issue_id) == []


@pytest.mark.parametrize(
    ("state", "item"),
    [
        ("reported", GAS_LEAK),
        ("accepted", STREET_LIGHT),
        ("filed", STREET_LIGHT),
        ("dispatched", NOISE),
        ("fed_back", STREET_LIGHT),
        ("verified", STREET_LIGHT),
        ("closed", STREET_LIGHT),
    ],
)
def test_what_is_not_offered_in_a_state_is_refused(desk: Desk, state: str, item: str) -> None:
    issue_id = getattr(desk, state)(item)
    at = head(desk.built.id).seq
    assert taken(desk, issue_id) == []
    assert head(desk.built.id).seq == at


def test_nobody_reads_more_offers_than_there_are_verbs(desk: Desk) -> None:
    """The table of tries is whole: each offered verb is a declared one of an object that was tried."""
    issue_id = STORIES["grant"].prepare(desk)
    tried = {(kind, str(verb), row_id) for kind, verb, row_id, _ in every_verb(desk, issue_id)}
    for username in ("duty1", "lead", "chengguan", "power"):
        assert offered(issue_id, desk.actor(username)) <= tried
