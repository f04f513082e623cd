"""States of an order (派遣单). Pure: no Django, no clock, no database.

Source: docs/rules.md, "An order". The picture in tests/dispatch/orders/test_states.py is drawn by hand from that
page, not from this table.
"""

from collections.abc import Mapping
from typing import Final

from realtime.words import Word


class State(Word):
    """Where an order stands."""

    SENT = "sent", "待签收"
    ACKNOWLEDGED = "acknowledged", "已签收"
    IN_HANDLING = "in_handling", "处置中"
    FED_BACK = "fed_back", "待核查"
    COMPLETED = "completed", "已完成"
    RETURNED = "returned", "已退单"
    RECALLED = "recalled", "已撤回"


class Verb(Word):
    """What is done to an order."""

    ACKNOWLEDGE = "acknowledge", "签收"
    START = "start", "开始处置"
    FEED_BACK = "feed_back", "反馈"
    REQUEST_RETURN = "request_return", "申请退单"
    FORWARD = "forward", "转办"
    TAKE_BACK = "take_back", "收回"
    COMPLETE = "complete", "通过"
    REWORK = "rework", "返工"
    GRANT_RETURN = "grant_return", "准予退单"
    RECALL = "recall", "撤回派遣单"
    MESSAGE = "message", "留言"
    PROGRESS = "progress", "办理进展"


class Role(Word):
    """What a unit is to the issue."""

    LEAD = "lead", "主办"
    ASSIST = "assist", "协办"


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
    **{(state, Verb.MESSAGE): state for state in (State.SENT, State.ACKNOWLEDGED, State.IN_HANDLING, State.FED_BACK)},
    (State.ACKNOWLEDGED, Verb.PROGRESS): State.ACKNOWLEDGED,
    (State.IN_HANDLING, Verb.PROGRESS): State.IN_HANDLING,
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
