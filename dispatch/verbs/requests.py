"""What the routers of dispatch share; the shapes of all commands are those of `command.requests`."""

from typing import Annotated, TypeAlias
from uuid import UUID

import orjson
from pydantic import Field, StringConstraints

from command.requests import (
    ANSWERS,
    PROBLEMS,
    AnswerOut,
    Body,
    Instant,
    Line,
    ObjectOut,
    PastedLine,
    Position,
    ProblemOut,
    Words,
    answered,
    expected_version,
)
from realtime.feed.contract import Answer

__all__ = [
    "ANSWERS",
    "PROBLEMS",
    "AnswerOut",
    "Body",
    "Code",
    "Instant",
    "Line",
    "ObjectOut",
    "PastedLine",
    "Position",
    "PositionIn",
    "ProblemOut",
    "ReasonIn",
    "Words",
    "answered",
    "expected_version",
    "issue_of",
]

Code: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
Degrees: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]


class PositionIn(Body):
    """Where, in which system; `accuracy_m` is the radius that the point stands for."""

    lon: Degrees
    lat: Degrees
    system: Code = Field(description="CGCS2000, WGS84, GCJ02 or BD09", examples=["WGS84"])
    accuracy_m: Annotated[float, Field(allow_inf_nan=False, ge=0, le=1_000_000)] | None = None


class ReasonIn(Body):
    """Why."""

    reason: Words


def issue_of(answer: Answer) -> UUID:
    """The issue that an answer is about. Raises KeyError or ValueError for the answer of another kind of object."""
    return UUID(orjson.loads(answer.body)["object"]["id"])
