"""The issue's card: what a screen draws of it. No personal data, no text.

Only columns whose every write takes the feed's head: a snapshot at N then equals the effect of all facts up to N.
"""

from collections.abc import Sequence
from typing import Annotated, Final

from typing_extensions import TypedDict

from command.catalogue.contract import Level
from dispatch.matter.cards.clocks import ClockCard, clock_card, wire_or_none
from dispatch.matter.clocks.allowances import ClockKind
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue, number_text
from dispatch.matter.issues.outcomes import Outcome, Triage
from dispatch.matter.issues.places import CellCard, cell_card, public_cell
from dispatch.matter.issues.states import OPEN, State
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import GONE, Role
from dispatch.matter.orders.states import State as OrderState
from realtime.feed.actions import wire_time
from realtime.feed.cards import Id, Instant, card_type, one_of

_KEPT: Final = (ClockKind.RELAY_DOWN_ISSUE, ClockKind.HANDLING_ISSUE)
_SHOWN: Final = (*_KEPT, ClockKind.DISPATCH, ClockKind.REDISPATCH, ClockKind.ON_SCENE, ClockKind.SUSPENSION)


@card_type
class HolderCard(TypedDict):
    """Which unit holds an issue, since when."""

    since: Instant
    unit: Id


@card_type
class LeadCard(TypedDict):
    """The lead order of an issue."""

    order: Id
    state: Annotated[str, one_of(OrderState)]
    unit: Id


@card_type
class IssueCard(TypedDict):
    """An issue: what a screen draws of it. No personal data, no text."""

    cell: CellCard | None
    """A grid at the finest; null: unplaced."""
    channel: str
    """Of its first report."""
    clocks: list[ClockCard]
    """Those that matter now, seven at most."""
    emergency_at: Instant | None
    """When 110, 119 or 120 was told, the latest time."""
    exercise: bool
    holder: HolderCard | None
    """Null when it has ended."""
    item: str
    """Code of the catalogue."""
    lead: LeadCard | None
    """Null while no lead order stands."""
    level: Annotated[str, one_of(Level)]
    merged_into: Id | None
    number: str
    """Six digits, more when there are more."""
    open: bool
    outcome: Annotated[str, one_of(Outcome)] | None
    """What it was closed with."""
    reported_at: Instant
    reports_merged: int
    """Reports of the issues that were merged into it."""
    responsible: Id
    """The unit that answers for it."""
    round: int
    sensitive: bool
    state: Annotated[str, one_of(State)]
    suspended_until: Instant | None
    triage: Annotated[str, one_of(Triage)] | None
    """Where triage ended; null: not yet."""
    urgent: bool
    withdrawn_at: Instant | None
    """When the reporter, or the last of them, took it back."""


def issue_card(issue: Issue, orders: Sequence[Order], clocks: Sequence[Clock]) -> IssueCard:
    """The whole card. `issue.cell` and its parent should be loaded."""
    return {
        "cell": cell_card(public_cell(issue.cell)),
        "channel": issue.channel,
        "clocks": [clock_card(clock) for clock in shown_clocks(clocks)],
        "emergency_at": wire_or_none(issue.emergency_at),
        "exercise": issue.exercise,
        "holder": _holder_card(issue),
        "item": issue.item,
        "lead": _lead_card(lead_of(orders)),
        "level": str(issue.level),
        "merged_into": str(issue.merged_into_id) if issue.merged_into_id else None,
        "number": number_text(issue.number),
        "open": issue.state in OPEN,
        "outcome": issue.outcome,
        "reported_at": wire_time(issue.reported_at),
        "reports_merged": issue.reports_merged,
        "responsible": str(issue.responsible_id),
        "round": issue.round,
        "sensitive": issue.sensitive,
        "state": str(issue.state),
        "suspended_until": wire_or_none(issue.suspended_until),
        "triage": issue.triage,
        "urgent": issue.urgent,
        "withdrawn_at": wire_or_none(issue.withdrawn_at),
    }


@card_type
class LogCard(TypedDict):
    """What is told once beside an issue, and never again: a reveal, an amendment, a viewing. Never open."""

    issue: Id
    number: str
    open: bool


def log_card(issue: Issue) -> LogCard:
    """Of which issue; what it was, the fact's body says."""
    return {"issue": str(issue.pk), "number": number_text(issue.number), "open": False}


def lead_of(orders: Sequence[Order]) -> Order | None:
    """The lead order: the one sent last. None: there is none, or it was returned or recalled; another has to be sent.

    One that an earlier round has completed leads nothing any more when the later one was taken back.
    """
    leads = [order for order in orders if order.role == Role.LEAD]
    last = max(leads, key=lambda order: (order.sent_at, order.state not in GONE, order.pk), default=None)
    return last if last is not None and last.state not in GONE else None


def shown_clocks(clocks: Sequence[Clock]) -> list[Clock]:
    """The issue's own that matter now, seven at most: what was judged last of each, and what else runs.

    The latest relay up of the report that came first, the relay down and the handling of the latest round stay when
    they have stopped; the others are shown while they run.
    """
    found = []
    ups = sorted(
        (clock for clock in clocks if clock.kind == ClockKind.RELAY_UP),
        key=lambda clock: (clock.started_at, clock.round),
    )
    found += [clock for clock in ups if clock.report_id == ups[0].report_id][-1:]
    for kind in _SHOWN:
        own = [clock for clock in clocks if clock.kind == kind and (kind in _KEPT or clock.stopped_at is None)]
        found += sorted(own, key=lambda clock: clock.started_at)[-1:]
    return found


def _holder_card(issue: Issue) -> HolderCard | None:
    if issue.holder_id is None or issue.held_since is None:
        return None
    return {"since": wire_time(issue.held_since), "unit": str(issue.holder_id)}


def _lead_card(lead: Order | None) -> LeadCard | None:
    if lead is None:
        return None
    return {"order": str(lead.pk), "state": str(lead.state), "unit": str(lead.unit_id)}
