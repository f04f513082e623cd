"""Every state × every verb of a call, beside a picture drawn by hand from docs/rules.md, "Calls"."""

import pytest

from dispatch.matter.calls.states import HEARD, NotAllowed, Reached, State, Verb, step

# One row per state, one column per verb; "." must raise NotAllowed.
PICTURE = """
                       climb  list    answer    reach                  try     silence
open                   open   listed  answered  .                      .       silenced
listed                 .      .       answered  answered_by_telephone  listed  silenced
answered               .      .       .         .                      .       .
answered_by_telephone  .      .       .         .                      .       .
silenced               .      .       .         .                      .       .
"""

HEAD, *ROWS = [line.split() for line in PICTURE.strip().splitlines()]
CELLS = [(row[0], verb, cell) for row in ROWS for verb, cell in zip(HEAD, row[1:], strict=True)]


def test_the_picture_has_a_row_for_every_state_and_a_column_for_every_verb() -> None:
    assert sorted(row[0] for row in ROWS) == sorted(State)
    assert list(Verb) == HEAD


@pytest.mark.parametrize(("state", "verb", "cell"), CELLS)
def test_each_cell(state: str, verb: str, cell: str) -> None:
    if cell == ".":
        with pytest.raises(NotAllowed):
            step(State(state), Verb(verb))
    else:
        assert step(State(state), Verb(verb)) == cell


def test_only_who_was_told_ends_it() -> None:
    assert sorted(HEARD) == ["passed_on", "talked"]
    assert set(Reached) - HEARD == {"no_answer", "no_such_number"}
