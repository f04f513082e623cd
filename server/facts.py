"""What facts' bodies say, for the screens: frontend/src/api/facts.ts, from the fields of the classes that tell them.

A screen that asks for a fact nobody declares, or for a field that its body has not, does not compile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin
from uuid import UUID

from dispatch.matter.facts import Mark, Moved, ObjectFact, own_fields
from server.words import DeclaredFact, declared_facts

SCRIPT: Final = "frontend/src/api/facts.ts"
_HEAD: Final = """/**
 * What the bodies of facts say, besides who did it. Written by `./relay generate` from the fields of the facts' classes
 * (server/facts.py). A fact that an earlier release told has the body of its time.
 */

import type { FactName } from './words'

"""
_TAIL: Final = """
/** A fact's name with its body. */
export type Told = { [N in FactName]: { name: N; body: Mark & BodyOf[N] } }[FactName]
"""
_TYPES: Final[dict[object, str]] = {UUID: "string", str: "string", int: "number", bool: "boolean", NoneType: "null"}


def script() -> str:
    """frontend/src/api/facts.ts."""
    mark = "".join(f"  {name}?: {_ts(of)}\n" for name, of in sorted(Mark.__annotations__.items()))
    bodies = "".join(f"  '{one.name}': {_object(_body(one))}\n" for one in declared_facts())
    return (
        f"{_HEAD}/** {_first(Mark.__doc__)} */\nexport interface Mark {{\n{mark}}}\n\n"
        f"export interface BodyOf {{\n{bodies}}}\n{_TAIL}"
    )


def _body(fact: DeclaredFact) -> dict[str, object]:
    if not issubclass(fact, ObjectFact):
        return {}  # a receipt's: no screen reads it
    declared = {field.name: field.type for field in fields(fact)}
    states: dict[str, object] = {"from": str | None, "to": str} if issubclass(fact, Moved) else {}
    return states | {name: declared[name] for name in own_fields(fact)}


def _object(of: Mapping[str, object]) -> str:
    inside = "; ".join(f"{name}: {_ts(one)}" for name, one in sorted(of.items()))
    return f"{{ {inside} }}" if inside else "object"


def _ts(of: Any) -> str:
    """What a type of Python becomes in JSON, as TypeScript writes it. Raises KeyError for one that no body has had."""
    origin, args = get_origin(of), get_args(of)
    if origin is UnionType:
        return " | ".join(_ts(one) for one in args)
    if origin in (Sequence, list, tuple):
        return f"{_ts(args[0])}[]"
    if origin is Mapping:
        return "Record<string, unknown>"
    if hasattr(of, "__required_keys__"):
        return _object(of.__annotations__)
    return _TYPES[of]


def _first(words: str | None) -> str:
    return (words or "").partition("\n")[0]
