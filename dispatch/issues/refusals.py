"""How an action refuses, in the order of docs/rules.md: scope (404), right (403), state (409), version (412).

A refusal by state says in words what is, who did it, and what this actor could do instead.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from command.catalogue.contract import Level
from command.catalogue.queries import item as item_of
from command.people.queries import done_by
from dispatch.clocks.allowances import ClockKind
from dispatch.issues import states
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.desks import desk_id
from dispatch.issues.models import Issue
from dispatch.issues.rights import may
from dispatch.issues.states import If, State, Verb
from dispatch.orders import states as order_states
from dispatch.orders.models import Order
from realtime.feed.actions import wire_time
from realtime.feed.contract import Actor, Json
from realtime.feed.errors import Conflict

RULE_ISSUE: Final = "事项"
RULE_ORDER: Final = "派遣单"
SETTLED_KINDS: Final = frozenset({"dispute", "service"})  # of the catalogue: what can be settled on the spot

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


def given(aggregate: Aggregate) -> frozenset[If]:
    """What is so of the issue besides its state."""
    withdrawn = {If.WITHDRAWN} if aggregate.issue.withdrawn_at else set()
    return frozenset(withdrawn | (set() if aggregate.orders else {If.NO_ORDERS}))


def issue_verbs(aggregate: Aggregate, actor: Actor) -> tuple[Verb, ...]:
    """What this actor may do to the issue as it stands. One statement more for a township's desk."""
    issue = aggregate.issue
    return tuple(
        verb
        for verb in states.open_verbs(State(issue.state), given(aggregate))
        if may(actor, verb, aggregate) and not _stands_in_the_way(aggregate, verb)
    )


def _stands_in_the_way(aggregate: Aggregate, verb: Verb) -> bool:
    """Whether a rule besides the table refuses the verb, so that nobody need be offered it."""
    issue = aggregate.issue
    match verb:
        case Verb.DECLINE | Verb.MERGE | Verb.VOID:
            return issue.reports_merged > 0
        case Verb.RECONSIDER:
            return was_reconsidered(aggregate)
        case Verb.REDISPATCH:
            return aggregate.lead() is not None
        case Verb.REWORK:
            return aggregate.lead() is None
        case Verb.WITHDRAW:
            return issue.withdrawn_at is not None
        case Verb.PASS_UP:
            return issue.responsible_id == desk_id(issue.centre_id)
        case Verb.SETTLE_ON_SPOT:
            return why_not_on_the_spot(issue) is not None
        case Verb.VERIFY:
            return bool(orders_open(aggregate))
        case _:
            return False


def orders_open(aggregate: Aggregate) -> list[Order]:
    """The orders that no unit has answered yet: until they are, or are taken back, nothing is verified."""
    return [order for order in aggregate.orders if order.state in order_states.OPEN]


def why_not_on_the_spot(issue: Issue) -> str | None:
    """Only a general, not sensitive dispute or service matter is settled on the spot: why this one is not, in Chinese.

    One statement at most.
    """
    if issue.sensitive:
        return "涉敏感事项不能当场化解。"
    if issue.level != Level.GENERAL:
        return "重大事项和特殊风险不能当场化解。"
    item = item_of(issue.centre_id, issue.item)
    if item is None or item.kind not in SETTLED_KINDS:
        return "只有矛盾纠纷和服务事项可以当场化解。"
    return None


def was_reconsidered(aggregate: Aggregate) -> bool:
    """Whether a declined issue was taken up again before: a reporter asks for that once."""
    return any(clock.kind == ClockKind.RELAY_UP and clock.round > 1 for clock in aggregate.clocks)


def step_issue(aggregate: Aggregate, verb: Verb, actor: Actor) -> State:
    """The issue's state after `verb`. Raises Conflict with state, verb, what is open, and who did the last step."""
    issue = aggregate.issue
    state = State(issue.state)
    try:
        return states.step(state, verb, given(aggregate))
    except states.NotAllowed:
        open_now = issue_verbs(aggregate, actor)
        who, words = who_did(issue.last_by, actor)
        last = f"，上一步由{words}完成" if state is not State.REPORTED else ""
        raise Conflict(
            "issue.not_open",
            f"事项为「{STATE_ZH[state]}」{last}，不能{VERB_ZH[verb]}。",
            rule=RULE_ISSUE,
            remedy=remedy_of([VERB_ZH[other] for other in open_now]),
            extra={"state": state, "verb": verb, "open": list(open_now), "by": who, "at": wire_time(issue.last_at)},
        ) from None


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
