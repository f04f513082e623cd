"""States of a return request (退单申请), and on which grounds one is made. Pure: no Django, no clock, no database.

Source: docs/rules.md, "An order". The picture in tests/dispatch/returns/test_states.py is drawn by hand from that page.
"""

from collections.abc import Mapping
from typing import Final

from realtime.words import Word


class State(Word):
    """How a request stands."""

    PENDING = "pending", "待裁定"
    GRANTED = "granted", "已准予"
    COMPELLED = "compelled", "已强制派发"
    WITHDRAWN = "withdrawn", "已撤回"


class Verb(Word):
    """What ends a request."""

    GRANT = "grant", "准予退单"
    COMPEL = "compel", "强制派发"
    WITHDRAW = "withdraw", "撤回"


TABLE: Final[Mapping[tuple[State, Verb], State]] = {
    (State.PENDING, Verb.GRANT): State.GRANTED,
    (State.PENDING, Verb.COMPEL): State.COMPELLED,
    (State.PENDING, Verb.WITHDRAW): State.WITHDRAWN,  # the order was answered or recalled
}
FIRST: Final = State.PENDING
RULED: Final = frozenset({State.GRANTED, State.COMPELLED})
RULINGS: Final = (Verb.GRANT, Verb.COMPEL)


class ReturnGround(Word):
    """Why a unit may ask to give an order back (退单理由). The list is closed."""

    NOT_OUR_DUTY = "not_our_duty", "不属本单位职责"
    OUT_OF_AREA = "out_of_area", "不在本单位辖区"
    SENT_TWICE = "sent_twice", "重复派遣"
    CANNOT_BE_VERIFIED = "cannot_be_verified", "信息不实或不足，无法办理"
    IN_LEGAL_PROCEDURE = "in_legal_procedure", "已进入法定程序"


class NotAllowed(Exception):
    """The verb is not open in this state. Carries both, and what is open."""

    def __init__(self, state: State, verb: Verb) -> None:
        self.state, self.verb = state, verb
        self.open = open_verbs(state)
        super().__init__(f"cannot {verb} a request that is {state}; open: {', '.join(self.open) or 'nothing'}")


def open_verbs(state: State) -> tuple[Verb, ...]:
    """How a request in `state` may be ruled on, rights aside."""
    return tuple(verb for verb in RULINGS if (state, verb) in TABLE)


def step(state: State, verb: Verb) -> State:
    """The state after `verb`. Raises NotAllowed for every pair the table does not name."""
    try:
        return TABLE[state, verb]
    except KeyError:
        raise NotAllowed(state, verb) from None
