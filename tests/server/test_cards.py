"""Each kind of object has one declared card; the document, the screens' types and the page have all of them."""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import assessment
import command
import dispatch
import realtime
from door.layout import ROOT
from server.cards import CARDS, page, schemas


def told_kinds() -> set[str]:
    """Every kind that a fact is of, as the classes say it."""
    kinds = set()
    for package in (realtime, command, dispatch, assessment):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("facts") or module.name.rpartition(".")[2] in ("kept", "moving", "redrawing"):
                declared = vars(import_module(module.name)).values()
                kinds |= {one.object_kind for one in declared if isinstance(getattr(one, "object_kind", None), str)}
    return kinds


def test_each_kind_has_a_card() -> None:
    assert told_kinds() == set(CARDS)


@pytest.mark.parametrize("kind", CARDS)
def test_a_card_says_whether_it_is_open_and_has_no_other_keys(kind: str) -> None:
    schema = schemas()[CARDS[kind].__name__]
    assert set(schema["required"]) == set(schema["properties"]) >= {"open"}
    assert schema["additionalProperties"] is (kind == "receipt")


def test_the_page_links_each_part() -> None:
    written = page()
    assert [name for name in schemas() if f"\n## {name}\n" not in written] == []
    assert (ROOT / "docs/cards.md").read_text(encoding="utf-8") == written


def test_no_screen_writes_a_card_by_hand() -> None:
    names = {f"interface {name} " for name in schemas()} | {f"type {name} =" for name in schemas()}
    sources = [*Path(ROOT / "frontend/src").rglob("*.ts"), *Path(ROOT / "frontend/src").rglob("*.vue")]
    own = [file for file in sources if file.name not in ("cards.ts", "schema.d.ts")]
    assert [(file.name, name) for file in own for name in names if name in file.read_text(encoding="utf-8")] == []
