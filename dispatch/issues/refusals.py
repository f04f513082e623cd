"""How an action refuses, in the order of docs/rules.md: scope (404), right (403), state (409), version (412).

A refusal by state says in words what is, who did it, and what this actor could do instead.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from command.catalogue.contract import Level
from command.catalogue.queries import item as item_of
from command.people.access import Right
from command.people.queries import done_by
from dispatch.backfills import contract as backfills
from dispatch.clocks.allowances import ClockKind
from dispatch.issues import states
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.desks import desk_id
from dispatch.issues.models import Issue
from dispatch.issues.rights import hands_of, holds, may, may_order, units_for
from dispatch.issues.states import If, State, Verb
from dispatch.orders import chains
from dispatch.orders import states as order_states
from dispatch.orders.models import Order
from dispatch.returns.states import RULED
from dispatch.returns.states import State as RequestState
from realtime.feed.actions import wire_time
from realtime.feed.contract import Actor, Json
from realtime.feed.errors import Conflict

RULE_ISSUE: Final = "事项"
RULE_ORDER: Final = "派遣单"
SETTLED_KINDS: Final = frozenset({"dispute", "service"})  # of the catalogue: what can be settled on the spot
_ASKED: Final = RULED | {RequestState.PENDING}  # the same unit asks no second time

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


def order_verbs(order: Order, actor: Actor, givers: Collection[UUID] | None = None) -> tuple[order_states.Verb, ...]:
    """What this actor may do to the order; with its chain loaded.

    givers   the units for which the actor may forward (`chains.givers_of`); None: read when it matters, one statement
    """
    return tuple(
        verb
        for verb in order_states.OFFERED
        if may_order(actor, verb, order) and _order_is_open(order, verb, units_for(actor, verb, order), actor, givers)
    )


def backfill_verbs(order: Order, actor: Actor) -> tuple[order_states.Verb, ...]:
    """What this actor may enter for the order's unit from paper; with its chain loaded."""
    if not holds(actor, Right.ISSUES_BACKFILL):
        return ()
    return tuple(
        verb for verb in backfills.OF_ORDERS if _order_is_open(order, verb, hands_of(verb, order), actor, frozenset())
    )


def _order_is_open(
    order: Order,
    verb: order_states.Verb,
    units: Collection[UUID],
    actor: Actor,
    givers: Collection[UUID] | None,
) -> bool:
    """Whether state, chain and requests let the verb be done for some of the units that have the order in hand."""
    if verb is order_states.Verb.ACKNOWLEDGE and chains.waiting(order, units):
        return True
    if (order_states.State(order.state), verb) not in order_states.TABLE:
        return False
    match verb:
        case order_states.Verb.START | order_states.Verb.FEED_BACK:
            return not set(units).isdisjoint(chains.taken_on_by(order))
        case order_states.Verb.REQUEST_RETURN:
            return order.asked not in _ASKED
        case order_states.Verb.FORWARD:
            return order.held_by in units and order.held_by in (chains.givers_of(actor) if givers is None else givers)
        case order_states.Verb.TAKE_BACK:
            return bool(chains.not_taken_on(order, giver=units))
        case _:
            return True


def step_issue(aggregate: Aggregate, verb: Verb, actor: Actor) -> State:
    """The issue's state after `verb`. Raises Conflict with state, verb, what is open, and who did the last step."""
    issue = aggregate.issue
    state = State(issue.state)
    try:
        return states.step(state, verb, given(aggregate))
    except states.NotAllowed:
        open_now = issue_verbs(aggregate, actor)
        who, words = _who(issue.last_by, actor)
        last = f"，上一步由{words}完成" if state is not State.REPORTED else ""
        raise Conflict(
            "issue.not_open",
            f"事项为「{STATE_ZH[state]}」{last}，不能{VERB_ZH[verb]}。",
            rule=RULE_ISSUE,
            remedy=_remedy([VERB_ZH[other] for other in open_now]),
            extra={"state": state, "verb": verb, "open": list(open_now), "by": who, "at": wire_time(issue.last_at)},
        ) from None


def step_order(order: Order, verb: order_states.Verb, actor: Actor) -> order_states.State:
    """The order's state after `verb`. Raises Conflict; a rival acknowledgment is told who was first, and when."""
    state = order_states.State(order.state)
    try:
        return order_states.step(state, verb)
    except order_states.NotAllowed:
        open_now = order_verbs(order, actor)
        at, by = _taken_on(order, actor) if verb is order_states.Verb.ACKNOWLEDGE else (None, None)
        who, words = _who(by or order.last_by, actor)
        detail = f"派遣单为「{ORDER_STATE_ZH[state]}」，不能{ORDER_VERB_ZH[verb]}。"
        extra: dict[str, Json] = {"state": state, "verb": verb, "open": list(open_now), "by": who}
        if at is not None:
            local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
            detail = f"已由{words}于 {local:%H:%M} 签收。"
            extra["at"] = wire_time(at)
        raise Conflict(
            "order.not_open",
            detail,
            rule=RULE_ORDER,
            remedy=_remedy([ORDER_VERB_ZH[other] for other in open_now]),
            extra=extra,
        ) from None


def _taken_on(order: Order, actor: Actor) -> tuple[datetime | None, str | None]:
    """When and by whom what the actor would acknowledge was: a forward to its unit, or the order."""
    units = units_for(actor, order_states.Verb.ACKNOWLEDGE, order)
    own = next((one for one in reversed(order.chain) if one.taker_id in units), None)
    if own is not None:
        return own.acknowledged_at, own.acknowledged_by
    return order.acknowledged_at, order.acknowledged_by


def must_have_taken_on(order: Order, units: Collection[UUID]) -> None:
    """Returns if one of the units for which the actor acts took the order on. Raises Conflict: acknowledge first."""
    if set(units).isdisjoint(chains.taken_on_by(order)):
        raise Conflict(
            "order.forward_not_acknowledged",
            "派遣单已转办给您的单位，尚未签收。",
            rule=RULE_ORDER,
            remedy="请先签收，再办理。",
            extra={"state": str(order.state), "open": [order_states.Verb.ACKNOWLEDGE]},
        )


def _who(principal: str, actor: Actor) -> tuple[dict[str, Json] | None, str]:
    """Name and unit of a principal for the problem document, and in words: to colleagues, never to a reporter."""
    if not actor.principal.startswith("person:"):
        return None, "中心"
    found = done_by([principal], actor.centre_id).get(principal)
    if found is None:
        return None, "系统"
    return {"name": found.name, "unit": found.unit}, f" {found.unit} {found.name} " if found.unit else f" {found.name} "


def _remedy(verbs: Sequence[str]) -> str:
    return f"当前可以：{'、'.join(verbs)}。" if verbs else "您当前没有可做的操作。"
