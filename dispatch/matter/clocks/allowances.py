"""How long each clock allows, and what it does on the way. Pure. What it looks like meanwhile: lights.py.

The 60 minutes are the law's and no setting; the rest is the centre's (⚙). Natural time: nights, weekends and holidays
count. Source: docs/rules.md, "The relay", "Clocks".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from command.settings.registry import Settings
from realtime.words import Word


class ClockKind(Word):
    """What a clock judges."""

    RELAY_UP = "relay_up", "上传"  # a report, from receipt until somebody entitled decides
    RELAY_DOWN_ORDER = "relay_down_order", "下达·签收"  # the unit, from an order's sending until its acknowledgment
    RELAY_DOWN_FORWARD = "relay_down_forward", "转办·签收"  # a taker, from its forwarding until its acknowledgment
    RELAY_DOWN_ISSUE = "relay_down_issue", "下达"  # the centre, from the first sending until the lead's acknowledgment
    DISPATCH = "dispatch", "派遣"  # the desk, from acceptance until orders are sent
    REDISPATCH = "redispatch", "改派"  # the desk, while an issue in handling has no lead
    HANDLING_ORDER = "handling_order", "处置·单位"  # the unit, from an order's sending until its first answer
    HANDLING_ISSUE = "handling_issue", "处置"  # the centre, from the first sending of a round until it is verified
    REWORK = "rework", "返工"  # the unit, from a rework until it answers again
    ON_SCENE = "on_scene", "到场"  # somebody is at an urgent issue's place
    SUSPENSION = "suspension", "挂账"  # runs out at the day that was approved: the issue is then resumed


class Tells(StrEnum):
    """Whom a step of the ladder tells."""

    NEXT_CONTACT = "next_contact"  # of the unit that is waited for
    DUTY_LEAD = "duty_lead"
    UNIT = "unit"  # the responsible one
    HEAD = "head"  # of the unit: the breach
    NOBODY = "nobody"  # a suspension that ends is no breach


RELAY_WITHIN: Final = timedelta(minutes=60)
RELAYS: Final = frozenset(
    {ClockKind.RELAY_UP, ClockKind.RELAY_DOWN_ORDER, ClockKind.RELAY_DOWN_FORWARD, ClockKind.RELAY_DOWN_ISSUE}
)
PAUSED_BY_SUSPENSION: Final = frozenset({ClockKind.HANDLING_ORDER, ClockKind.HANDLING_ISSUE, ClockKind.REWORK})
BY_LEVEL: Final = frozenset({ClockKind.HANDLING_ORDER, ClockKind.HANDLING_ISSUE})
OF_ORDERS: Final = frozenset(
    {ClockKind.RELAY_DOWN_ORDER, ClockKind.RELAY_DOWN_FORWARD, ClockKind.HANDLING_ORDER, ClockKind.REWORK}
)
WHOLE_UNIT: Final = "unit"  # the rank of what is told to everybody there
ON_DUTY: Final = "on_duty"  # of what is told to who is on duty at that hour
BREACH_PERCENT: Final = 100
_GENERAL: Final = "general"
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A point of a clock at which something happens: `percent` of the allowance is used up."""

    percent: int
    tells: Tells


def allowance(kind: ClockKind, settings: Settings, *, level: str) -> timedelta:
    """How long a clock of this kind allows. Raises KeyError for one whose time the issue itself gives."""
    if kind in RELAYS:
        return RELAY_WITHIN
    if kind in BY_LEVEL:
        general = level == _GENERAL
        return timedelta(days=settings.handling_general_days if general else settings.handling_major_days)
    hours = {
        ClockKind.DISPATCH: settings.dispatch_within_h,
        ClockKind.REDISPATCH: settings.redispatch_within_h,
        ClockKind.REWORK: settings.rework_within_h,
    }
    return timedelta(hours=hours[kind])


def steps(kind: ClockKind, settings: Settings, *, amber_share: int | None = None) -> tuple[Step, ...]:
    """What has to be fired while the clock runs, in order; the last is its end.

    amber_share  the clock's own, where it goes on from another; None: the centre's. The unit is told when the light
                 turns amber; a relay and a suspension tell at percentages of their own, whatever their light is then.
    """
    if kind in RELAYS:
        return (
            Step(settings.relay_next_contact_percent, Tells.NEXT_CONTACT),
            Step(settings.relay_lead_percent, Tells.DUTY_LEAD),
            Step(BREACH_PERCENT, Tells.HEAD),
        )
    if kind is ClockKind.SUSPENSION:
        return (Step(settings.suspend_warn_percent, Tells.DUTY_LEAD), Step(BREACH_PERCENT, Tells.NOBODY))
    return (Step(amber_share or settings.amber_share, Tells.UNIT), Step(BREACH_PERCENT, Tells.HEAD))


def due_at(started_at: datetime, allowed: timedelta, paused_for: timedelta, *, percent: int = 100) -> datetime:
    """The instant at which so much of the allowance is used up, to the microsecond; pauses don't count."""
    return started_at + paused_for + allowed * percent / 100


def amended(old: timedelta, new: timedelta, *, used: timedelta, floor: timedelta) -> timedelta:
    """The allowance after a change of level: the new one from the start; less than before never ends before `floor`.

    used    of the allowance, so far
    floor   how much has to be left after a downgrade; what it makes is a whole number of seconds
    """
    if new >= old:
        return new
    least = used + floor
    return max(new, _SECOND * -(-least // _SECOND))
