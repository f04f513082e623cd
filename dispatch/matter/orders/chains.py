"""The forwards of an order (转办): who has it in hand, who has taken it on, how a chain ends.

A chain runs down the tree of places, one live forward a step; its takers stand on the order's row. Who takes it on
takes it on for everybody above: what has not been taken on is always the chain's end.
Source: docs/rules.md, "An order".
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from command.access import Right
from command.organisations.queries import with_places_under
from dispatch.matter.issues.rights import holds
from dispatch.matter.orders.models import Ending, Forward, Order
from realtime.feed.contract import Actor


def load_chains(orders: Iterable[Order]) -> None:
    """Gives each order its live forwards. One statement, none when nothing was forwarded."""
    forwarded = {order.pk: order for order in orders if order.takers}
    if not forwarded:
        return
    give_chains(
        forwarded.values(), Forward.objects.filter(order__in=forwarded, ended_at=None).order_by("order", "step")
    )


def give_chains(orders: Iterable[Order], forwards: Iterable[Forward]) -> None:
    """Gives each of the orders its live forwards, which come by their steps."""
    by_id = {order.pk: order for order in orders}
    for one in forwards:
        by_id[one.order_id].chain += (one,)


def givers_of(actor: Actor) -> frozenset[UUID]:
    """The units for which the actor may forward, and which have a place under them. One statement at most."""
    own = [UUID(pair.token[5:]) for pair in actor.scope.pairs if pair.token.startswith("unit:")]
    may = [unit_id for unit_id in own if holds(actor, Right.ORDERS_FORWARD, unit_id=unit_id)]
    return with_places_under(may) if may else frozenset()


def taken_on_by(order: Order) -> list[UUID]:
    """The units that may go on with it: its own, and every taker that has acknowledged."""
    return [order.unit_id, *(one.taker_id for one in order.chain if one.acknowledged_at is not None)]


def waiting(order: Order, units: Collection[UUID]) -> tuple[Forward, ...]:
    """The forwards that one of these units takes on by acknowledging: down to its own, those still to be taken on."""
    own = [number for number, one in enumerate(order.chain, start=1) if one.taker_id in units]
    return tuple(one for one in order.chain[: max(own, default=0)] if one.acknowledged_at is None)


def not_taken_on(order: Order, *, giver: Collection[UUID] | None = None) -> tuple[Forward, ...]:
    """The end of the chain that nobody took on; with `giver`, from the first of these units' forwards downwards."""
    open_ones = [one for one in order.chain if one.acknowledged_at is None]
    if giver is None:
        return tuple(open_ones)
    own = next((number for number, one in enumerate(open_ones) if one.giver_id in giver), len(open_ones))
    return tuple(open_ones[own:])


def take_on(forwards: Sequence[Forward], *, at: datetime, by: str) -> None:
    """Marks forwards as acknowledged. One statement, none for none."""
    for one in forwards:
        one.acknowledged_at, one.acknowledged_by = at, by
    if forwards:
        keys = [one.pk for one in forwards]
        Forward.objects.filter(pk__in=keys).update(acknowledged_at=at, acknowledged_by=by)


def end(order: Order, ended: Sequence[Forward], ending: Ending, *, at: datetime) -> None:
    """Ends the last forwards of a chain: their takers have the order no longer. One statement, none for none.

    The order's row is the caller's to save.
    """
    if not ended:
        return
    keys = [one.pk for one in ended]
    Forward.objects.filter(pk__in=keys).update(ended_at=at, ending=ending)
    order.chain = tuple(one for one in order.chain if one.pk not in keys)
    order.takers = [one.taker_id for one in order.chain]
