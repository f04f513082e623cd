"""Reports over HTTP: parse, call, answer."""

from typing import Annotated, TypeAlias

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from command.catalogue.contract import Level
from command.people.authentication import BY_PERSON_OR_SYSTEM, command_of
from dispatch.intake import actions
from dispatch.intake.actions import MAX_TEXT_CHARS, AlreadyReported, Telling
from dispatch.intake.positions import GivenPosition
from dispatch.issues.masking import Personal
from dispatch.requests import PROBLEMS, AnswerOut, Body, Instant, Line, ProblemOut, answered
from realtime.feed.errors import Replayed

router = Router(tags=["reports"], auth=BY_PERSON_OR_SYSTEM)

Code: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT_CHARS)]
Degrees: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]


class PositionIn(Body):
    """Where, in which system; `accuracy_m` is the radius that the point stands for."""

    lon: Degrees
    lat: Degrees
    system: Code = Field(description="CGCS2000, WGS84, GCJ02 or BD09", examples=["WGS84"])
    accuracy_m: Annotated[float, Field(allow_inf_nan=False, ge=0, le=1_000_000)] | None = None


class ReporterIn(Body):
    """Who told; sealed, shown masked."""

    name: Annotated[Line, Field(max_length=50)] | None = None
    phone: Annotated[Line, Field(max_length=30)] | None = None


class ReportIn(Body):
    """What happened, where, by which channel."""

    channel: Code
    item: Code
    text: Text
    level: Level | None = None
    source_number: Annotated[Line, Field(max_length=100)] | None = None
    source_received_at: Instant | None = None
    observed_at: Instant | None = None
    position: PositionIn | None = None
    address: Line | None = None
    reporter: ReporterIn | None = None


@router.post("/reports", response={frozenset({200, 201}): AnswerOut, PROBLEMS: ProblemOut})
def report(request: HttpRequest, asked: ReportIn) -> HttpResponse:
    """Takes a report in (201). The same key, or a number that the channel has brought before, gets the first answer."""
    try:
        return answered(actions.report(_telling(asked), cmd=command_of(request)), status=201)
    except Replayed as replayed:
        return answered(replayed.answer, status=201)
    except AlreadyReported as known:
        return answered(known.answer)


def _telling(asked: ReportIn) -> Telling:
    reporter = asked.reporter or ReporterIn()
    position = asked.position
    return Telling(
        channel=asked.channel,
        item=asked.item,
        personal=Personal(asked.text, asked.address, reporter.name, reporter.phone),
        level=asked.level,
        source_number=asked.source_number,
        source_received_at=asked.source_received_at,
        observed_at=asked.observed_at,
        position=GivenPosition(position.lon, position.lat, position.system, position.accuracy_m) if position else None,
    )
