"""Every state × every verb of an issue, beside a picture drawn by hand from docs/rules.md, "An issue"."""

import pytest

from dispatch.issues.states import DERIVED, OPEN, NotAllowed, State, Verb, open_verbs, step

# One row per state, one column per verb; "." must raise NotAllowed.
PICTURE = """
             accept    decline   file   dispatch     feed_back  verify    rework       close
reported     accepted  declined  .      .            .          .         .            .
accepted     .         declined  filed  .            .          .         .            .
declined     .         .         .      .            .          .         .            .
filed        .         .         .      in_handling  .          .         .            .
in_handling  .         .         .      .            fed_back   .         .            .
fed_back     .         .         .      .            .          verified  in_handling  .
verified     .         .         .      .            .          .         in_handling  closed
closed       .         .         .      .            .          .         .            .
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
        assert (refused.value.state, refused.value.verb) == (state, verb)
    else:
        assert step(State(state), Verb(verb)) == cell


def test_a_refusal_says_what_is_open() -> None:
    with pytest.raises(NotAllowed) as refused:
        step(State.REPORTED, Verb.CLOSE)
    assert str(refused.value) == "cannot close an issue that is reported; open: accept, decline"
    with pytest.raises(NotAllowed) as refused:
        step(State.CLOSED, Verb.ACCEPT)
    assert str(refused.value) == "cannot accept an issue that is closed; open: nothing"


def test_nobody_is_offered_what_follows_from_an_order() -> None:
    assert {Verb.FEED_BACK} == DERIVED
    assert open_verbs(State.IN_HANDLING) == ()


def test_an_issue_is_open_until_it_is_declined_or_closed() -> None:
    assert sorted(set(State) - OPEN) == ["closed", "declined"]
