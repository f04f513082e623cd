"""What a clock looks like: a comparison with its two instants, never arithmetic. Pure.

The screens read the same cards by the same rule (frontend/src/shared/lights.ts); tests/dispatch/clocks/lights.json
holds both to it. Source: docs/rules.md, "Clocks"; docs/protocol.md, "Clocks on cards".
"""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

At = TypeVar("At", datetime, float)  # instants as one has them: of rows, or in seconds since 1970


class Light(StrEnum):
    """Green, amber from `amber_at`, red from exactly `due_at`: the breach."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def light_at(
    at: At,
    *,
    amber_at: At | None,
    due_at: At | None,
    stopped_at: At | None = None,
    kept: Light | None = None,
    breached: bool = False,
) -> Light:
    """The light of a clock at an instant: red once breached; a resting one's is kept; else by its two instants.

    A clock that has stopped keeps its colour: it is compared where it stopped. One that rests has neither instant.
    """
    if breached:
        return Light.RED
    if kept is not None:
        return kept
    held = at if stopped_at is None or at < stopped_at else stopped_at
    if due_at is not None and held >= due_at:
        return Light.RED
    return Light.AMBER if amber_at is not None and held >= amber_at else Light.GREEN
