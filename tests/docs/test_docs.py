"""Documentation that fails the build when it falls behind the code."""

import csv
import importlib
import re
from pathlib import Path

import pytest

from server.settings import Environment

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_every_picture_lies_in_a_page() -> None:
    shown = {
        (page.parent / link).resolve()
        for page in PAGES
        for link in re.findall(r"\]\(([^)#]+\.(?:png|jpg))\)", page.read_text(encoding="utf-8"))
    }
    screens = DOCS / "screens"
    assert sorted({*screens.rglob("*.png"), *screens.rglob("*.jpg")} - shown) == []


def test_the_index_of_decisions_has_each_decision_once() -> None:
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    files = sorted(file.name for file in (DOCS / "decisions").glob("[0-9]*.md"))
    assert re.findall(r"\]\((\d{4}[^)]+)\)", index) == files


def test_a_word_of_the_glossary_page_is_the_lists_word() -> None:
    with (DOCS / "glossary.csv").open(encoding="utf-8", newline="") as stream:
        words = {row["zh"]: row["code_name"] for row in csv.DictReader(stream)}
    shown = re.findall(r"^\| ([^|]+) \| `([a-z0-9_]+)` \|", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.M)
    assert len(shown) > 50
    assert [(zh, word) for zh, word in shown if words.get(zh) != word] == []


@pytest.mark.parametrize("noun", ["issues", "orders"])
def test_every_state_and_verb_stands_in_the_rules(noun: str) -> None:
    states = importlib.import_module(f"dispatch.matter.{noun}.states")
    rules = (DOCS / "rules.md").read_text(encoding="utf-8")
    words = [str(word) for enum in (states.State, states.Verb) for word in enum]
    assert [word for word in words if not re.search(rf"\b{word}\b", rules)] == []


def test_every_setting_stands_in_the_runbook() -> None:
    runbook = (DOCS / "runbook.md").read_text(encoding="utf-8")
    names = [f"RELAY_{name.upper()}" for name in Environment.model_fields]
    assert [name for name in names if name not in runbook] == []


def test_every_rule_in_force_names_tests_that_are_there() -> None:
    table = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").partition("## In force")[2]
    rows = [line for line in table.splitlines() if line.startswith("|")][2:]
    assert len(rows) > 30
    missing = []
    for row in rows:
        named = re.findall(r"`((?:tests|frontend/tests)/[^`]*)`", row.rpartition(" | ")[2])
        missing += [row[:60]] * (not named)
        missing += [path for path in named if not (ROOT / path).is_file() and not any((ROOT / path).rglob("test_*.py"))]
    assert missing == []
