"""The dictionary: a name is one thing."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from assessment.dictionary import BY_CODE, CONDITIONS, FIGURES, OPEN_STATES, STATES, Group
from assessment.situation.histories import ClockSpan, counting_clock
from dispatch.matter.issues.states import OPEN

ROOT: Final = Path(__file__).resolve().parents[3]
VECTORS: Final = json.loads((Path(__file__).parent / "counting_clocks.json").read_text(encoding="utf-8"))


def test_a_name_is_one_figure_and_a_code_is_one() -> None:
    assert len({figure.zh for figure in FIGURES}) == len(FIGURES) == len(BY_CODE)


def test_the_states_are_all_that_is_open_and_each_is_in_one_figure() -> None:
    assert set(OPEN_STATES) == {str(state) for state in OPEN}
    assert sorted(STATES) == sorted(OPEN_STATES)
    for state in OPEN_STATES:
        counted = [code for code in STATES if CONDITIONS[code].holds(state=state, light="red", urgent=True)]
        assert counted == [state]


def test_only_figures_of_this_moment_have_a_condition() -> None:
    assert {figure.group for figure in FIGURES if figure.condition} == {Group.NOW}


def test_no_screen_names_a_figure_by_itself() -> None:
    """The name of a figure stands in one file; those of states and tabs are words of the domain too."""
    groups = (Group.TODAY, Group.RELAY)
    names = {figure.zh for figure in FIGURES if figure.group in groups} | {"已超限", "紧急待受理"}
    found = []
    for file in (ROOT / "frontend" / "src").rglob("*"):
        if file.suffix in (".ts", ".vue") and file.name != "figures.ts":
            words = re.findall(r"'([^']*)'", file.read_text(encoding="utf-8"))
            found += [(file.name, word) for word in words if word in names - {"中位", "九成"}]
    assert found == []


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_clock_that_counts_is_chosen_as_the_screens_choose_it(vector: dict[str, Any]) -> None:
    at = datetime.fromisoformat(vector["at"]).timestamp()
    found = counting_clock([ClockSpan.of_card(card) for card in vector["clocks"]], at)
    assert (found and found.kind, found.light(at).word if found else "green") == (vector["counts"], vector["light"])
