"""A source file that a page, a docstring or a comment names is there: no move leaves a stale sign."""

import ast
import re
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("demo", "server", "assessment", "dispatch", "command", "gis", "realtime", "door", "bench", "tests")
FOLDERS = (*FLOORS, "frontend/src", "frontend/tests", "frontend/stories")
BESIDE = (*ROOT.glob("*.*"), *(ROOT / "frontend").glob("*.*"))
BELOW = (file for folder in FOLDERS for file in (ROOT / folder).rglob("*.*"))
SOURCES = [file for file in (*BESIDE, *sorted(BELOW)) if "__pycache__" not in file.parts]
PARTS = [file.relative_to(ROOT).parts for file in SOURCES]
# Each end of each path, since a neighbour is named without its folder.
ENDS = {"/".join(parts[begin:]) for parts in PARTS for begin in range(len(parts))}
NAMED = re.compile(r"(?<![\w/.\-$}*<>])(?:[\w\-]+/)*[\w\-]+\.(?:py|ts|vue|sql|toml)\b")
MADE_BY_THE_READER = frozenset({"dispatch/verbs/urge.py", "villages.toml"})  # examples


def words_of(file: Path) -> Iterator[str]:
    """What a file says to people: a page whole; of code its docstrings and comments."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".md":
        yield text
    elif file.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield ast.get_docstring(node) or ""
        for token in tokenize.generate_tokens(StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.string
    else:
        yield from re.findall(r"/\*\*.*?\*/|//[^\n]*", text, re.DOTALL)


def stale(file: Path) -> list[str]:
    """The names in it that end no source's path."""
    named = {name for words in words_of(file) for name in NAMED.findall(words)}
    return sorted(named - ENDS - MADE_BY_THE_READER)


PAGES = [file for file in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")) if file.name != "CHANGELOG.md"]
CODE = [file for file in SOURCES if file.suffix in (".py", ".ts", ".vue")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_files_that_are_there(page: Path) -> None:
    assert stale(page) == []


def test_code_names_files_that_are_there() -> None:
    assert {str(file.relative_to(ROOT)): names for file in CODE if (names := stale(file))} == {}


def test_a_stale_sign_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Look at `dispatch/nowhere/gone.py`, then at `door/cli.py`.", encoding="utf-8")
    assert stale(page) == ["dispatch/nowhere/gone.py"]
