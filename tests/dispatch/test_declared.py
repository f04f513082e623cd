"""Each verb is declared once, and each guard stands in one place. Source: decision 23."""

import ast
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Any, Final

import pytest

from dispatch.matter.backfills.contract import OF_ISSUES, OF_ORDERS
from dispatch.matter.issues import states as issue_states
from dispatch.matter.orders import states as order_states
from dispatch.matter.returns import states as request_states
from dispatch.verbs import guards, issue_guards
from dispatch.verbs.declared import ISSUE_VERBS, ORDER_VERBS, REQUEST_VERBS
from dispatch.verbs.guards import Why
from realtime.feed.errors import Conflict, Refused
from tests.dispatch.desk import Desk
from tests.dispatch.doing import do_issue, do_order, offered

ROOT: Final = Path(__file__).parents[2]
FLOORS: Final = ("demo", "server", "assessment", "dispatch", "command", "gis", "realtime")
ROOMS: Final = ("dispatch.verbs.guards", "dispatch.verbs.issue_guards")
# Of the order's steps these follow from a verb of the issue or of a request: no person asks for them.
FOLLOWING: Final = {order_states.Verb.COMPLETE, order_states.Verb.REWORK, order_states.Verb.GRANT_RETURN}


def test_every_verb_that_a_person_may_do_is_declared() -> None:
    assert set(ISSUE_VERBS) == set(issue_states.Verb) - issue_states.DERIVED
    assert set(ORDER_VERBS) == set(order_states.Verb) - FOLLOWING
    assert set(REQUEST_VERBS) == {request_states.Verb.GRANT, request_states.Verb.COMPEL}


def test_each_verb_has_a_file_and_a_function_of_its_name() -> None:
    for verb in (*ISSUE_VERBS, *ORDER_VERBS, *REQUEST_VERBS):
        module = import_module(f"dispatch.verbs.{verb}")
        assert isfunction(getattr(module, verb)), verb
    plain = {verb for verb, declared in ISSUE_VERBS.items() if declared.function is None}
    assert plain == {issue_states.Verb.MERGE, issue_states.Verb.UNMERGE}
    for verb in plain:
        assert "plain action" in (import_module(f"dispatch.verbs.{verb}").__doc__ or "").lower(), verb


def test_what_may_come_from_paper_is_said_by_the_body_and_kept_by_the_database() -> None:
    assert {verb for verb, declared in ISSUE_VERBS.items() if declared.on_paper} == set(OF_ISSUES)
    assert {verb for verb, declared in ORDER_VERBS.items() if declared.on_paper} == set(OF_ORDERS)


def test_every_guard_is_declared_by_a_verb() -> None:
    """None lies about unused, and none is asked by hand alone."""
    declared = (*ISSUE_VERBS.values(), *ORDER_VERBS.values(), *REQUEST_VERBS.values())
    asked = {guard for verb in declared for guard in verb.guards}
    for room in (guards, issue_guards):
        known = {one for _, one in getmembers(room, isfunction) if list(one.__annotations__.values())[1:] == [Why]}
        assert {one for one in known if one.__module__ == room.__name__} <= asked


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_no_guard_is_asked_outside_the_verbs() -> None:
    outside = [
        str(path.relative_to(ROOT))
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if path.parent != ROOT / "dispatch/verbs" and any(name.startswith(ROOMS) for name in _imports(path))
    ]
    assert outside == []


def _in_the_way(seen: Any) -> Why:
    return lambda: Conflict("test.in_the_way", "不行。")


# How far an issue has come where the verb is offered, to whom.
OFFERED: Final[dict[str, tuple[Callable[[Desk], Any], str]]] = {
    "accept": (lambda desk: desk.reported(), "duty1"),
    "file": (lambda desk: desk.accepted(), "duty1"),
    "void": (lambda desk: desk.filed(), "lead"),
    "verify": (lambda desk: desk.fed_back(), "duty1"),
    "merge": (lambda desk: desk.filed(), "duty1"),
}


@pytest.mark.parametrize("verb", OFFERED)
def test_a_guard_of_an_issue_is_asked_by_the_runner_and_when_it_is_offered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    prepare, username = OFFERED[verb]
    issue_id = prepare(desk)
    assert ("issue", verb, issue_id) in offered(issue_id, desk.actor(username))
    declared = ISSUE_VERBS[issue_states.Verb(verb)]
    monkeypatch.setattr(declared, "guards", (*declared.guards, _in_the_way))
    assert ("issue", verb, issue_id) not in offered(issue_id, desk.actor(username))
    with pytest.raises(Refused) as refused:
        do_issue(desk, issue_id, verb, desk.command(username))
    assert refused.value.code == "test.in_the_way"


@pytest.mark.parametrize("verb", ["acknowledge", "request_return"])
def test_a_guard_of_an_order_is_asked_by_the_runner_and_when_it_is_offered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    issue_id = desk.dispatched()
    order_id = desk.lead(issue_id)
    assert ("order", verb, order_id) in offered(issue_id, desk.actor("chengguan"))
    declared = ORDER_VERBS[order_states.Verb(verb)]
    monkeypatch.setattr(declared, "guards", (*declared.guards, _in_the_way))
    assert ("order", verb, order_id) not in offered(issue_id, desk.actor("chengguan"))
    with pytest.raises(Refused) as refused:
        do_order(order_id, verb, desk.command("chengguan"))
    assert refused.value.code == "test.in_the_way"


def test_what_takes_away_or_calls_for_help_is_marked_as_danger() -> None:
    """By hand: a screen colours these, and nothing else."""
    declared = [*ISSUE_VERBS.values(), *ORDER_VERBS.values(), *REQUEST_VERBS.values()]
    assert {verb.verb.value for verb in declared if verb.danger} == {
        "decline",
        "recall",
        "refer_emergency",
        "rework",
        "void",
    }
