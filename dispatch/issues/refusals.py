"""How an action refuses, in the order of docs/rules.md: scope (404), right (403), state (409), version (412).

A refusal by state says in words what is, who did it, and what this actor could do instead.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from command.people.queries import done_by
from dispatch.issues.states import State, Verb
from dispatch.orders import states as order_states
from realtime.feed.contract import Actor, Json

RULE_ISSUE: Final = "事项"
RULE_ORDER: Final = "派遣单"

STATE_ZH: Final[Mapping[State, str]] = {
    State.REPORTED: "待受理",
    State.ACCEPTED: "已受理",
    State.DECLINED: "未予受理",
    State.MERGED: "已并案",
    State.FILED: "待派遣",
    State.IN_HANDLING: "处置中",
    State.SUSPENDED: "已挂账",
    State.FED_BACK: "待核查",
    State.VERIFIED: "待回访",
    State.CLOSED: "已结案",
    State.ARCHIVED: "已归档",
    State.VOIDED: "已作废",
}
VERB_ZH: Final[Mapping[Verb, str]] = {
    Verb.ACCEPT: "受理",
    Verb.PASS_UP: "上呈",
    Verb.DECLINE: "不予受理",
    Verb.RECONSIDER: "复核",
    Verb.MERGE: "并案",
    Verb.UNMERGE: "撤并",
    Verb.SETTLE_ON_SPOT: "当场化解",
    Verb.FILE: "立案",
    Verb.DISPATCH: "派遣",
    Verb.ADD_ASSIST: "增派协办",
    Verb.REDISPATCH: "改派",
    Verb.SUSPEND: "挂账",
    Verb.RESUME: "恢复办理",
    Verb.FEED_BACK: "反馈",
    Verb.LOSE_LEAD: "失去主办",
    Verb.VERIFY: "核查通过",
    Verb.REWORK: "返工",
    Verb.CLOSE: "结案",
    Verb.REOPEN: "重开",
    Verb.ARCHIVE: "归档",
    Verb.VOID: "作废",
    Verb.AMEND: "更正",
    Verb.WITHDRAW: "撤回诉求",
    Verb.REFER_EMERGENCY: "转警转急",
}
ORDER_STATE_ZH: Final[Mapping[order_states.State, str]] = {
    order_states.State.SENT: "待签收",
    order_states.State.ACKNOWLEDGED: "已签收",
    order_states.State.IN_HANDLING: "处置中",
    order_states.State.FED_BACK: "待核查",
    order_states.State.COMPLETED: "已完成",
    order_states.State.RETURNED: "已退单",
    order_states.State.RECALLED: "已撤回",
}
ORDER_VERB_ZH: Final[Mapping[order_states.Verb, str]] = {
    order_states.Verb.ACKNOWLEDGE: "签收",
    order_states.Verb.START: "开始处置",
    order_states.Verb.FEED_BACK: "反馈",
    order_states.Verb.REQUEST_RETURN: "申请退单",
    order_states.Verb.FORWARD: "转办",
    order_states.Verb.TAKE_BACK: "收回",
    order_states.Verb.COMPLETE: "通过",
    order_states.Verb.REWORK: "返工",
    order_states.Verb.GRANT_RETURN: "准予退单",
    order_states.Verb.RECALL: "撤回",
}


def who_did(principal: str, actor: Actor) -> tuple[dict[str, Json] | None, str]:
    """Name and unit of a principal for the problem document, and in words: to colleagues, never to a reporter."""
    if not actor.principal.startswith("person:"):
        return None, "中心"
    found = done_by([principal], actor.centre_id).get(principal)
    if found is None:
        return None, "系统"
    return {"name": found.name, "unit": found.unit}, f" {found.unit} {found.name} " if found.unit else f" {found.name} "


def remedy_of(verbs: Sequence[str]) -> str:
    """What may be done instead, in words."""
    return f"当前可以：{'、'.join(verbs)}。" if verbs else "您当前没有可做的操作。"
