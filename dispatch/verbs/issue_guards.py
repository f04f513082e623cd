"""What stands in the way of a verb of an issue besides state, right and version. One function each, as in `guards`.

A guard sees the issue as it stands before the step, in the runner too.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

from command.catalogue.contract import Level
from command.catalogue.queries import item as item_of
from command.organisations.queries import desk_id
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.handling import handlers_of
from dispatch.matter.clocks.allowances import ClockKind
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.refusals import RULE_ISSUE, RULE_ORDER
from dispatch.matter.issues.states import Verb
from dispatch.matter.orders import states as order_states
from dispatch.verbs.guards import Why
from realtime.feed.contract import Actor
from realtime.feed.errors import Conflict, Forbidden, Invalid

SETTLED_KINDS: Final = frozenset({"dispute", "service"})  # of the catalogue: what can be settled on the spot


@dataclass
class OnDesk:
    """An issue with all that hangs on it, and the actor before whom it lies.

    named            the rows that the request names; None: the verb is only offered, and nothing is named yet
    known_handlers   as `handlers`, where they were read already
    """

    aggregate: Aggregate
    actor: Actor
    named: Sequence[Any] | None = None
    known_handlers: Collection[str] | None = None

    @property
    def issue(self) -> Issue:
        """The issue itself."""
        return self.aggregate.issue

    @cached_property
    def handlers(self) -> Collection[str]:
        """The principals who began to handle one of its orders, or answered it. One statement at most."""
        if self.known_handlers is not None:
            return self.known_handlers
        return handlers_of(self.issue.centre_id, self.aggregate.orders)


IssueGuard: TypeAlias = Callable[[OnDesk], Why]


def below_the_duty_desk(seen: OnDesk) -> Why:
    """Somebody is above who holds it."""
    issue = seen.issue
    if issue.responsible_id != desk_id(issue.centre_id):
        return None
    return lambda: Conflict(
        "issue.at_the_top",
        "事项已在区级值班席，没有上一级可以上呈。",
        rule=RULE_ISSUE,
        remedy="请由值班席受理。",
        extra={"state": str(issue.state), "verb": Verb.PASS_UP},
    )


def nothing_merged_into(seen: OnDesk) -> Why:
    """No other reports are merged into the issue: they would go with it."""
    issue = seen.issue
    if not issue.reports_merged:
        return None
    return lambda: Conflict(
        "issue.holds_merged",
        f"有 {issue.reports_merged} 条其他上报并入该事项，不能作废、不予受理、再并案，也不能改变是否涉敏感。",
        rule=RULE_ISSUE,
        remedy="请先撤并，再办理。",
        extra={"state": str(issue.state), "reports_merged": issue.reports_merged},
    )


def not_reconsidered_before(seen: OnDesk) -> Why:
    """A declined issue is taken up again once: a reporter asks for that once."""
    if not any(clock.kind == ClockKind.RELAY_UP and clock.round > 1 for clock in seen.aggregate.clocks):
        return None
    return lambda: Conflict(
        "issue.reconsidered_before",
        "复核只能进行一次，该事项已复核过。",
        rule=RULE_ISSUE,
        remedy="如有新的情况，请重新上报。",
        extra={"state": str(seen.issue.state), "verb": Verb.RECONSIDER},
    )


def for_the_spot(seen: OnDesk) -> Why:
    """Only a general, not sensitive dispute or service matter is settled on the spot. One statement at most."""
    why = _why_not_on_the_spot(seen.issue)
    if why is None:
        return None
    return lambda: Conflict(
        "issue.not_for_the_spot",
        why,
        rule=RULE_ISSUE,
        remedy="请上呈或受理后立案派遣。",
        extra={"state": str(seen.issue.state), "verb": Verb.SETTLE_ON_SPOT},
    )


def _why_not_on_the_spot(issue: Issue) -> str | None:
    if issue.sensitive:
        return "涉敏感事项不能当场化解。"
    if issue.level != Level.GENERAL:
        return "重大事项和特殊风险不能当场化解。"
    item = item_of(issue.centre_id, issue.item)
    if item is None or item.kind not in SETTLED_KINDS:
        return "只有矛盾纠纷和服务事项可以当场化解。"
    return None


def no_lead_stands(seen: OnDesk) -> Why:
    """The lead before was taken back: there are never two."""
    standing = seen.aggregate.lead()
    if standing is None:
        return None
    return lambda: Conflict(
        "issue.lead_open",
        "主办单仍在原单位，不能改派。",
        rule=RULE_ORDER,
        remedy="请先撤回主办单，或裁定退单申请。",
        extra={"state": str(seen.issue.state), "verb": Verb.REDISPATCH, "order": str(standing.pk)},
    )


def lead_goes_back(seen: OnDesk) -> Why:
    """There is a lead, and a rework names it."""
    lead = seen.aggregate.lead()
    if lead is not None and (seen.named is None or lead in seen.named):
        return None
    return lambda: Invalid(
        "issue.rework_without_lead",
        "返工须包括主办单位的派遣单。",
        field="orders",
        rule=RULE_ISSUE,
        remedy="请选中主办单。",
    )


def of_this_round(seen: OnDesk) -> Why:
    """The orders that a rework names are of the latest dispatch, and their units hold no later one."""
    sent_at = seen.issue.sent_at
    held = {order.unit_id: order.pk for order in seen.aggregate.orders if order.state in order_states.SHOWN}
    before = [
        str(order.pk)
        for order in seen.named or ()
        if (sent_at is not None and order.sent_at < sent_at) or held.get(order.unit_id, order.pk) != order.pk
    ]
    if not before:
        return None
    return lambda: Conflict(
        "issue.order_of_before",
        "选中的派遣单属于以前的一轮办理，不能返工。",
        rule=RULE_ORDER,
        remedy="请选择本轮的派遣单。",
        extra={"state": str(seen.issue.state), "orders": before},
    )


def handled_by_others(seen: OnDesk) -> Why:
    """Nobody verifies what they handled. A statement where nobody has read who did."""
    if seen.actor.principal not in seen.handlers:
        return None
    return lambda: Forbidden(
        "issue.handled_by_you",
        "您处置过该事项的派遣单，不能自己核查。",
        rule=RULE_ISSUE,
        remedy="请由其他值班员核查。",
    )


def all_answered(seen: OnDesk) -> Why:
    """Every order was answered, or taken back."""
    still_open = [str(order.pk) for order in seen.aggregate.orders if order.state in order_states.OPEN]
    if not still_open:
        return None
    return lambda: Conflict(
        "issue.order_open",
        f"还有 {len(still_open)} 张派遣单未反馈。",
        rule=RULE_ORDER,
        remedy="等各单位反馈后再核查；不再需要的协办单可以撤回。",
        extra={"state": str(seen.issue.state), "orders": still_open},
    )


def somebody_stands_by_it(seen: OnDesk) -> Why:
    """Whose report is named has not taken it back; where none is named yet: not every reporter of the matter has."""
    over = seen.issue.withdrawn_at is not None
    if seen.named is not None:
        over = all(report.withdrawn_at is not None for report in seen.named)
    if not over:
        return None
    return lambda: Conflict(
        "issue.withdrawn_before",
        "反映人已撤回诉求。",
        rule=RULE_ISSUE,
        remedy="请由值班席结案或继续办理。",
        extra={"state": str(seen.issue.state), "verb": Verb.WITHDRAW},
    )
