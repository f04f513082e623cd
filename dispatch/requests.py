"""What the routers of dispatch share; the shapes of all commands are those of `command.requests`."""

from command.requests import (
    ANSWERS,
    PROBLEMS,
    AnswerOut,
    Body,
    Instant,
    Line,
    ObjectOut,
    ProblemOut,
    Words,
    answered,
    expected_version,
)

__all__ = [
    "ANSWERS",
    "PROBLEMS",
    "AnswerOut",
    "Body",
    "Instant",
    "Line",
    "ObjectOut",
    "ProblemOut",
    "Words",
    "answered",
    "expected_version",
]
