"""Chinese words that people read have Chinese punctuation: a half-width comma or bracket in them is a slip."""

import ast
import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("realtime", "gis", "command", "dispatch", "assessment", "server", "demo")
HALF_WIDTH = re.compile(
    r"[\u4e00-\u9fff」』”）》][(),:;!?]|[(),:;!?][\u4e00-\u9fff「『“《]|(?s:(?=.*[\u4e00-\u9fff]).*\0[(,:;!?][\0（])"
)  # \0: what an f-string fills in; a pair of coordinates has a blank after its comma
SHOWN = {"channels.csv": "name_zh", "departments.csv": "name_zh", "catalogue.csv": "item_zh"}


def texts_of_code(source: str) -> Iterator[tuple[int, str]]:
    """Every text in Python code with its line, without docstrings (English, may list Chinese words) and patterns."""
    tree = ast.parse(source)
    unread = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            unread |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unread:
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr) and id(node) not in unread:
            parts = (part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)
            yield node.lineno, "".join(str(part) for part in parts)


def texts_of(value: Any) -> Iterator[str]:
    """Every text in what a TOML file holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_of(inner)


def test_a_slip_is_found_and_a_docstring_is_none() -> None:
    slips = [text for _, text in texts_of_code('"""列:表."""\nx = f"还有 {n} 张,等"') if HALF_WIDTH.search(text)]
    assert slips == ["还有 \0 张,等", " 张,等"]
    assert not [text for _, text in texts_of_code('x = re.compile(f"(?:电话|{more})")') if HALF_WIDTH.search(text)]
    (filled,) = [text for _, text in texts_of_code('x = f"{name}:{n}，共"') if HALF_WIDTH.search(text)]
    assert filled == "\0:\0，共"
    assert [text for _, text in texts_of_code('x = f"在({lon}, {lat})附近"') if HALF_WIDTH.search(text)]
    assert not [text for _, text in texts_of_code('x = f"在（{lon}, {lat}）附近"') if HALF_WIDTH.search(text)]


def test_chinese_texts_have_chinese_punctuation() -> None:
    slips = []
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for line, text in texts_of_code(file.read_text(encoding="utf-8")):
                if HALF_WIDTH.search(text) and "(?" not in text:  # a pattern's piece, nobody reads it
                    slips.append(f"{file.relative_to(ROOT)}:{line}: {text}")
        for file in sorted((ROOT / package).rglob("*.toml")):
            for text in texts_of(tomllib.loads(file.read_text(encoding="utf-8"))):
                if HALF_WIDTH.search(text):
                    slips.append(f"{file.relative_to(ROOT)}: {text}")
    assert slips == []


def test_the_names_that_the_centre_begins_with_have_chinese_punctuation() -> None:
    names = []
    for file, column in SHOWN.items():
        (path,) = (ROOT / "command").rglob(f"data/{file}")
        with path.open(encoding="utf-8", newline="") as lines:
            names += [row[column] for row in csv.DictReader(lines)]
    assert len(names) > len(SHOWN)
    assert [name for name in names if HALF_WIDTH.search(name)] == []
