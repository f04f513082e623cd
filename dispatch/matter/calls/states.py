"""States of a call (叫应), for what one is made, and whom its rungs are. Pure: no Django, no clock, no database.

Source: docs/rules.md, "Calls". The picture in tests/dispatch/calls/test_states.py is drawn by hand from that page.
"""

from collections.abc import Mapping
from typing import Final

from command.outside.contract import OutsideWay
from realtime.words import Word


class State(Word):
    """How a call stands."""

    OPEN = "open", "叫应中"
    LISTED = "listed", "待电话叫应"
    ANSWERED = "answered", "已应答"
    ANSWERED_BY_TELEPHONE = "answered_by_telephone", "电话已应答"
    SILENCED = "silenced", "已停止叫应"


class Verb(Word):
    """What happens to a call."""

    CLIMB = "climb", "叫应下一级"  # the timer: nobody of the rung answered
    LIST = "list", "转电话叫应"  # the timer: nobody is left to be called
    ANSWER = "answer", "应答"  # by a tap, or by the act that was asked for
    REACH = "reach", "电话叫应"  # by telephone, to the person or to who passes it on
    TRY = "try", "未叫应"  # by telephone, in vain
    SILENCE = "silence", "停止叫应"  # nobody has to answer any more, or another call goes on from it


TABLE: Final[Mapping[tuple[State, Verb], State]] = {
    (State.OPEN, Verb.CLIMB): State.OPEN,
    (State.OPEN, Verb.LIST): State.LISTED,
    (State.OPEN, Verb.ANSWER): State.ANSWERED,
    (State.OPEN, Verb.SILENCE): State.SILENCED,
    (State.LISTED, Verb.ANSWER): State.ANSWERED,
    (State.LISTED, Verb.REACH): State.ANSWERED_BY_TELEPHONE,
    (State.LISTED, Verb.TRY): State.LISTED,
    (State.LISTED, Verb.SILENCE): State.SILENCED,
}
FIRST: Final = State.OPEN
RUNNING: Final = frozenset({State.OPEN, State.LISTED})  # nobody has answered yet
BY_SOMEBODY: Final = frozenset({State.ANSWERED, State.ANSWERED_BY_TELEPHONE})


class Kind(Word):
    """For what a call is made."""

    NEW_ORDER = "new_order", "新派遣单"
    FORWARDED_ORDER = "forwarded_order", "转办派遣单"
    URGENT_REPORT = "urgent_report", "紧急事项"
    LADDER = "ladder", "超时升级"  # a step of a clock's ladder
    RETURN_REQUEST = "return_request", "退单申请"
    DANGER = "danger", "险情补充"  # words of danger that came after the report
    MESSAGE = "message", "留言待答复"  # one that needs an answer
    VERIFICATION = "verification", "反馈待核查"  # a unit's answer that waited overnight


class Rung(Word):
    """Whom is called together. In the order of calling; a unit has some of them."""

    RECEIVER = "receiver", "指定接收人"
    DUTY_OFFICER = "duty_officer", "值班员"
    LIAISON = "liaison", "联络员"
    DEPUTY = "deputy", "副职"
    HEAD = "head", "负责人"
    DUTY_LEAD = "duty_lead", "值班长"


class Way(Word):
    """By what an attempt goes out: the open page, else what leaves the house (command/outside)."""

    PAGE = "page", "打开的页面"
    PUSH = OutsideWay.PUSH.value, OutsideWay.PUSH.zh
    SMS = OutsideWay.SMS.value, OutsideWay.SMS.zh
    WECOM = OutsideWay.WECOM.value, OutsideWay.WECOM.zh
    DINGTALK = OutsideWay.DINGTALK.value, OutsideWay.DINGTALK.zh
    VOICE = OutsideWay.VOICE.value, OutsideWay.VOICE.zh
    WECOM_GROUP = OutsideWay.WECOM_GROUP.value, OutsideWay.WECOM_GROUP.zh


class Reached(Word):
    """What came of ringing somebody by telephone."""

    TALKED = "talked", "接通"
    PASSED_ON = "passed_on", "已转达"
    NO_ANSWER = "no_answer", "未接"
    NO_SUCH_NUMBER = "no_such_number", "空号"


HEARD: Final = frozenset({Reached.TALKED, Reached.PASSED_ON})  # these end the call


class NotAllowed(Exception):
    """The verb is not open in this state."""

    def __init__(self, state: State, verb: Verb) -> None:
        self.state, self.verb = state, verb
        super().__init__(f"cannot {verb} a call that is {state}")


def step(state: State, verb: Verb) -> State:
    """The state after `verb`. Raises NotAllowed for every pair the table does not name."""
    try:
        return TABLE[state, verb]
    except KeyError:
        raise NotAllowed(state, verb) from None
