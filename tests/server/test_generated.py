"""What is made from the code is fresh, all of it, and a check that can't be made fails."""

import shutil
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from door import generating, proofs
from door.layout import ROOT, layout_of
from door.progress import Progress
from door.proofs import NPM_RUN, Proof, checks, run
from door.services import Services
from server.generated import made

MADE = made()
SERVICES = Services("postgresql://a/b", "postgresql://o/b", "postgresql://s/b", "redis://r/0")


@pytest.mark.parametrize("name", MADE)
def test_a_generated_file_is_fresh(name: str) -> None:
    """Stale: `./relay generate`."""
    assert (ROOT / name).read_text(encoding="utf-8") == MADE[name]


def test_nothing_lies_beside_the_generated_schemas() -> None:
    folder = ROOT / "docs" / "protocol"
    assert {f"docs/protocol/{file.name}" for file in folder.iterdir()} == {
        name for name in MADE if "/protocol/" in name
    }


def test_a_stale_and_a_missing_file_are_named(tmp_path: Path) -> None:
    old, fresh = tmp_path / "old", tmp_path / "fresh"
    for folder, words in (
        (old, {"a/same": "x", "stale": "x", "own": "x"}),
        (fresh, {"a/same": "x", "stale": "y", "new": ""}),
    ):
        for name, text in words.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    assert generating.stale(old, fresh) == ["new", "stale"]


def test_the_checks_compare_what_is_generated() -> None:
    assert [proof.command[-1] for proof in checks(layout_of()) if "generated" in proof.name] == ["door.generating"]


def test_a_check_whose_script_is_missing_fails(tmp_path: Path) -> None:
    layout = replace(layout_of(), root=tmp_path, run=tmp_path / "run", data=tmp_path / "data")
    layout.frontend.mkdir()
    (layout.frontend / "package.json").write_text('{"scripts": {}}')
    by_npm = [
        proof
        for proof in [*checks(layout), *proofs.tests(layout, everything=False)]
        if tuple(proof.command[:3]) == NPM_RUN
    ]
    assert [str(proof.command[-1]) for proof in by_npm] == ["check", "test"]
    layout.make_directories()
    npm = shutil.which("npm")
    assert npm is not None
    node = {"PATH": f"{Path(npm).parent}:/usr/bin:/bin"}
    held = Proof("held", [sys.executable, "-c", ""], tmp_path)
    assert run([*by_npm, held], layout, SERVICES, node, Progress(StringIO())) == [proof.name for proof in by_npm]
