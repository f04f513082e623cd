"""Rosters over HTTP: parse, call, answer. For the administrator, the unit itself, and the desk."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from command.access import Right, right_missing
from command.duty import actions, queries, scope
from command.duty.changes import Changes
from command.duty.law import Dated, Span, Spell, Weekly
from command.people.authentication import BY_PERSON, command_of, person_of
from command.requests import ANSWERS, PROBLEMS, Body, Instant, ProblemOut, answered, must_expect
from command.units.departments import Stationing

router = Router(tags=["duty"], auth=BY_PERSON)
MOST_LINES = 200  # of one act
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))]


class WeeklyIn(Body):
    """A shift that comes back each week. weekday: 0 Monday; from_min: minutes of the local day at which it begins."""

    post: UUID
    weekday: int = Field(ge=0, le=6)
    from_min: int = Field(ge=0, lt=1440)
    minutes: int = Field(ge=-10_000, le=100_000)  # how long a shift may be is the roster's to say
    kind: Stationing

    def value(self) -> Weekly:
        """The same for the action."""
        return Weekly(self.post, self.weekday, self.from_min, self.minutes, self.kind)


class DatedIn(Body):
    """A shift of one date; without `kind` the post is absent meanwhile."""

    post: UUID
    starts_at: Instant
    ends_at: Instant
    kind: Stationing | None = None

    def value(self) -> Dated:
        """The same for the action."""
        return Dated(self.post, self.starts_at, self.ends_at, self.kind)


class RosterIn(Body):
    """What goes and what comes, in one act: a swap is an absence and a shift; a changed line goes and comes."""

    remove: list[UUID] = Field(default=[], max_length=MOST_LINES)
    weekly: list[WeeklyIn] = Field(default=[], max_length=MOST_LINES)
    dated: list[DatedIn] = Field(default=[], max_length=MOST_LINES)
    own_days: list[Day] = Field(default=[], max_length=MOST_LINES)
    shared_days: list[Day] = Field(default=[], max_length=MOST_LINES)


class AskedDays(Schema):
    """Which local days: so many from the first one."""

    first: Day | None = None  # today
    days: int = Field(7, ge=1, le=queries.MOST_DAYS)


class MemberOut(Schema):
    """A post that can stand on the roster, or stands there still. `phone` null: the administrator has none."""

    post: UUID
    role: str
    name: str
    username: str
    phone: str | None
    holds: bool


class WeeklyOut(Schema):
    """A weekly shift."""

    id: UUID
    post: UUID
    weekday: int
    from_min: int
    minutes: int
    kind: str


class DatedOut(Schema):
    """A dated shift; `kind` null: an absence."""

    id: UUID
    post: UUID
    starts_at: datetime
    ends_at: datetime
    kind: str | None


class SpanOut(Schema):
    """From an instant until another."""

    start: datetime
    end: datetime


class SpellOut(SpanOut):
    """Somebody on duty without a break."""

    post: UUID
    kind: str


class RosterOut(Schema):
    """A unit's roster over some days. `kept` false: there is none, its contacts are called in order at any hour.

    gaps, uncovered   from now on: when nobody is on duty; which weekly shifts nobody covers
    """

    unit: UUID
    version: int
    kept: bool
    at: datetime
    members: list[MemberOut]
    weekly: list[WeeklyOut]
    dated: list[DatedOut]
    own_days: list[date]
    spells: list[SpellOut]
    gaps: list[SpanOut]
    uncovered: list[SpanOut]


class OnDutyOut(Schema):
    """Somebody on duty now, until when as things stand, and the number to ring."""

    post: UUID
    role: str
    name: str
    phone: str | None
    kind: str
    until: datetime


class UnitOnDutyOut(Schema):
    """Who is on duty at a unit now. `kept` and nobody: a gap, the contacts are called in order."""

    unit: UUID
    kept: bool
    at: datetime
    on_duty: list[OnDutyOut]
    next_gap: SpanOut | None


class ReceiverOut(Schema):
    """Who of a unit may acknowledge. on_duty_until: null, not on duty now; absent_until: null, not absent."""

    post: UUID
    role: str
    name: str
    on_duty_until: datetime | None
    absent_until: datetime | None


class UnitGapsOut(Schema):
    """A unit whose roster names nobody within 24 hours, or whose weekly shift nobody covers within 7 days."""

    unit: UUID
    short: str
    gaps: list[SpanOut]
    uncovered: list[SpanOut]


@router.get("/units/{unit_id}/roster", response={200: RosterOut, PROBLEMS: ProblemOut})
def read_roster(request: HttpRequest, response: HttpResponse, unit_id: UUID, asked: Query[AskedDays]) -> RosterOut:
    """值班表: a unit's roster over some days, for who keeps it, works in the unit, or is of the desk."""
    scope.must_know(person_of(request), unit_id)
    response["Cache-Control"] = "no-store"
    found = queries.roster_of(unit_id, asked.first, asked.days)
    return RosterOut(
        unit=found.unit,
        version=found.version,
        kept=found.kept,
        at=found.at,
        members=[MemberOut.model_validate(one, from_attributes=True) for one in found.members],
        weekly=[WeeklyOut.model_validate({"id": line.id, **asdict(line.shift)}) for line in found.weekly],
        dated=[DatedOut.model_validate({"id": line.id, **asdict(line.shift)}) for line in found.dated],
        own_days=list(found.own_days),
        spells=[_spell(one) for one in found.spells],
        gaps=[_span(one) for one in found.gaps],
        uncovered=[_span(one) for one in found.uncovered],
    )


