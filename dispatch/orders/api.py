"""Orders over HTTP: parse, call, answer."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from command.catalogue.queries import items
from command.people.authentication import BY_PERSON, actor_of, command_of
from dispatch.backfills.requests import NOW, StepIn
from dispatch.orders import actions, forwarding, queries
from dispatch.orders.models import Result
from dispatch.requests import ANSWERS, PROBLEMS, Body, ProblemOut, Words, answered, expected_version

router = Router(tags=["orders"], auth=BY_PERSON)


class FeedBackIn(StepIn):
    """What came of it, in words, and photos and documents that were uploaded before."""

    result: Result
    text: Words
    photos: Annotated[tuple[UUID, ...], Field(max_length=9)] = ()
    files: Annotated[tuple[UUID, ...], Field(max_length=5)] = ()


class RecallIn(Body):
    """Why the order is taken back."""

    reason: Words


class ForwardIn(Body):
    """To which place under it."""

    taker: UUID


class OrderLineOut(Schema):
    """An order as a list shows it: what, where (in the card), how long left, what the caller may do."""

    id: UUID
    version: int
    card: dict[str, Any]
    item_zh: str
    open_verbs: list[str]


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
            card=dict(view.card),
            item_zh=known[str(view.card["item"])].item_zh,
            open_verbs=list(view.open_verbs),
        )
        for view in page.orders
    ]


@router.post("/orders/{order_id}/acknowledge", response=ANSWERS)
def acknowledge(request: HttpRequest, order_id: UUID, asked: StepIn = NOW) -> HttpResponse:
    """Takes the order on for the caller's unit; from paper, for the unit that has it in hand."""
    return answered(actions.acknowledge(order_id, on_paper=asked.on_paper, cmd=command_of(request)))


@router.post("/orders/{order_id}/start", response=ANSWERS)
def start(request: HttpRequest, order_id: UUID, asked: StepIn = NOW) -> HttpResponse:
    """Begins to handle it."""
    expected, cmd = expected_version(request), command_of(request)
    return answered(actions.start(order_id, on_paper=asked.on_paper, expected=expected, cmd=cmd))


@router.post("/orders/{order_id}/feed_back", response=ANSWERS)
def feed_back(request: HttpRequest, order_id: UUID, asked: FeedBackIn) -> HttpResponse:
    """Answers it with a result and words."""
    expected, cmd = expected_version(request), command_of(request)
    return answered(
        actions.feed_back(
            order_id,
            asked.result,
            asked.text,
            photo_ids=asked.photos,
            file_ids=asked.files,
            on_paper=asked.on_paper,
            expected=expected,
            cmd=cmd,
        )
    )


@router.post("/orders/{order_id}/recall", response=ANSWERS)
def recall(request: HttpRequest, order_id: UUID, asked: RecallIn) -> HttpResponse:
    """Takes the order back from its unit."""
    expected = expected_version(request)
    return answered(actions.recall(order_id, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/orders/{order_id}/forward", response=ANSWERS)
def forward(request: HttpRequest, order_id: UUID, asked: ForwardIn) -> HttpResponse:
    """Hands the order to a place under the unit that has it in hand."""
    expected = expected_version(request)
    return answered(forwarding.forward(order_id, asked.taker, expected=expected, cmd=command_of(request)))


@router.post("/orders/{order_id}/take_back", response=ANSWERS)
def take_back(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Undoes the caller's forward, until its taker has acknowledged."""
    return answered(forwarding.take_back(order_id, expected=expected_version(request), cmd=command_of(request)))
