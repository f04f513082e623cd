"""What stands in the way of a verb besides state, right and version: pure functions over rows that are loaded.

A guard is asked by the runner and when verbs are offered, so both judge alike. It answers None, or how to say the
refusal: to say it may cost a statement, and who is only offered nothing need not pay for it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from command.organisations.queries import unit
from dispatch.matter.issues.refusals import RULE_ORDER
from dispatch.matter.orders import chains
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import Verb
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import RULED, State
from realtime.feed.contract import Actor
from realtime.feed.errors import Conflict, Forbidden, Invalid, Refused

RULE_FORWARD = "派遣单·转办"


@dataclass
class InHand:
    """An order with its chain, and the units that have it in hand for which this actor acts."""

    order: Order
    actor: Actor
    units: Sequence[UUID]
    known_givers: Collection[UUID] | None = None  # None: read when a guard asks

    @cached_property
    def givers(self) -> Collection[UUID]:
        """The units for which the actor may forward, and which have a place under them. One statement at most."""
        return chains.givers_of(self.actor) if self.known_givers is None else self.known_givers


Why: TypeAlias = Callable[[], Refused] | None
Guard: TypeAlias = Callable[[InHand], Why]
RequestGuard: TypeAlias = Callable[["ToRule"], Why]
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class ToRule:
    """A return request, and the actor who would rule on it."""

    request: ReturnRequest
    actor: Actor


def in_the_way(guards: Iterable[Callable[[S], Why]], seen: S) -> Why:
    """What the first guard says that stands in the way; None: nothing does."""
    return next((why for guard in guards if (why := guard(seen))), None)


def refuse_if(guards: Iterable[Callable[[S], Why]], seen: S) -> None:
    """Returns if nothing stands in the way. Raises what the first guard says that does."""
    if why := in_the_way(guards, seen):
        raise why()


def taken_on(hand: InHand) -> Why:
    """One of the units took the order on."""
    if not set(hand.units).isdisjoint(chains.taken_on_by(hand.order)):
        return None
    return lambda: Conflict(
        "order.forward_not_acknowledged",
        "派遣单已转办给您的单位，尚未签收。",
        rule=RULE_ORDER,
        remedy="请先签收，再办理。",
        extra={"state": str(hand.order.state), "open": [Verb.ACKNOWLEDGE]},
    )


def not_asked_before(hand: InHand) -> Why:
    """Nobody has ruled on a return of this order yet, and no request waits: the same unit asks no second time."""
    asked = hand.order.asked
    if asked not in RULED and asked != State.PENDING:
        return None
    ruled = asked in RULED
    return lambda: Conflict(
        "return.asked_before",
        "该派遣单的退单申请已裁定，不能再次申请。" if ruled else "该派遣单已有待裁定的退单申请。",
        rule=RULE_ORDER,
        remedy="请按派遣单办理。" if ruled else "请等待值班长裁定。",
        extra={"state": str(asked)},
    )


def not_forwarded_on(hand: InHand) -> Why:
    """The unit itself has the order in hand: who has forwarded it forwards it no second time."""
    if hand.order.held_by in hand.units:
        return None

    def refused() -> Refused:
        held = unit(hand.order.held_by, centre_id=hand.actor.centre_id)
        return Conflict(
            "order.forwarded_on",
            f"派遣单已转办给{held.name}，不能再由您转办。",
            rule=RULE_FORWARD,
            remedy="对方签收前可以收回，再转办其他中心。",
            extra={"state": str(hand.order.state), "verb": Verb.FORWARD, "taker": str(held.id)},
        )

    return refused


def has_a_place_under_it(hand: InHand) -> Why:
    """The unit that has the order in hand has a place under it."""
    return None if hand.order.held_by in hand.givers else not_below


def not_below() -> Invalid:
    """The refusal of a taker that is no place under the unit."""
    return Invalid(
        "order.taker_not_below",
        "只能转办给本单位下属的镇街或村社中心。",
        field="taker",
        rule=RULE_FORWARD,
        remedy="请从下属中心列表中选择。",
    )


def asked_by_another(ruling: ToRule) -> Why:
    """Nobody rules on what they asked for themselves."""
    if ruling.request.asked_by != ruling.actor.principal:
        return None
    return lambda: Forbidden(
        "return.asked_by_you",
        "您提出的退单申请，不能自己裁定。",
        rule=RULE_ORDER,
        remedy="请由其他值班长或其副手裁定。",
    )


def not_taken_on_below(hand: InHand) -> Why:
    """One of the units has forwarded the order, and nobody has taken that on."""
    order = hand.order
    if chains.not_taken_on(order, giver=hand.units):
        return None

    def refused() -> Refused:
        own = next((one for one in order.chain if one.giver_id in hand.units), None)
        detail, remedy = "派遣单没有转办，无可收回。", "请直接办理。"
        if own is not None and own.acknowledged_at is not None:
            taker = unit(own.taker_id, centre_id=hand.actor.centre_id)
            local = own.acknowledged_at.astimezone(ZoneInfo(settings.TIME_ZONE))
            detail = f"{taker.name}已于 {local:%H:%M} 签收，不能收回。"
            remedy = "由对方办理；本单位仍负责，也可以直接反馈。"
        return Conflict(
            "order.nothing_to_take_back",
            detail,
            rule=RULE_FORWARD,
            remedy=remedy,
            extra={"state": str(order.state), "verb": Verb.TAKE_BACK},
        )

    return refused
