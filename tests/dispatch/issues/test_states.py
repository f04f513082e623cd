"""Every state × every verb of an issue, beside a picture drawn by hand from docs/rules.md, "An issue"."""

import pytest

from dispatch.matter.issues.states import DERIVED, OPEN, If, NotAllowed, State, Verb, open_verbs, step

# One row per state, one column per verb; "." must raise NotAllowed. Read by the desk's work: taking in,
PICTURE_IN = """
             accept    pass_up   decline   reconsider  merge   unmerge   settle_on_spot  file
reported     accepted  reported  declined  .           merged  .         verified        .
accepted     .         .         declined  .           merged  .         verified        filed
declined     .         .         .         reported    .       .         .               .
merged       .         .         .         .           .       accepted  .               .
filed        .         .         .         .           merged  .         .               .
in_handling  .         .         .         .           .       .         .               .
suspended    .         .         .         .           .       .         .               .
fed_back     .         .         .         .           .       .         .               .
verified     .         .         .         .           .       .         .               .
closed       .         .         .         .           .       .         .               .
archived     .         .         .         .           .       .         .               .
voided       .         .         .         .           .       .         .               .
"""
# handling,
PICTURE_HANDLING = """
             dispatch     add_assist  redispatch  suspend    resume       feed_back  lose_lead    verify    rework
reported     .            .           .           .          .            .          .            .         .
accepted     .            .           .           .          .            .          .            .         .
declined     .            .           .           .          .            .          .            .         .
merged       .            .           .           .          .            .          .            .         .
filed        in_handling  .           .           .          .            .          .            .         .
in_handling  .            in_handling in_handling suspended  .            fed_back   in_handling  .         .
suspended    .            .           .           suspended  in_handling  fed_back   suspended    .         .
fed_back     .            .           .           .          .            .          in_handling  verified  in_handling
verified     .            .           .           .          .            .          .            .         in_handling
closed       .            .           .           .          .            .          .            .         .
archived     .            .           .           .          .            .          .            .         .
voided       .            .           .           .          .            .          .            .         .
"""
# ending and putting right. w: closed, where the reporter took it back; n: filed, where it was settled without orders.
PICTURE_END = """
             close   reopen  archive   void    amend        withdraw     refer_emergency  message
reported     w       .       .         voided  reported     reported     reported         reported
accepted     w       .       .         voided  accepted     accepted     accepted         accepted
declined     .       .       .         .       .            .            declined         .
merged       .       .       .         .       .            .            merged           .
filed        w       .       .         voided  filed        filed        filed            filed
in_handling  w       .       .         voided  in_handling  in_handling  in_handling      in_handling
suspended    w       .       .         voided  suspended    suspended    suspended        suspended
fed_back     w       .       .         voided  fed_back     fed_back     fed_back         fed_back
verified     closed  n       .         voided  verified     verified     verified         verified
closed       .       filed   archived  .       .            .            closed           .
archived     .       .       .         .       .            .            archived         .
voided       .       .       .         .       .            .            voided           .
"""
ONLY_IF = {"w": (If.WITHDRAWN, "closed"), "n": (If.NO_ORDERS, "filed")}

PARTS = [
    [line.split() for line in picture.strip().splitlines()] for picture in (PICTURE_IN, PICTURE_HANDLING, PICTURE_END)
]
CELLS = [
    (row[0], verb, cell) for head, *rows in PARTS for row in rows for verb, cell in zip(head, row[1:], strict=True)
]


def test_the_picture_has_a_row_for_every_state_and_a_column_for_every_verb() -> None:
    assert all([row[0] for row in rows] == list(State) for _, *rows in PARTS)
    assert [verb for head, *_ in PARTS for verb in head] == list(Verb)


@pytest.mark.parametrize(("state", "verb", "cell"), CELLS)
def test_each_cell(state: str, verb: str, cell: str) -> None:
    if cell == "." or cell in ONLY_IF:
        with pytest.raises(NotAllowed) as refused:
            step(State(state), Verb(verb))
        assert (refused.value.state, refused.value.verb) == (state, verb)
    else:
        assert step(State(state), Verb(verb)) == cell
    if cell in ONLY_IF:
        condition, after = ONLY_IF[cell]
        assert step(State(state), Verb(verb), {condition}) == after


@pytest.mark.parametrize(("state", "verb", "cell"), CELLS)
def test_no_condition_opens_what_the_picture_closes(state: str, verb: str, cell: str) -> None:
    if cell == ".":
        with pytest.raises(NotAllowed):
            step(State(state), Verb(verb), set(If))


def test_a_refusal_says_what_is_open() -> None:
    with pytest.raises(NotAllowed) as refused:
        step(State.DECLINED, Verb.CLOSE)
    assert str(refused.value) == "cannot close an issue that is declined; open: reconsider, refer_emergency"
    with pytest.raises(NotAllowed) as refused:
        step(State.FILED, Verb.ACCEPT, {If.WITHDRAWN})
    assert refused.value.open == (
        "merge",
        "dispatch",
        "close",
        "void",
        "amend",
        "withdraw",
        "refer_emergency",
        "message",
    )


def test_nobody_is_offered_what_follows_from_an_order_or_from_time() -> None:
    assert {Verb.FEED_BACK, Verb.LOSE_LEAD, Verb.ARCHIVE} == DERIVED
    assert not DERIVED & {verb for state in State for verb in open_verbs(state, set(If))}


def test_an_issue_is_open_until_it_is_declined_merged_closed_or_voided() -> None:
    assert sorted(set(State) - OPEN) == ["archived", "closed", "declined", "merged", "voided"]
