"""States of a return request (退单申请), and on which grounds one is made. Pure: no Django, no clock, no database.

Source: docs/rules.md, "An order". The picture in tests/dispatch/returns/test_states.py is drawn by hand from that page.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

State = StrEnum("State", "PENDING GRANTED COMPELLED WITHDRAWN")
Verb = StrEnum("Verb", "GRANT COMPEL WITHDRAW")

TABLE: Final[Mapping[tuple[State, Verb], State]] = {
    (State.PENDING, Verb.GRANT): State.GRANTED,
    (State.PENDING, Verb.COMPEL): State.COMPELLED,
    (State.PENDING, Verb.WITHDRAW): State.WITHDRAWN,  # the order was answered or recalled
}
FIRST: Final = State.PENDING
RULED: Final = frozenset({State.GRANTED, State.COMPELLED})
RULINGS: Final = (Verb.GRANT, Verb.COMPEL)
STATE_ZH: Final[Mapping[State, str]] = {
    State.PENDING: "待裁定",
    State.GRANTED: "已准予",
    State.COMPELLED: "已强制派发",
    State.WITHDRAWN: "已撤回",
}
VERB_ZH: Final[Mapping[Verb, str]] = {Verb.GRANT: "准予退单", Verb.COMPEL: "强制派发", Verb.WITHDRAW: "撤回"}


class ReturnGround(StrEnum):
    """Why a unit may ask to give an order back (退单理由). The list is closed."""

    NOT_OUR_DUTY = "not_our_duty"
    OUT_OF_AREA = "out_of_area"
    SENT_TWICE = "sent_twice"
    CANNOT_BE_VERIFIED = "cannot_be_verified"
    IN_LEGAL_PROCEDURE = "in_legal_procedure"


RETURN_GROUND_ZH: Final[Mapping[ReturnGround, str]] = {
    ReturnGround.NOT_OUR_DUTY: "不属本单位职责",
    ReturnGround.OUT_OF_AREA: "不在本单位辖区",
    ReturnGround.SENT_TWICE: "重复派遣",
    ReturnGround.CANNOT_BE_VERIFIED: "信息不实或不足，无法办理",
    ReturnGround.IN_LEGAL_PROCEDURE: "已进入法定程序",
}


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
