"""A fact's own fields are its body, and what the screens' types say of it."""

import dataclasses
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, get_args, get_origin
from uuid import UUID, uuid4

import pytest

from dispatch.matter.facts import Moved, ObjectFact, Shown
from dispatch.matter.issues.facts import IssueClosed, IssueReworked
from server.facts import _ts, script
from server.words import declared_facts

FACTS = [fact for fact in declared_facts() if issubclass(fact, ObjectFact)]
SHOWN = Shown(uuid4(), 3, {"open": True})


def a_value(of: Any) -> Any:
    """Something of a field's type, never null."""
    origin, args = get_origin(of), [arg for arg in get_args(of) if arg not in (NoneType, Ellipsis)]
    if origin in (tuple, Sequence):
        return (a_value(args[0]), a_value(args[0]))
    if origin is Mapping:
        return {"level": "major"}
    if origin is not None:
        return a_value(args[0])
    return {UUID: uuid4(), str: "a", bool: True, int: 4}[of]


def made(fact: type[ObjectFact]) -> tuple[ObjectFact, dict[str, Any]]:
    """One of them, and the values of its own fields."""
    own = {field.name: a_value(field.type) for field in dataclasses.fields(fact) if field.name not in ("shown", "by")}
    return fact(shown=SHOWN, by="person:1", **own), own


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: str(fact.name))
def test_a_body_is_who_and_the_facts_own_fields(fact: type[ObjectFact]) -> None:
    one, own = made(fact)
    states = {"from": own.pop("from_state"), "to": own.pop("to_state")} if issubclass(fact, Moved) else {}

    def wire(value: Any) -> Any:
        if isinstance(value, tuple):
            return [wire(part) for part in value]
        return str(value) if isinstance(value, UUID) else value

    assert one.body() == {"by": "person:1", **states, **{name: wire(value) for name, value in own.items()}}
    assert f"\n  '{fact.name}': " in script()


def test_what_is_not_there_is_null() -> None:
    closed = IssueClosed(SHOWN, "person:1", "verified", "closed", "resolved", True, None, None, None, None)
    assert closed.body() == {
        "by": "person:1",
        "from": "verified",
        "to": "closed",
        "followed_up": True,
        "next_on": None,
        "note": None,
        "outcome": "resolved",
        "told_at": None,
        "waive_note": None,
    }


def test_a_type_is_written_as_json_has_it() -> None:
    types = {
        field.name: _ts(field.type) for fact in (IssueClosed, IssueReworked) for field in dataclasses.fields(fact)[4:]
    }
    assert types["note"] == "string"
    assert types["waive_note"] == "string | null"
    assert types["followed_up"] == "boolean"
    assert types["orders"] == "string[]"
    with pytest.raises(KeyError):
        _ts(bytes)  # no body has had one: it is decided first what JSON it becomes


def test_marks_are_said_of_every_fact() -> None:
    assert "  danger?: string[]\n" in script()
    assert "  backfill?: { ground: string; happened_at: string; verb: string }\n" in script()
