"""Every state × every verb of an order, beside a picture drawn by hand from docs/rules.md, "An order"."""

import pytest

from dispatch.matter.backfills.contract import OF_ORDERS
from dispatch.matter.orders.states import GONE, OPEN, SHOWN, NotAllowed, State, Verb, step
from dispatch.verbs.declared import ORDER_VERBS

# One row per state, one column per verb; "." must raise NotAllowed.
PICTURE = """
              acknowledge   start        feed_back  request_return  forward       take_back     complete   rework       grant_return  recall    message       progress
sent          acknowledged  .            .          acknowledged    sent          sent          .          .            .             recalled  sent          .
acknowledged  .             in_handling  fed_back   acknowledged    acknowledged  acknowledged  .          .            returned      recalled  acknowledged  acknowledged
in_handling   .             .            fed_back   in_handling     in_handling   in_handling   .          .            returned      recalled  in_handling   in_handling
fed_back      .             .            .          .               .             .             completed  in_handling  .             recalled  fed_back      .
completed     .             .            .          .               .             .             .          in_handling  .             .         .             .
returned      .             .            .          .               .             .             .          .            .             .         .             .
recalled      .             .            .          .               .             .             .          .            .             .         .             .
"""  # noqa: E501  # a row a state

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
        step(State.ACKNOWLEDGED, Verb.COMPLETE)
    assert str(refused.value) == (
        "cannot complete an order that is acknowledged; open: "
        "start, feed_back, request_return, forward, take_back, grant_return, recall, message, progress"
    )


def test_what_comes_through_the_issue_or_by_a_ruling_is_no_verb_of_the_order() -> None:
    assert set(Verb) - set(ORDER_VERBS) == {Verb.COMPLETE, Verb.REWORK, Verb.GRANT_RETURN}
    assert sorted(verb for verb, declared in ORDER_VERBS.items() if declared.on_paper) == sorted(OF_ORDERS)


def test_an_order_is_open_until_it_is_fed_back_and_on_the_boards_until_it_is_completed_or_taken_back() -> None:
    assert sorted(OPEN) == ["acknowledged", "in_handling", "sent"]
    assert sorted(SHOWN - OPEN) == ["fed_back"]
    assert sorted(GONE) == ["recalled", "returned"]
