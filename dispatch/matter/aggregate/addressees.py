"""Whom orders can be sent to: units of the centre that somebody answers for, each named once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from command.organisations.holding import hold_answering
from command.organisations.queries import UnitInfo
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.orders.states import SHOWN
from realtime.feed.codes import RefusalCode
from realtime.feed.errors import Invalid

RULE: Final = "派遣单·下发"
MAX_ASSISTS: Final = 20
# A correction tells a fact of every order, request and relay that waits: 200 fit into one action. With these it is 186,
# and what falls due leaves an action waiting for the timer, never stuck.
MAX_OPEN_ORDERS: Final = 30
MAX_ORDERS: Final = 60  # in all rounds; a lead is sent all the same: somebody has to answer
Receivers = Annotated[list[UUID], Field(max_length=1 + MAX_ASSISTS)]
"""Posts of the units that are called first (指定接收人), one of a unit at most; without one: who is on duty."""


@dataclass(frozen=True, slots=True)
class Addressees:
    """Units that orders can go to, by id; and which post of each is called first, where one was named."""

    units: Mapping[UUID, UnitInfo]
    receivers: Mapping[UUID, UUID]


def check_addressees(
    aggregate: Aggregate, lead: UUID | None, assists: Sequence[UUID], *, receivers: Sequence[UUID] = ()
) -> Addressees:
    """The units that a lead order (None: there is one already) and assist orders can go to. One round trip.

    receivers   posts of theirs that are called first (指定接收人), one of a unit at most
    Raises Invalid for a unit that is unknown or retired, named twice, has an order of this issue still, or has no
    active liaison, and says which; for more orders than an issue can have; and for a receiver who is no liaison there.
    """
    centre_id = aggregate.issue.centre_id
    named = [unit for unit in (lead, *assists) if unit is not None]
    if len(assists) > MAX_ASSISTS:
        raise _refuse("order.too_many_assists", f"协办单位最多 {MAX_ASSISTS} 个。", "assists", "请减少协办单位。")
    open_now = sum(order.state in SHOWN for order in aggregate.orders)
    if open_now + len(named) > MAX_OPEN_ORDERS:
        raise _refuse(
            "order.too_many",
            f"一个事项最多同时有 {MAX_OPEN_ORDERS} 份在办派遣单，现有 {open_now} 份。",
            "assists" if assists else "unit",
            "请先撤回不再需要的派遣单，或减少协办单位。",
        )
    if assists and len(aggregate.orders) + len(named) > MAX_ORDERS:
        raise _refuse(
            "order.too_many",
            f"一个事项前后最多下发 {MAX_ORDERS} 份派遣单，已下发 {len(aggregate.orders)} 份。",
            "assists",
            "请由现有单位办理，或另行登记事项。",
        )
    if len(set(named)) != len(named):
        raise _refuse("order.unit_twice", "同一单位不能在一次派遣中出现两次。", "assists", "请去掉重复的单位。")
    field = {unit_id: "unit" if unit_id == lead else "assists" for unit_id in named}
    found = check_answering(centre_id, field, receivers=receivers)
    busy = {unit for order in aggregate.orders if order.state in SHOWN for unit in (order.unit_id, *order.takers)}
    for unit_id in named:
        if unit_id in busy:
            raise _refuse(
                "order.unit_has_one",
                f"{found.units[unit_id].name}已有该事项的派遣单。",
                field[unit_id],
                "请选择其他单位，或先撤回原派遣单。",
            )
    return found


def check_answering(centre_id: UUID, named: Mapping[UUID, str], *, receivers: Sequence[UUID] = ()) -> Addressees:
    """The units; they keep who answers for them until the end of the transaction. One round trip.

    named   in which field each unit was asked for
    Raises Invalid for a unit that is unknown or retired, or has no active liaison; for a receiver who is no liaison of
    one of them, or the second of one.
    """
    held = hold_answering(centre_id, named)
    for unit_id, field in named.items():
        unit = held.units.get(unit_id)
        if unit is None:
            raise _refuse("unit.unknown", "没有这个单位，或已停用。", field, "请选择在用的单位。")
        if unit_id not in held.liaisons:
            raise _refuse(
                "unit.no_liaison",
                f"{unit.name}目前没有在岗联络员，不能派遣。",
                field,
                "请改派其他单位，或先由管理员补上联络员。",
            )
    return Addressees(held.units, receivers_of(held.liaisons, receivers))


def receivers_of(liaisons: Mapping[UUID, Collection[UUID]], posts: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """Which of the named receivers is called first at each unit. Raises Invalid.

    liaisons   of each unit that is sent something, the posts that may acknowledge
    """
    found: dict[UUID, UUID] = {}
    for place, post in enumerate(posts):
        field = f"receivers.{place}"
        unit_id = next((unit_id for unit_id, theirs in liaisons.items() if post in theirs), None)
        if unit_id is None:
            raise _refuse(
                "order.receiver_not_of_unit",
                "指定的接收人不是该单位在岗的联络员。",
                field,
                "请从该单位在岗的联络员中选择，或不指定：先叫应当班的人。",
            )
        if unit_id in found:
            raise _refuse("order.receiver_twice", "一个单位只能指定一位接收人。", field, "请只留下一位。")
        found[unit_id] = post
    return found


def _refuse(code: RefusalCode, detail: str, field: str, remedy: str) -> Invalid:
    return Invalid(code, detail, field=field, rule=RULE, remedy=remedy)
