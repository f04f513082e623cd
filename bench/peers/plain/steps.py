"""The floor, and each step of the loop as stock django-ninja with Django's own sign-in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.contrib.auth import login
from django.db import connection, transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import ModelSchema, NinjaAPI, Schema
from ninja.errors import HttpError
from ninja.security import django_auth

from bench.peers.plain.models import History, Ticket, WorkOrder
from command.people.models import Person, Post
from command.units.models import Unit

api = NinjaAPI(docs_url=None, openapi_url=None, auth=django_auth)
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
DESK: Final = ("duty_officer", "duty_lead")
RELAY: Final = timedelta(hours=1)
STEPS: Final[Mapping[str, tuple[str, str, str]]] = {  # of a ticket: state before, state after, the time that is set
    "accept": ("reported", "accepted", "accepted_at"),
    "file": ("accepted", "filed", "filed_at"),
    "dispatch": ("filed", "in_handling", "sent_at"),
    "verify": ("fed_back", "verified", "verified_at"),
    "close": ("verified", "closed", "closed_at"),
}


class SignInSent(Schema):
    """Name and password."""

    username: str
    password: str


class Empty(Schema):
    """Nothing."""


class ReportSent(Schema):
    """What happened, where, by which channel."""

    channel: str
    item: str
    text: str
    address: str


class DispatchSent(Schema):
    """Which unit leads."""

    unit: UUID


class AnswerSent(Schema):
    """What came of it."""

    result: str
    text: str


class CloseSent(Schema):
    """How it ended."""

    outcome: str


class OrderShown(ModelSchema):
    """An order as the screen gets it."""

    class Meta:
        model = WorkOrder
        fields = "__all__"


class TicketShown(ModelSchema):
    """A ticket as the screen gets it, with its orders."""

    orders: list[OrderShown]

    class Meta:
        model = Ticket
        exclude = ("text", "address")


@api.get("/session", auth=None)
def who(request: HttpRequest) -> dict[str, bool]:
    """Whether anybody has signed in."""
    return {"signed_in": request.user.is_authenticated}


@api.post("/session", auth=None)
def sign_in(request: HttpRequest, asked: SignInSent) -> dict[str, bool]:
    """Signs in with Django's own session."""
    person = get_object_or_404(Person, username=asked.username)
    if not person.check_password(asked.password):
        raise HttpError(401, "no")
    login(request, person, backend=BACKEND)
    return {"signed_in": True}


