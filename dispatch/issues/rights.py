"""Which right a verb needs, on this issue or order: the desk's for the whole centre, others' within their unit or cell.

Source: docs/rules.md, the column "who". The rights themselves stand in command/people/access.py.
"""

from uuid import UUID

from command.people.access import Right
from command.settings.queries import settings_of
from dispatch.issues.models import Issue
from dispatch.issues.states import Verb
from dispatch.orders.chains import may_for
from dispatch.orders.models import Order
from dispatch.orders.states import BY_TAKER
from dispatch.orders.states import Verb as OrderVerb
from realtime.feed.contract import Actor
from realtime.feed.errors import Forbidden


def must(actor: Actor, verb: Verb, issue: Issue) -> None:
    """Returns if the actor may do `verb` to this issue. Raises Forbidden.

    A township's desk accepts what it holds, or declines what is not urgent of it, where the centre says so; costs a
    statement, for such a desk only.
    """
    match verb:
        case Verb.ACCEPT:
            _must_decide(actor, Right.ISSUES_ACCEPT, issue)
        case Verb.DECLINE if issue.urgent:
            actor.must(Right.ISSUES_DECLINE_URGENT)
        case Verb.DECLINE:
            _must_decide(actor, Right.ISSUES_DECLINE, issue)
        case Verb.PASS_UP:
            actor.must(Right.ISSUES_PASS_UP, unit_id=issue.responsible_id, place=issue.place)
        case _:
            actor.must(f"issues.{verb}", place=issue.place)


def may(actor: Actor, verb: Verb, issue: Issue) -> bool:
    """Whether the actor may do `verb` to this issue."""
    try:
        must(actor, verb, issue)
    except Forbidden:
        return False
    return True


def holds(actor: Actor, right: str) -> bool:
    """Whether the actor holds a right for the whole centre."""
    try:
        actor.must(right)
    except Forbidden:
        return False
    return True


def must_order(actor: Actor, verb: OrderVerb, order: Order) -> list[UUID]:
    """For which of the units that have this order in hand the actor may do `verb` to it. Raises Forbidden."""
    hands = [order.unit_id, *order.takers] if verb in BY_TAKER else [order.unit_id]
    found = [unit_id for unit_id in hands if may_for(actor, f"orders.{verb}", unit_id)]
    if not found:
        actor.must(f"orders.{verb}", unit_id=order.unit_id)
    return found


def may_order(actor: Actor, verb: OrderVerb, order: Order) -> bool:
    """Whether the actor may do `verb` to this order."""
    try:
        must_order(actor, verb, order)
    except Forbidden:
        return False
    return True


def _must_decide(actor: Actor, right: Right, issue: Issue) -> None:
    try:
        actor.must(right)
    except Forbidden as refused:
        try:
            actor.must(Right.ISSUES_ACCEPT_IN_TOWNSHIP, unit_id=issue.responsible_id, place=issue.place)
        except Forbidden:
            raise refused from None
        if not settings_of(issue.centre_id).township_accepts:
            raise refused from None