@router.post("/units/{unit_id}/roster", response=ANSWERS)
def change_roster(request: HttpRequest, unit_id: UUID, asked: RosterIn) -> HttpResponse:
    """Changes a unit's roster in one act, on the version that was seen (0: there was none)."""
    changes = Changes(
        tuple(asked.remove),
        tuple(one.value() for one in asked.weekly),
        tuple(one.value() for one in asked.dated),
        tuple(asked.own_days),
        tuple(asked.shared_days),
    )
    return answered(actions.change(unit_id, changes, expected=must_expect(request), cmd=command_of(request)))


@router.get("/units/{unit_id}/on-duty", response={200: UnitOnDutyOut, PROBLEMS: ProblemOut})
def read_on_duty(request: HttpRequest, response: HttpResponse, unit_id: UUID) -> UnitOnDutyOut:
    """Who is on duty at a unit now, with the number to ring."""
    scope.must_know(person_of(request), unit_id)
    response["Cache-Control"] = "no-store"
    found = queries.on_duty_at(unit_id)
    return UnitOnDutyOut(
        unit=found.unit,
        kept=found.kept,
        at=found.at,
        on_duty=[
            OnDutyOut(
                post=one.post, role=one.role, name=one.name, phone=one.phone, kind=spell.kind, until=spell.span.end
            )
            for one, spell in found.on_duty
        ],
        next_gap=_span(found.next_gap) if found.next_gap else None,
    )


@router.get("/units/{unit_id}/receivers", response={200: list[ReceiverOut], PROBLEMS: ProblemOut})
def list_receivers(request: HttpRequest, response: HttpResponse, unit_id: UUID) -> list[ReceiverOut]:
    """指定接收人: who of a unit can be named to receive an order, without numbers. For desk, unit, units above it."""
    scope.must_know_who_receives(person_of(request), unit_id)
    response["Cache-Control"] = "no-store"
    return [ReceiverOut.model_validate(one, from_attributes=True) for one in queries.receivers(unit_id)]


@router.get("/duty/gaps", response={200: list[UnitGapsOut], PROBLEMS: ProblemOut})
def list_gaps(request: HttpRequest, response: HttpResponse) -> list[UnitGapsOut]:
    """空岗: units with a gap within 24 hours, or a shift that nobody covers within 7 days. For desk, administrator."""
    actor = person_of(request)
    if not scope.oversees(actor):
        raise right_missing(Right.ROSTERS_KEEP)
    response["Cache-Control"] = "no-store"
    return [
        UnitGapsOut(
            unit=one.unit,
            short=one.short,
            gaps=[_span(gap) for gap in one.gaps],
            uncovered=[_span(gap) for gap in one.uncovered],
        )
        for one in queries.gaps_ahead(actor.centre_id)
    ]


def _span(one: Span) -> SpanOut:
    return SpanOut(start=one.start, end=one.end)


def _spell(one: Spell) -> SpellOut:
    return SpellOut(post=one.post, kind=one.kind, start=one.span.start, end=one.span.end)
