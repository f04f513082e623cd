"""What may be done to an issue, an order, a return request: by the declarations and guards that the runner asks too."""

from collections.abc import Collection
from uuid import UUID

from command.access import Right
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.audiences import of_report
from dispatch.matter.issues import states as issue_states
from dispatch.matter.issues.rights import holds, must_backfill
from dispatch.matter.issues.states import If
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import TABLE, State, Verb
from dispatch.matter.returns import states as request_states
from dispatch.matter.returns.models import ReturnRequest
from dispatch.verbs.declared import ISSUE_VERBS, ORDER_VERBS, REQUEST_VERBS, AnyIssueVerb, AnyOrderVerb
from dispatch.verbs.guards import InHand, ToRule, in_the_way
from dispatch.verbs.issue_guards import OnDesk
from realtime.feed.contract import Actor
from realtime.feed.errors import Forbidden


def given(aggregate: Aggregate) -> frozenset[If]:
    """What is so of the issue besides its state."""
    withdrawn = {If.WITHDRAWN} if aggregate.issue.withdrawn_at else set()
    return frozenset(withdrawn | (set() if aggregate.orders else {If.NO_ORDERS}))


def issue_verbs(
    aggregate: Aggregate, actor: Actor, handlers: Collection[str] | None = None
) -> tuple[issue_states.Verb, ...]:
    """What this actor may do to the issue as it stands. One statement more for a township's desk.

    handlers   the principals who handled it (`handling.handlers_of`); None: read when it matters, one statement
    """
    seen = OnDesk(aggregate, actor, known_handlers=handlers)
    return tuple(
        verb
        for verb in issue_states.open_verbs(issue_states.State(aggregate.issue.state), given(aggregate))
        if may_issue(declared := ISSUE_VERBS[verb], aggregate, actor) and in_the_way(declared.guards, seen) is None
    )


def may_issue(verb: AnyIssueVerb, aggregate: Aggregate, actor: Actor) -> bool:
    """Whether the actor holds the verb's right on this issue."""
    try:
        must_issue(verb, aggregate, actor)
    except Forbidden:
        return False
    return True


def must_issue(verb: AnyIssueVerb, aggregate: Aggregate, actor: Actor, *, on_paper: bool = False) -> None:
    """Returns if the actor holds the verb's right on this issue, and may enter it from paper. Raises Forbidden."""
    if on_paper:
        must_backfill(actor)
    issue = aggregate.issue
    verb.judged(actor, verb.by, issue, of_report(issue, aggregate.orders, aggregate.reports))


def order_verbs(order: Order, actor: Actor, givers: Collection[UUID] | None = None) -> tuple[Verb, ...]:
    """What this actor may do to the order; with its chain loaded.

    givers   the units for which the actor may forward (`chains.givers_of`); None: read when it matters, one statement
    """
    return tuple(
        verb.verb
        for verb in _in_order()
        if (units := units_for(verb, order, actor)) and _is_open(verb, InHand(order, actor, units, givers))
    )


def request_verbs(request: ReturnRequest, actor: Actor) -> tuple[request_states.Verb, ...]:
    """How this actor may rule on the return request. No statement."""
    ruling = ToRule(request, actor)
    return tuple(
        verb
        for verb in request_states.open_verbs(request_states.State(request.state))
        if holds(actor, (declared := REQUEST_VERBS[verb]).by) and in_the_way(declared.guards, ruling) is None
    )


def backfill_verbs(order: Order, actor: Actor) -> tuple[Verb, ...]:
    """What this actor may enter for the order's unit from paper; with its chain loaded."""
    if not holds(actor, Right.ISSUES_BACKFILL):
        return ()
    return tuple(
        verb.verb
        for verb in _in_order()
        if verb.on_paper and _is_open(verb, InHand(order, actor, hands_of(verb, order), ()))
    )


def hands_of(verb: AnyOrderVerb, order: Order) -> list[UUID]:
    """The units for which the verb can be done to this order: its own, and where the law says so its takers."""
    return [order.unit_id, *order.takers] if verb.by_taker else [order.unit_id]


def units_for(verb: AnyOrderVerb, order: Order, actor: Actor) -> list[UUID]:
    """Those of them for which the actor may; none for who may not."""
    return [unit_id for unit_id in hands_of(verb, order) if holds(actor, verb.by, unit_id=unit_id)]


def must(verb: AnyOrderVerb, order: Order, actor: Actor, *, on_paper: bool) -> list[UUID]:
    """The same. Raises Forbidden when the verb is not offered.

    What happened on paper a duty lead enters for whoever has it in hand.
    """
    if on_paper:
        must_backfill(actor)
        return hands_of(verb, order)
    found = units_for(verb, order, actor)
    if not found:
        actor.must(verb.by, unit_id=order.unit_id)
    return found


def _is_open(verb: AnyOrderVerb, hand: InHand) -> bool:
    """Whether state, chain and requests let the verb be done for some of the units that have the order in hand."""
    order = hand.order
    steps = (State(order.state), verb.verb) in TABLE or verb.stays_when(order, hand.units)
    return steps and in_the_way(verb.guards, hand) is None


def _in_order() -> list[AnyOrderVerb]:
    """The verbs as the state table names them."""
    return [ORDER_VERBS[verb] for verb in Verb if verb in ORDER_VERBS]
