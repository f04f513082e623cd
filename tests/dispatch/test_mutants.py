"""Mutants of the runner: it loses a step, or two steps change places, and a check that the suite has fails each time.

A runner's code is compiled anew from its own text with one change, and put back afterwards.
"""

import inspect
import textwrap
import threading
from collections.abc import Callable
from contextlib import suppress
from types import CodeType
from typing import Any, Final

import pytest
from django.db import IntegrityError

from dispatch.matter import clock_law as clocks
from dispatch.matter.aggregate import locks
from dispatch.verbs import running
from realtime.feed.errors import Refused
from tests.dispatch import test_order_of_checks as order_of_checks
from tests.dispatch import test_rivals as rivals
from tests.dispatch.backfills import test_actions as backfills
from tests.dispatch.clocks import test_firing as firing
from tests.dispatch.desk import MINUTE, Desk
from tests.dispatch.issues import test_actions as of_issues
from tests.dispatch.issues import test_cascades as cascades
from tests.dispatch.orders import test_actions as of_orders
from tests.dispatch.returns import test_actions as of_requests
from tests.dispatch.stories import STORIES

pytestmark = pytest.mark.slow
Check = Callable[[Desk], None]
# As a check fails: its own words, a refusal that it did not expect, or the database, which refuses what must never be.
FAILS: Final = (AssertionError, pytest.fail.Exception, Refused, IntegrityError)

ISSUE_VERSION: Final = """\
    if verb.versioned and versioned:
        must_match(expected, aggregate.versions[issue_id])
"""
ORDER_VERSION: Final = """\
    if verb.versioned:
        must_match(expected, aggregate.versions[order_id])
"""
REQUEST_VERSION: Final = "    must_match(expected, aggregate.versions[request_id])\n"
FIRE: Final = "    clocks.fire_past_due(aggregate)\n"
ISSUE_NAMED: Final = "    named = verb.names(aggregate, body)\n"
ISSUE_RIGHT: Final = "    offering.must_issue(verb, aggregate, cmd.actor, on_paper=on_paper is not None)\n"
ISSUE_STATE: Final = "    moved = step_issue(aggregate, verb.verb, cmd.actor)\n"
ISSUE_GUARDS: Final = "    refuse_if(verb.guards, OnDesk(aggregate, cmd.actor, named))\n"
ISSUE_MOVES: Final = """\
    if not verb.beside:
        issue.state, issue.last_by = moved[1], cmd.actor.principal
"""
ISSUE_PAPER: Final = "    backfills.enter(aggregate, issue, verb.verb, on_paper, cmd)\n"
ORDER_STATE: Final = "    moved = _order_steps(verb, order, units, cmd)\n"
ORDER_GUARDS: Final = "    refuse_if(verb.guards, InHand(order, cmd.actor, units))\n"
ORDER_MOVES: Final = """\
    if not verb.beside:
        order.state, order.last_by = moved[1], cmd.actor.principal
"""
ORDER_PAPER: Final = "    backfills.enter(aggregate, order, verb.verb, on_paper, cmd)\n"
REQUEST_RIGHT: Final = "    cmd.actor.must(verb.by)\n"
REQUEST_GUARDS: Final = "    refuse_if(verb.guards, ToRule(request, cmd.actor))\n"
REQUEST_STATE: Final = "    moved = _request_steps(verb, request)\n"


def lost(step: str) -> Callable[[str], str]:
    """The runner without a step."""
    return lambda text: _once(text, step, "")


def swapped(first: str, *then: str) -> Callable[[str], str]:
    """The runner that takes the first of these neighbours last."""
    return lambda text: _once(text, first + "".join(then), "".join(then) + first)


