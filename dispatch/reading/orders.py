"""Reads of orders. Frozen values out, never model rows; nothing here writes or locks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from dispatch.matter.aggregate.locks import load, with_places
from dispatch.matter.audiences import of_order
from dispatch.matter.cards.orders import OrderCard
from dispatch.matter.orders.chains import givers_of
from dispatch.matter.orders.models import Feedback, Forward, Order
from dispatch.matter.orders.states import SHOWN, Verb
from dispatch.matter.texts.masking import mask_text
from dispatch.reading.pages import cursor_of, position
from dispatch.verbs.offering import order_verbs
from realtime.feed.contract import Actor
from realtime.feed.errors import Invalid

MAX_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Answered:
    """What a unit answered last, its words masked; all None before the first answer."""

    result: str | None = None
    text: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with what this actor may do to it."""

    id: UUID
    version: int
    card: OrderCard
    open_verbs: tuple[Verb, ...]
    answered: Answered = Answered()
    backfill_verbs: tuple[Verb, ...] = ()  # what may be entered for its unit from paper; in an issue's detail


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some orders, the latest sent first; `cursor` asks for the next ones, None at the end."""

    orders: tuple[OrderView, ...]
    cursor: str | None


def orders_in_scope(*, actor: Actor, open_only: bool, cursor: str | None = None, limit: int = MAX_PAGE) -> OrderPage:
    """One page of the orders that the actor sees, the latest sent first. Eight statements at most.

    open_only   only what its unit or the desk has still to do with: sent to fed back
    Raises Forbidden, Invalid for a cursor that none of our pages gave, or a limit outside 1 to 500.
    """
    scope = actor.scope_for("orders.read")
    if not 1 <= limit <= MAX_PAGE:
        raise Invalid("page.limit", f"每页 1 至 {MAX_PAGE} 条。", field="limit")
    mine = Q(pk__in=[])
    for pair in scope.pairs:
        kind, _, value = pair.token.partition(":")
        if kind == "unit":
            forwarded = Forward.objects.filter(taker_id=UUID(value), ended_at=None)
            mine |= Q(unit_id=UUID(value)) | Q(pk__in=list(forwarded.values_list("order_id", flat=True)))
        elif kind == "place":
            mine |= Q(issue__place=value) | Q(issue__place__startswith=value + "/")
    rows = Order.objects.filter(mine, issue__centre_id=actor.centre_id)
    if open_only:
        rows = rows.filter(state__in=sorted(SHOWN))
    if cursor is not None:
        sent_at, last = position(cursor)
        rows = rows.filter(Q(sent_at__lt=sent_at) | Q(sent_at=sent_at, pk__gt=last))
    found = list(rows.order_by("-sent_at", "pk").values_list("pk", "issue_id", "sent_at")[: limit + 1])
    keys = found[:limit]
    more = cursor_of(keys[-1][2], keys[-1][0]) if len(found) > limit else None
    issues = list(with_places().filter(pk__in={issue for _, issue, _ in keys}))
    aggregates = {aggregate.issue.pk: aggregate for aggregate in load(issues)}
    givers = givers_of(actor)
    views = []
    for order_id, issue_id, _ in keys:
        aggregate = aggregates[issue_id]
        order = aggregate.order(order_id)
        if scope.sees(of_order(aggregate.issue, order)):
            verbs = order_verbs(order, actor, givers)
            views.append(OrderView(order_id, order.version, aggregate.card_of(order), verbs))
    return OrderPage(tuple(views), more)


def answers_of(issue_id: UUID, notes: Mapping[UUID, str]) -> dict[UUID, Answered]:
    """The last answer to each order of an issue that has one. `notes` are the issue's, in clear. One statement."""
    found: dict[UUID, Answered] = {}
    for row in Feedback.objects.filter(order__issue_id=issue_id).order_by("at", "pk"):
        words = notes.get(row.note_id)
        found[row.order_id] = Answered(row.result, mask_text(words) if words is not None else None, row.at)
    return found
