"""Each code of a refusal is declared once and raised somewhere, with its declared status. mypy holds the rest."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from command.requests import ProblemOut
from dispatch.doors.limits import TooOften
from dispatch.matter.photos.errors import TooLarge
from door.layout import ROOT
from realtime.feed.codes import RefusalCode
from realtime.feed.errors import Refused
from server.refusals.written import DECLARED, status_of

STATUS = status_of()
PACKAGES = ("realtime", "gis", "command", "dispatch", "assessment", "server", "demo")
TABLES = {ROOT / "realtime" / "feed" / "codes.py", *(ROOT / "server" / "refusals").glob("*.py")}


def kinds(above: type[Refused] = Refused) -> Iterator[type[Refused]]:
    """Every class of refusal."""
    yield above
    for kind in above.__subclasses__():
        yield from kinds(kind)


STATUS_OF_KIND = {kind.__name__: kind.status for kind in kinds()}
FILES = [
    file
    for package in PACKAGES
    for file in sorted((ROOT / package).rglob("*.py"))
    if file not in TABLES and "migrations" not in file.parts
]


def test_every_kind_of_refusal_is_looked_for() -> None:
    assert {TooLarge.__name__, TooOften.__name__, "TooManyAttempts", "Conflict"} <= STATUS_OF_KIND.keys()


def test_the_codes_that_are_declared_are_the_types() -> None:
    assert set(RefusalCode.__args__) == set(STATUS)  # type: ignore[attr-defined]
    assert set(ProblemOut.model_json_schema()["properties"]["code"]["enum"]) == set(STATUS)


def test_every_declared_code_is_raised_somewhere() -> None:
    said = {
        node.value
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(STATUS.keys() - said) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_code_has_the_status_that_is_declared(package: str) -> None:
    other = []
    for file in FILES:
        if file.relative_to(ROOT).parts[0] != package:
            continue
        for kind, code, line in _raised(file):
            if STATUS.get(code) != STATUS_OF_KIND[kind]:
                other.append(f"{file.relative_to(ROOT)}:{line} {kind} {code}: {STATUS.get(code, 'undeclared')}")
    assert other == []


def test_every_code_has_its_meaning() -> None:
    assert [one.named for one in DECLARED if not (one.means and one.codes)] == []


def _raised(file: Path) -> Iterator[tuple[str, str, int]]:
    """Kind, code and line of each refusal that is made with a code written in place."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(code)), *_]) if kind in STATUS_OF_KIND:
                yield kind, code, node.lineno