def _once(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"the runner reads differently now: {old}"
    return text.replace(old, new)


def _issue_version(desk: Desk) -> None:
    of_issues.test_each_verb_wants_the_version_that_was_seen(desk, "file")


def _refuses_paper(desk: Desk, name: str) -> None:
    backfills.test_a_time_that_can_not_be_is_refused(desk, name, "backfill.in_the_future")


def _order_fires(desk: Desk) -> None:
    rivals.test_sixty_minutes_to_the_microsecond(desk, 60 * MINUTE, True)


MUTANTS: Final[dict[str, tuple[Any, Callable[[str], str], Check]]] = {
    "an issue's version is skipped": (running.run_issue, lost(ISSUE_VERSION), _issue_version),
    "an issue's guards are skipped": (
        running.run_issue,
        lost(ISSUE_GUARDS),
        cascades.test_what_is_not_for_the_spot_is_passed_up_with_what_was_tried,
    ),
    "nothing due of an issue is fired": (
        running.run_issue,
        lost(FIRE),
        firing.test_an_action_that_finds_a_breach_fires_it_first,
    ),
    "no paper of an issue is entered": (
        running.run_issue,
        lost(ISSUE_PAPER),
        lambda desk: _refuses_paper(desk, "accept_from_paper"),
    ),
    "an issue's right is judged before what is named": (
        running.run_issue,
        swapped(ISSUE_NAMED, ISSUE_RIGHT),
        order_of_checks.test_of_an_issue_what_is_named_comes_before_the_right,
    ),
    "an issue's state is judged before the right": (
        running.run_issue,
        swapped(ISSUE_RIGHT, FIRE, ISSUE_STATE),
        order_of_checks.test_of_an_issue_the_right_comes_before_the_state,
    ),
    "an issue's state is judged before what is due": (
        running.run_issue,
        swapped(FIRE, ISSUE_STATE),
        order_of_checks.test_of_an_issue_what_is_due_comes_before_the_state,
    ),
    "an issue's guards are asked before the state": (
        running.run_issue,
        swapped(ISSUE_STATE, ISSUE_GUARDS),
        order_of_checks.test_of_an_issue_the_state_comes_before_a_guard,
    ),
    "an issue's version is judged before the guards": (
        running.run_issue,
        swapped(ISSUE_GUARDS, ISSUE_VERSION),
        order_of_checks.test_of_an_issue_a_guard_comes_before_the_version_and_sees_the_state_that_is,
    ),
    "an issue has moved when its guards are asked": (
        running.run_issue,
        swapped(ISSUE_GUARDS, ISSUE_VERSION, ISSUE_MOVES),
        order_of_checks.test_of_an_issue_a_guard_comes_before_the_version_and_sees_the_state_that_is,
    ),
    "an issue's paper is entered before the version": (
        running.run_issue,
        swapped(ISSUE_VERSION, ISSUE_MOVES, ISSUE_PAPER),
        order_of_checks.test_of_an_issue_the_version_comes_before_the_paper,
    ),
    "an order's version is skipped": (
        running.run_order,
        lost(ORDER_VERSION),
        of_orders.test_start_and_feed_back_want_the_version_that_was_seen,
    ),
    "an order's guards are skipped": (
        running.run_order,
        lost(ORDER_GUARDS),
        order_of_checks.test_of_an_order_a_guard_comes_before_the_version_and_sees_the_state_that_is,
    ),
    "nothing due of an order is fired": (running.run_order, lost(FIRE), _order_fires),
    "no paper of an order is entered": (
        running.run_order,
        lost(ORDER_PAPER),
        lambda desk: _refuses_paper(desk, "acknowledge_from_paper"),
    ),
    "an order's guards are asked before the state": (
        running.run_order,
        swapped(ORDER_STATE, ORDER_GUARDS),
        order_of_checks.test_of_an_order_the_state_comes_before_a_guard,
    ),
    "an order's version is judged before the guards": (
        running.run_order,
        swapped(ORDER_GUARDS, ORDER_VERSION),
        order_of_checks.test_of_an_order_a_guard_comes_before_the_version_and_sees_the_state_that_is,
    ),
    "an order's paper is entered before the version": (
        running.run_order,
        swapped(ORDER_VERSION, ORDER_MOVES, ORDER_PAPER),
        order_of_checks.test_of_an_order_the_version_comes_before_the_paper,
    ),
    "a request's version is skipped": (
        running.run_request,
        lost(REQUEST_VERSION),
        order_of_checks.test_of_a_request_the_version_comes_before_what_is_asked_for,
    ),
    "a request's right is skipped": (
        running.run_request,
        lost(REQUEST_RIGHT),
        order_of_checks.test_of_a_request_the_right_comes_before_the_state_and_the_state_before_the_version,
    ),
    "a request's guards are skipped": (
        running.run_request,
        lost(REQUEST_GUARDS),
        of_requests.test_nobody_rules_on_an_own_request,
    ),
    "a request's version is judged before the state": (
        running.run_request,
        swapped(REQUEST_STATE, REQUEST_GUARDS, REQUEST_VERSION),
        order_of_checks.test_of_a_request_the_right_comes_before_the_state_and_the_state_before_the_version,
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_of_the_runner_fails_a_check(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    runner, change, check = MUTANTS[name]
    monkeypatch.setattr(runner.__wrapped__, "__code__", _mutated(runner.__wrapped__, change))
    with pytest.raises(FAILS):
        check(desk)


def _mutated(function: Any, change: Callable[[str], str]) -> CodeType:
    """The code of a function of `running`, from its text after the change."""
    text = textwrap.dedent(inspect.getsource(function))
    made = compile(change(text[text.index("def ") :]), running.__file__, "exec")
    [code] = [each for each in made.co_consts if isinstance(each, CodeType) and each.co_name == function.__name__]
    return code


@pytest.mark.parametrize(
    ("statement", "story"),
    [("_ISSUE", "accept"), ("_ISSUE_OF_ORDER", "acknowledge_lead"), ("_ISSUE_OF_REQUEST", "grant")],
)
def test_without_its_lock_a_verb_has_two_winners_or_a_fault(
    real_desk: Desk, monkeypatch: pytest.MonkeyPatch, statement: str, story: str
) -> None:
    """Both rivals meet after the lock, if it lets them."""
    gate = threading.Barrier(2)
    fire = clocks.fire_past_due

    def meets(*given: Any) -> Any:
        with suppress(threading.BrokenBarrierError):
            gate.wait(timeout=2)
        return fire(*given)

    prepared = STORIES[story].prepare(real_desk), STORIES[story].prepare(real_desk)
    monkeypatch.setattr(clocks, "fire_past_due", meets)
    rivals.has_one_winner(real_desk, STORIES[story], prepared[0])
    gate.reset()
    monkeypatch.setattr(locks, statement, _once(getattr(locks, statement), " FOR NO KEY UPDATE", ""))
    with pytest.raises(AssertionError):
        rivals.has_one_winner(real_desk, STORIES[story], prepared[1])
