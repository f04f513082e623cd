"""Every state × every verb of a return request, beside a picture drawn by hand from docs/rules.md, "An order"."""

import pytest

from dispatch.matter.returns.states import NotAllowed, State, Verb, open_verbs, step

# One row per state, one column per verb; "." must raise NotAllowed.
PICTURE = """
           grant    compel     withdraw
pending    granted  compelled  withdrawn
granted    .        .          .
compelled  .        .          .
withdrawn  .        .          .
"""

HEAD, *ROWS = [line.split() for line in PICTURE.strip().splitlines()]
CELLS = [(row[0], verb, cell) for row in ROWS for verb, cell in zip(HEAD, row[1:], strict=True)]


def test_the_picture_has_a_row_for_every_state_and_a_column_for_every_verb() -> None:
    assert [row[0] for row in ROWS] == list(State)
    assert list(Verb) == HEAD


@pytest.mark.parametrize(("state", "verb", "cell"), CELLS)
def test_each_cell(state: str, verb: str, cell: str) -> None:
    if cell == ".":
        with pytest.raises(NotAllowed) as refused:
            step(State(state), Verb(verb))
        assert refused.value.open == open_verbs(State(state))
    else:
        assert step(State(state), Verb(verb)) == cell


def test_only_a_pending_request_is_ruled_on() -> None:
    assert [open_verbs(state) for state in State] == [("grant", "compel"), (), (), ()]
