"""A unit hands its order to a place under it, and takes it back. The unit stays answerable, and its clocks run on.

Who takes it on, and what a taker may do then: actions.py. How a chain ends otherwise: chains.py.
"""

from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from command.organisations.queries import places_under, unit
from command.people.obligations import hold_units
from command.people.queries import has_liaison
from command.versions import must_match
from dispatch.clocks import actions as clocks
from dispatch.intake.facts import ReportShared, ReportWithheld
from dispatch.issues.actions.steps import finish, follow, move_order, tell_reports
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.forward_facts import IssueForwarded, IssueTakenBack
from dispatch.issues.locks import lock_issue_of
from dispatch.issues.rights import must_order
from dispatch.orders import chains
from dispatch.orders.facts import OrderForwarded, OrderTakenBack
from dispatch.orders.models import Ending, Forward, Order
from dispatch.orders.states import SHOWN, Verb
from realtime.feed.actions import once
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, Invalid

RULE: Final = "派遣单·转办"


@transaction.atomic(durable=True)
def forward(order_id: UUID, taker_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Hands an order to a place under the unit that has it in hand: a hop, with 60 minutes for the taker.

    Leaves the order's state and its unit as they are: passing on is no receipt.
    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (state; it was forwarded on), StaleVersion,
    VersionRequired, Invalid (the taker is no place under it, has no liaison, or an order of the issue).
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    units = must_order(cmd.actor, Verb.FORWARD, order)
    clocks.fire_past_due(aggregate)
    move_order(order, Verb.FORWARD, cmd)
    giver = order.held_by
    if giver not in units:
        _refuse_forwarded_on(aggregate, order)
    must_match(expected, aggregate.versions[order_id])
    _check_taker(aggregate, giver, taker_id)
    made = Forward.objects.create(
        order=order, step=len(order.chain) + 1, giver_id=giver, taker_id=taker_id, sent_at=aggregate.at, by=by
    )
    order.chain, order.takers = (*order.chain, made), [*order.takers, taker_id]
    follow(aggregate, Verb.FORWARD, cmd)
    answer = aggregate.tell(
        order, lambda shown: OrderForwarded(shown, by, giver, taker_id), addressed_to=f"unit:{taker_id}"
    )
    aggregate.tell(aggregate.issue, lambda shown: IssueForwarded(shown, by, order_id, giver, taker_id))
    tell_reports(aggregate, lambda shown: ReportShared(shown, by))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def take_back(order_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Undoes the giver's forward, and what the taker has forwarded on, until the taker has acknowledged.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (state; taken on; never forwarded), StaleVersion,
    VersionRequired.
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    units = must_order(cmd.actor, Verb.TAKE_BACK, order)
    clocks.fire_past_due(aggregate)
    move_order(order, Verb.TAKE_BACK, cmd)
    taken = chains.not_taken_on(order, giver=units)
    if not taken:
        _refuse_taken_on(aggregate, order, units)
    must_match(expected, aggregate.versions[order_id])
    chains.end(order, taken, Ending.TAKEN_BACK, at=aggregate.at)
    giver, taker = taken[0].giver_id, taken[0].taker_id
    follow(aggregate, Verb.TAKE_BACK, cmd)
    answer = aggregate.tell(order, lambda shown: OrderTakenBack(shown, by, giver, taker))
    aggregate.tell(aggregate.issue, lambda shown: IssueTakenBack(shown, by, order_id, giver, taker))
    tell_reports(aggregate, lambda shown: ReportWithheld(shown, by))
    return finish(aggregate, cmd, answer)


def _check_taker(aggregate: Aggregate, giver: UUID, taker_id: UUID) -> None:
    """Returns if the taker is a place under the giver that answers, and has no order of the issue. Raises Invalid."""
    taker = next((one for one in places_under(giver, centre_id=aggregate.issue.centre_id) if one.id == taker_id), None)
    if taker is None:
        raise Invalid(
            "order.taker_not_below",
            "只能转办给本单位下属的镇街或村社中心。",
            field="taker",
            rule=RULE,
            remedy="请从下属中心列表中选择。",
        )
    if any(taker_id in (each.unit_id, *each.takers) for each in aggregate.orders if each.state in SHOWN):
        raise Invalid(
            "order.unit_has_one",
            f"{taker.name}已有该事项的派遣单。",
            field="taker",
            rule=RULE,
            remedy="请选择其他单位。",
        )
    hold_units([taker_id])
    if not has_liaison(taker_id):
        raise Invalid(
            "unit.no_liaison",
            f"{taker.name}目前没有在岗联络员，不能转办。",
            field="taker",
            rule=RULE,
            remedy="请转办其他中心，或由本单位办理。",
        )


def _refuse_forwarded_on(aggregate: Aggregate, order: Order) -> None:
    held = unit(order.held_by, centre_id=aggregate.issue.centre_id)
    raise Conflict(
        "order.forwarded_on",
        f"派遣单已转办给{held.name}，不能再由您转办。",
        rule=RULE,
        remedy="对方签收前可以收回，再转办其他中心。",
        extra={"state": str(order.state), "verb": Verb.FORWARD, "taker": str(held.id)},
    )


def _refuse_taken_on(aggregate: Aggregate, order: Order, units: list[UUID]) -> None:
    own = next((one for one in order.chain if one.giver_id in units), None)
    detail, remedy = "派遣单没有转办，无可收回。", "请直接办理。"
    if own is not None and own.acknowledged_at is not None:
        taker = unit(own.taker_id, centre_id=aggregate.issue.centre_id)
        local = own.acknowledged_at.astimezone(ZoneInfo(settings.TIME_ZONE))
        detail = f"{taker.name}已于 {local:%H:%M} 签收，不能收回。"
        remedy = "由对方办理；本单位仍负责，也可以直接反馈。"
    raise Conflict(
        "order.nothing_to_take_back",
        detail,
        rule=RULE,
        remedy=remedy,
        extra={"state": str(order.state), "verb": Verb.TAKE_BACK},
    )
