"""What is not offered is refused: whatever a screen does not offer, a person who sends it all the same is told why not.

The other half of test_offered. Bodies are well-formed and versions are current: what refuses is the right, the state or
a guard. Rules: docs/rules.md, "Order of checks".
"""

from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

import pytest
from django.db import transaction

from dispatch.issues.detail import issue_detail
from dispatch.orders.models import Order
from dispatch.returns.models import ReturnRequest
from dispatch.verbs.declared import ISSUE_VERBS, ORDER_VERBS, REQUEST_VERBS
from realtime.feed.contract import Command
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from realtime.feed.queries import head
from tests.dispatch.desk import GAS_LEAK, NOISE, STREET_LIGHT, Desk
from tests.dispatch.doing import do_issue, do_order, do_request
from tests.dispatch.stories import STORIES

PEOPLE: Final = ("duty1", "lead", "town", "chengguan", "leader")
# Guards that say which part of the body would be wrong whatever stood in it.
OF_GUARDS: Final = frozenset({"issue.rework_without_lead", "order.taker_not_below"})
Attempt = tuple[str, str, UUID, Callable[[Command], None]]


def every_verb(desk: Desk, issue_id: UUID) -> Iterator[Attempt]:
    """Each declared verb, of the issue, of each of its orders and of each of its return requests."""
    for verb in ISSUE_VERBS:
        yield "issue", verb, issue_id, lambda cmd, verb=verb: do_issue(desk, issue_id, verb, cmd)  # type: ignore[misc]
    for order_id in Order.objects.filter(issue_id=issue_id).values_list("pk", flat=True):
        for of_order in ORDER_VERBS:
            yield (
                "order",
                of_order,
                order_id,
                lambda cmd, one=order_id, verb=of_order: do_order(one, verb, cmd),  # type: ignore[misc]
            )
    for request_id in ReturnRequest.objects.filter(issue_id=issue_id).values_list("pk", flat=True):
        for of_request in REQUEST_VERBS:
            yield (
                "request",
                of_request,
                request_id,
                lambda cmd, one=request_id, verb=of_request: do_request(one, verb, cmd),  # type: ignore[misc]
            )


def offered(desk: Desk, issue_id: UUID, username: str) -> set[tuple[str, str, UUID]]:
    """What the person's screen offers of the issue. Raises NotFound, Forbidden where it shows none."""
    seen = issue_detail(issue_id, actor=desk.actor(username))
    return {
        *(("issue", str(verb), issue_id) for verb in seen.open_verbs),
        *(("order", str(verb), order.id) for order in seen.orders for verb in order.open_verbs),
        *(("request", str(verb), request.id) for request in seen.requests for verb in request.open_verbs),
    }


def taken(desk: Desk, issue_id: UUID) -> list[tuple[str, ...]]:
    """Does each verb that is not offered, and undoes it. Those that were done, or refused for no reason of the law."""
    found: list[tuple[str, ...]] = []
    every = list(every_verb(desk, issue_id))
    for username in PEOPLE:
        actor = desk.actor(username)
        try:
            allowed = offered(desk, issue_id, username)
            tried = [one for one in every if (one[0], str(one[1]), one[2]) not in allowed]
        except (NotFound, Forbidden):
            tried = list({one[0]: one for one in every}.values())  # one of each kind: scope refuses them all alike
        for kind, verb, _, do in tried:
            before = transaction.savepoint()
            try:
                do(Command(actor, desk.keys(), b""))
                found.append((username, kind, verb, "done"))
            except Refused as refusal:
                if not _is_a_reason(refusal):
                    found.append((username, kind, verb, refusal.code, refusal.detail))
            finally:
                transaction.savepoint_rollback(before)
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
        assert offered(desk, issue_id, username) <= tried
