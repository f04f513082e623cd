"""States of an order (派遣单). Pure: no Django, no clock, no database.

Source: docs/rules.md, "An order". The picture in tests/dispatch/orders/test_states.py is drawn by hand from that
page, not from this table.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

State = StrEnum("State", "SENT ACKNOWLEDGED IN_HANDLING FED_BACK COMPLETED RETURNED RECALLED")
Verb = StrEnum(
    "Verb", "ACKNOWLEDGE START FEED_BACK REQUEST_RETURN FORWARD TAKE_BACK COMPLETE REWORK GRANT_RETURN RECALL"
)
Role = StrEnum("Role", "LEAD ASSIST")  # 主办 协办

TABLE: Final[Mapping[tuple[State, Verb], State]] = {
    (State.SENT, Verb.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Verb.START): State.IN_HANDLING,
    (State.ACKNOWLEDGED, Verb.FEED_BACK): State.FED_BACK,  # handled on the way: no start needed
    (State.IN_HANDLING, Verb.FEED_BACK): State.FED_BACK,
    (State.SENT, Verb.REQUEST_RETURN): State.ACKNOWLEDGED,  # who asks to give it back has received it
    (State.ACKNOWLEDGED, Verb.REQUEST_RETURN): State.ACKNOWLEDGED,
    (State.IN_HANDLING, Verb.REQUEST_RETURN): State.IN_HANDLING,
    (State.SENT, Verb.FORWARD): State.SENT,  # passing on is no receipt
    (State.ACKNOWLEDGED, Verb.FORWARD): State.ACKNOWLEDGED,
    (State.IN_HANDLING, Verb.FORWARD): State.IN_HANDLING,
    (State.SENT, Verb.TAKE_BACK): State.SENT,
    (State.ACKNOWLEDGED, Verb.TAKE_BACK): State.ACKNOWLEDGED,
    (State.IN_HANDLING, Verb.TAKE_BACK): State.IN_HANDLING,
    (State.FED_BACK, Verb.COMPLETE): State.COMPLETED,
    (State.FED_BACK, Verb.REWORK): State.IN_HANDLING,  # the unit still owns it
    (State.COMPLETED, Verb.REWORK): State.IN_HANDLING,  # the follow-up said: not fixed
    (State.ACKNOWLEDGED, Verb.GRANT_RETURN): State.RETURNED,
    (State.IN_HANDLING, Verb.GRANT_RETURN): State.RETURNED,
    (State.SENT, Verb.RECALL): State.RECALLED,
    (State.ACKNOWLEDGED, Verb.RECALL): State.RECALLED,
    (State.IN_HANDLING, Verb.RECALL): State.RECALLED,
    (State.FED_BACK, Verb.RECALL): State.RECALLED,
}

FIRST: Final = State.SENT
OPEN: Final = frozenset({State.SENT, State.ACKNOWLEDGED, State.IN_HANDLING})  # the unit has still to answer
SHOWN: Final = OPEN | {State.FED_BACK}  # on the boards until the desk has ruled on the answer
GONE: Final = frozenset({State.RETURNED, State.RECALLED})  # taken from the unit: it answers for nothing any more


class NotAllowed(Exception):
    """The verb is not open in this state. Carries both, and what is open."""

    def __init__(self, state: State, verb: Verb) -> None:
        self.state, self.verb = state, verb
        self.open = tuple(v for v in Verb if (state, v) in TABLE)
        super().__init__(f"cannot {verb} an order that is {state}; open: {', '.join(self.open) or 'nothing'}")


def step(state: State, verb: Verb) -> State:
    """The state after `verb`. Raises NotAllowed for every pair the table does not name."""
    try:
        return TABLE[state, verb]
    except KeyError:
        raise NotAllowed(state, verb) from None
