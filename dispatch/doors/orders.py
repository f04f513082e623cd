"""Orders over HTTP: parse, call, answer. What may be done to one stands with its verb."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from command.catalogue.queries import items
from command.people.authentication import BY_PERSON, actor_of
from dispatch.doors.verbs import add_order_verb
from dispatch.matter.cards.orders import OrderCard
from dispatch.matter.orders.states import Verb
from dispatch.reading import orders as queries
from dispatch.verbs.declared import ORDER_VERBS
from dispatch.verbs.requests import PROBLEMS, ProblemOut
from realtime.feed.cards import AS_TOLD, one_of

router = Router(tags=["orders"], auth=BY_PERSON)


class OrderLineOut(Schema):
    """An order as a list shows it: what, where (in the card), how long left, what the caller may do."""

    id: UUID
    version: int
    card: Annotated[OrderCard, AS_TOLD]
    item_zh: str
    open_verbs: list[Annotated[str, one_of(Verb)]]


@router.get("/orders", response={200: list[OrderLineOut], PROBLEMS: ProblemOut})
def list_orders(
    request: HttpRequest,
    response: HttpResponse,
    open: bool = True,  # its name on the wire
    cursor: Annotated[str | None, Field(max_length=100, pattern=r"^[^\x00]*$")] = None,
    limit: Annotated[int, Field(ge=1, le=queries.MAX_PAGE)] = 200,
) -> list[OrderLineOut]:
    """A page of the orders that the caller sees, the latest sent first; `X-Next-Cursor` asks for the next."""
    actor = actor_of(request)
    page = queries.orders_in_scope(actor=actor, open_only=open, cursor=cursor, limit=limit)
    if page.cursor is not None:
        response["X-Next-Cursor"] = page.cursor
    known = items(actor.centre_id) if page.orders else {}
    return [
        OrderLineOut(
            id=view.id,
            version=view.version,
            card=view.card,
            item_zh=known[str(view.card["item"])].item_zh,
            open_verbs=list(view.open_verbs),
        )
        for view in page.orders
    ]


for declared in ORDER_VERBS.values():
    add_order_verb(router, declared)
