"""States of an issue (事项). Pure: no Django, no clock, no database.

Source: docs/rules.md, "An issue". The picture in tests/dispatch/issues/test_states.py is drawn by hand from that
page, not from this table.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from realtime.words import Word


class State(Word):
    """Where an issue stands."""

    REPORTED = "reported", "待受理"
    ACCEPTED = "accepted", "已受理"
    DECLINED = "declined", "未予受理"
    MERGED = "merged", "已并案"
    FILED = "filed", "待派遣"
    IN_HANDLING = "in_handling", "处置中"
    SUSPENDED = "suspended", "已挂账"
    FED_BACK = "fed_back", "待核查"
    VERIFIED = "verified", "待回访"
    CLOSED = "closed", "已结案"
    ARCHIVED = "archived", "已归档"
    VOIDED = "voided", "已作废"


class Verb(Word):
    """What is done to an issue."""

    ACCEPT = "accept", "受理"
    PASS_UP = "pass_up", "上呈"
    DECLINE = "decline", "不予受理"
    RECONSIDER = "reconsider", "复核"
    MERGE = "merge", "并案"
    UNMERGE = "unmerge", "撤并"
    SETTLE_ON_SPOT = "settle_on_spot", "当场化解"
    FILE = "file", "立案"
    DISPATCH = "dispatch", "派遣"
    ADD_ASSIST = "add_assist", "增派协办"
    REDISPATCH = "redispatch", "改派"
    SUSPEND = "suspend", "挂账"
    RESUME = "resume", "恢复办理"
    FEED_BACK = "feed_back", "反馈"
    LOSE_LEAD = "lose_lead", "主办落空"
    VERIFY = "verify", "核查通过"
    REWORK = "rework", "返工"
    CLOSE = "close", "结案"
    REOPEN = "reopen", "重开"
    ARCHIVE = "archive", "归档"
    VOID = "void", "作废"
    AMEND = "amend", "更正"
    WITHDRAW = "withdraw", "撤回诉求"
    REFER_EMERGENCY = "refer_emergency", "转警转急"
    MESSAGE = "message", "留言"


class Deed(Word):
    """What is done about an issue that moves no state: no table has it."""

    REPORT = "report", "上报"
    REVEAL = "reveal", "查看明文"
    REPLY = "reply", "答复反映人"


If = StrEnum("If", "WITHDRAWN NO_ORDERS")  # what has to be so besides the state

FIRST: Final = State.REPORTED
OPEN: Final = frozenset(State) - {  # 在办
    State.DECLINED,
    State.MERGED,
    State.CLOSED,
    State.ARCHIVED,
    State.VOIDED,
}
DERIVED: Final = frozenset({Verb.FEED_BACK, Verb.LOSE_LEAD, Verb.ARCHIVE})  # follows from an order, or from time
TARGETS: Final = frozenset({State.ACCEPTED, State.FILED, State.IN_HANDLING, State.SUSPENDED})  # take a merged one in

TABLE: Final[Mapping[tuple[State, Verb], State]] = {
    (State.REPORTED, Verb.ACCEPT): State.ACCEPTED,
    (State.REPORTED, Verb.PASS_UP): State.REPORTED,
    (State.REPORTED, Verb.DECLINE): State.DECLINED,
    (State.ACCEPTED, Verb.DECLINE): State.DECLINED,
    (State.DECLINED, Verb.RECONSIDER): State.REPORTED,
    (State.REPORTED, Verb.MERGE): State.MERGED,
    (State.ACCEPTED, Verb.MERGE): State.MERGED,
    (State.FILED, Verb.MERGE): State.MERGED,
    (State.MERGED, Verb.UNMERGE): State.ACCEPTED,
    (State.REPORTED, Verb.SETTLE_ON_SPOT): State.VERIFIED,
    (State.ACCEPTED, Verb.SETTLE_ON_SPOT): State.VERIFIED,
    (State.ACCEPTED, Verb.FILE): State.FILED,
    (State.FILED, Verb.DISPATCH): State.IN_HANDLING,
    (State.IN_HANDLING, Verb.ADD_ASSIST): State.IN_HANDLING,
    (State.IN_HANDLING, Verb.REDISPATCH): State.IN_HANDLING,
    (State.IN_HANDLING, Verb.SUSPEND): State.SUSPENDED,
    (State.SUSPENDED, Verb.SUSPEND): State.SUSPENDED,  # renewed by a new approval
    (State.SUSPENDED, Verb.RESUME): State.IN_HANDLING,
    (State.IN_HANDLING, Verb.FEED_BACK): State.FED_BACK,  # derived: the lead order is fed back, none is open
    (State.SUSPENDED, Verb.FEED_BACK): State.FED_BACK,  # work went on: the answer ends the suspension
    (State.IN_HANDLING, Verb.LOSE_LEAD): State.IN_HANDLING,  # derived: returned or recalled, no lead order is left
    (State.SUSPENDED, Verb.LOSE_LEAD): State.SUSPENDED,
    (State.FED_BACK, Verb.LOSE_LEAD): State.IN_HANDLING,
    (State.FED_BACK, Verb.VERIFY): State.VERIFIED,
    (State.FED_BACK, Verb.REWORK): State.IN_HANDLING,
    (State.VERIFIED, Verb.REWORK): State.IN_HANDLING,  # the follow-up said: not fixed
    (State.VERIFIED, Verb.CLOSE): State.CLOSED,
    (State.CLOSED, Verb.REOPEN): State.FILED,
    (State.CLOSED, Verb.ARCHIVE): State.ARCHIVED,
    **{(state, Verb.VOID): State.VOIDED for state in OPEN},
    **{(state, Verb.AMEND): state for state in OPEN},
    **{(state, Verb.WITHDRAW): state for state in OPEN},
    **{(state, Verb.REFER_EMERGENCY): state for state in State},
    **{(state, Verb.MESSAGE): state for state in OPEN},
}
# Steps that the table above does not have, open under a condition.
CONDITIONAL: Final[Mapping[tuple[State, Verb], tuple[If, State]]] = {
    **{(state, Verb.CLOSE): (If.WITHDRAWN, State.CLOSED) for state in OPEN - {State.VERIFIED}},
    (State.VERIFIED, Verb.REOPEN): (If.NO_ORDERS, State.FILED),  # settled on the spot, but it was not
}


class NotAllowed(Exception):
    """The verb is not open in this state. Carries both, and what is open."""

    def __init__(self, state: State, verb: Verb, given: Collection[If] = ()) -> None:
        self.state, self.verb = state, verb
        self.open = open_verbs(state, given)
        super().__init__(f"cannot {verb} an issue that is {state}; open: {', '.join(self.open) or 'nothing'}")


def open_verbs(state: State, given: Collection[If] = ()) -> tuple[Verb, ...]:
    """What somebody may do to an issue in `state` where the conditions `given` are so, rights aside."""
    return tuple(verb for verb in Verb if verb not in DERIVED and _after(state, verb, given))


def step(state: State, verb: Verb, given: Collection[If] = ()) -> State:
    """The state after `verb`. Raises NotAllowed for every pair the tables do not name."""
    after = _after(state, verb, given)
    if after is None:
        raise NotAllowed(state, verb, given)
    return after


def _after(state: State, verb: Verb, given: Collection[If]) -> State | None:
    after = TABLE.get((state, verb))
    if after is None and (state, verb) in CONDITIONAL:
        condition, becomes = CONDITIONAL[state, verb]
        return becomes if condition in given else None
    return after