@api.post("/floor")
def floor(request: HttpRequest, asked: Empty) -> dict[str, bool]:
    """The least that a signed-in command can cost: session, person, CSRF, JSON, one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return {"done": bool(cursor.fetchone())}


@api.post("/tickets", response=TicketShown)
def report(request: HttpRequest, asked: ReportSent) -> Ticket:
    """上报."""
    person = _must_hold(request, DESK)
    with transaction.atomic():
        unit = Unit.objects.get(centre_id=person.centre_id, code="duty_desk")
        now = timezone.now()
        ticket = Ticket.objects.create(
            **asked.dict(), level="general", responsible=unit, reported_by=person, reported_at=now, due_at=now + RELAY
        )
        _remember(ticket, "report", "", person)
    return _told(ticket, person)


@api.post("/tickets/{key}/accept", response=TicketShown)
def accept(request: HttpRequest, key: UUID, asked: Empty) -> Ticket:
    """受理."""
    return _step(request, key, "accept")


@api.post("/tickets/{key}/file", response=TicketShown)
def file(request: HttpRequest, key: UUID, asked: Empty) -> Ticket:
    """立案."""
    return _step(request, key, "file")


@api.post("/tickets/{key}/dispatch", response=TicketShown)
def dispatch(request: HttpRequest, key: UUID, asked: DispatchSent) -> Ticket:
    """派遣."""
    person = _must_hold(request, DESK)
    with transaction.atomic():
        ticket, before = _stepped(key, "dispatch")
        unit = get_object_or_404(Unit, pk=asked.unit, centre_id=person.centre_id)
        now = cast(datetime, ticket.sent_at)
        order = WorkOrder.objects.create(ticket=ticket, unit=unit, sent_at=now, due_at=now + RELAY)
        ticket.responsible, ticket.due_at = unit, order.due_at
        ticket.save()
        _remember(ticket, "dispatch", before, person, order)
    return _told(ticket, person)


@api.post("/orders/{key}/acknowledge", response=TicketShown)
def acknowledge(request: HttpRequest, key: UUID, asked: Empty) -> Ticket:
    """签收."""
    with transaction.atomic():
        order = _order(key, "sent")
        person = _must_hold(request, ("liaison",), order.unit_id)
        order.state, order.acknowledged_at, order.acknowledged_by = "acknowledged", timezone.now(), person
        order.save()
        _remember(order.ticket, "acknowledge", order.ticket.state, person, order)
    return _told(order.ticket, person)


@api.post("/orders/{key}/feed_back", response=TicketShown)
def feed_back(request: HttpRequest, key: UUID, asked: AnswerSent) -> Ticket:
    """反馈."""
    with transaction.atomic():
        order = _order(key, "acknowledged")
        person = _must_hold(request, ("liaison",), order.unit_id)
        order.state, order.fed_back_at = "fed_back", timezone.now()
        order.result, order.answer = asked.result, asked.text
        order.save()
        ticket, before = order.ticket, order.ticket.state
        ticket.state = "fed_back"
        ticket.save()
        _remember(ticket, "feed_back", before, person, order)
    return _told(ticket, person)


@api.post("/tickets/{key}/verify", response=TicketShown)
def verify(request: HttpRequest, key: UUID, asked: Empty) -> Ticket:
    """核查通过."""
    return _step(request, key, "verify", orders="completed")


@api.post("/tickets/{key}/close", response=TicketShown)
def close(request: HttpRequest, key: UUID, asked: CloseSent) -> Ticket:
    """结案."""
    return _step(request, key, "close", outcome=asked.outcome)


def _must_hold(request: HttpRequest, roles: tuple[str, ...], unit_id: UUID | None = None) -> Person:
    person = cast(Person, request.user)
    held = Post.objects.filter(person=person, role__in=roles, active_until=None)
    if not (held.filter(unit_id=unit_id) if unit_id else held).exists():
        raise HttpError(403, "no")
    return person


def _step(request: HttpRequest, key: UUID, verb: str, *, orders: str | None = None, **values: Any) -> Ticket:
    person = _must_hold(request, DESK)
    with transaction.atomic():
        ticket, before = _stepped(key, verb)
        for name, value in values.items():
            setattr(ticket, name, value)
        for order in ticket.orders.all() if orders else ():
            order.state, order.completed_at = orders, timezone.now()
            order.save()
        ticket.save()
        _remember(ticket, verb, before, person)
    return _told(ticket, person)


def _stepped(key: UUID, verb: str) -> tuple[Ticket, str]:
    ticket = get_object_or_404(Ticket.objects.select_related("responsible", "cell"), pk=key)
    before, after, time = STEPS[verb]
    if ticket.state != before:
        raise HttpError(409, "no")
    ticket.state = after
    setattr(ticket, time, timezone.now())
    return ticket, before


def _order(key: UUID, state: str) -> WorkOrder:
    order = get_object_or_404(WorkOrder.objects.select_related("ticket", "unit"), pk=key)
    if order.state != state:
        raise HttpError(409, "no")
    return order


def _remember(ticket: Ticket, verb: str, before: str, person: Person, order: WorkOrder | None = None) -> None:
    History.objects.create(ticket=ticket, order=order, verb=verb, before=before, after=ticket.state, by=person)


def _told(ticket: Ticket, person: Person) -> Ticket:
    layer = get_channel_layer()
    assert layer is not None
    event = {"type": "ticket.changed", "id": str(ticket.pk), "state": ticket.state, "due_at": str(ticket.due_at)}
    async_to_sync(layer.group_send)(f"centre-{person.centre_id}", event)
    return ticket
