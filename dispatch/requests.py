"""What the routers of dispatch share; the shapes of all commands are those of `command.requests`."""

from uuid import UUID

import orjson

from command.requests import (
    ANSWERS,
    PROBLEMS,
    AnswerOut,
    Body,
    Instant,
    Line,
    ObjectOut,
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
    "Instant",
    "Line",
    "ObjectOut",
    "Position",
    "ProblemOut",
    "ReasonIn",
    "Words",
    "answered",
    "expected_version",
    "issue_of",
]


class ReasonIn(Body):
    """Why."""

    reason: Words


def issue_of(answer: Answer) -> UUID:
    """The issue that an answer is about. Raises KeyError or ValueError for the answer of another kind of object."""
    return UUID(orjson.loads(answer.body)["object"]["id"])
