"""Reads of orders. Frozen values out, never model rows; nothing here writes or locks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from dispatch.issues.audiences import of_order
from dispatch.issues.locks import load, with_places
from dispatch.issues.masking import mask_text
from dispatch.issues.refusals import order_verbs
from dispatch.orders.models import Feedback, Order
from dispatch.orders.states import SHOWN, Verb
from realtime.feed.contract import Actor, Json

MAX_ORDERS: Final = 500


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
    card: Mapping[str, Json]
    open_verbs: tuple[Verb, ...]
    answered: Answered = Answered()


def orders_in_scope(*, actor: Actor, open_only: bool) -> list[OrderView]:
    """The orders that the actor sees, the latest sent first, at most 500. Five statements.

    open_only   only what its unit or the desk has still to do with: sent to fed back
    Raises Forbidden.
    """
    actor.must("orders.read")
    mine = Q(pk__in=[])
    for pair in actor.scope.pairs:
        kind, _, value = pair.token.partition(":")
        if kind == "unit":
            mine |= Q(unit_id=UUID(value))
        elif kind == "place":
            mine |= Q(issue__place=value) | Q(issue__place__startswith=value + "/")
    rows = Order.objects.filter(mine, issue__centre_id=actor.centre_id)
    if open_only:
        rows = rows.filter(state__in=sorted(SHOWN))
    keys = list(rows.order_by("-sent_at", "pk").values_list("pk", "issue_id")[:MAX_ORDERS])
    issues = list(with_places().filter(pk__in={issue for _, issue in keys}))
    aggregates = {aggregate.issue.pk: aggregate for aggregate in load(issues)}
    views = []
    for order_id, issue_id in keys:
        aggregate = aggregates[issue_id]
        order = aggregate.order(order_id)
        if actor.scope.sees(of_order(aggregate.issue, order)):
            views.append(OrderView(order_id, order.version, aggregate.card_of(order), order_verbs(order, actor)))
    return views


def answers_of(issue_id: UUID, notes: Mapping[UUID, str]) -> dict[UUID, Answered]:
    """The last answer to each order of an issue that has one. `notes` are the issue's, in clear. One statement."""
    found: dict[UUID, Answered] = {}
    for row in Feedback.objects.filter(order__issue_id=issue_id).order_by("at", "pk"):
        words = notes.get(row.note_id)
        found[row.order_id] = Answered(row.result, mask_text(words) if words is not None else None, row.at)
    return found
