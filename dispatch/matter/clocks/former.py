"""A clock as facts told it until 2026-11-30: without `amber_at`, `id` and the light that a resting one keeps. Pure.

Facts are never rewritten, so objects that have ended keep that shape for ever; what was open is told once more after
the upgrade (dispatch/verbs/redrawing.py). Amber began at 80 % of the allowance then, everywhere.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from dispatch.matter.clocks.lights import Light
from realtime.feed.actions import wire_time

_SHARE: Final = 80
_MILLISECOND: Final = timedelta(milliseconds=1)


def as_now(card: Mapping[str, Any]) -> Mapping[str, Any]:
    """The card of a clock in today's shape: one of today's unchanged, a former one with its instant or its light."""
    if "amber_at" in card:
        return card
    due_at, paused_at, allowed_s = card.get("due_at"), card.get("paused_at"), card.get("allowance_s")
    amber_at = light = None
    if due_at is not None:
        due = datetime.fromisoformat(due_at)
        whole = (
            timedelta(seconds=allowed_s) if allowed_s is not None else due - datetime.fromisoformat(card["started_at"])
        )
        amber_at = wire_time(due - whole * (100 - _SHARE) / 100)
    elif paused_at is not None:
        light = str(_kept(card, paused_at, allowed_s))
    return {**card, "id": None, "amber_at": amber_at, "light": light}


def _kept(card: Mapping[str, Any], paused_at: str, allowed_s: int | None) -> Light:
    """The light of a clock that rested, by what was left of its allowance. The first ones did not say how much."""
    if allowed_s is None:
        return Light.GREEN
    left_ms = card.get("left_ms")
    if left_ms is None:
        used = datetime.fromisoformat(paused_at) - datetime.fromisoformat(card["started_at"])
        left_ms = allowed_s * 1000 - used / _MILLISECOND
    if left_ms <= 0:
        return Light.RED
    return Light.AMBER if left_ms <= allowed_s * 10 * (100 - _SHARE) else Light.GREEN
