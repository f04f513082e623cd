"""Whom a step of the ladder tells: the unit that is waited for, by its ordered contacts; the duty lead; the head.

Source: docs/rules.md, "The relay", "Ladder", and "Clocks".
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from command.organisations.queries import Contact, contacts, duty_desk, duty_leads
from command.units.departments import Rank
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.clocks.allowances import RELAYS, WHOLE_UNIT, ClockKind, Tells
from dispatch.matter.clocks.models import Clock


@dataclass(frozen=True, slots=True)
class Notified:
    """Whom a step tells. `post` None: the unit as a whole, where nobody is named or several are."""

    unit: UUID
    rank: str
    post: UUID | None


class Ladder:
    """Finds whom to tell; what it has read of units it keeps for a pass, so that many breaches cost few statements."""

    def __init__(self) -> None:
        self._contacts: Callable[[UUID], tuple[Contact, ...]] = cache(contacts)
        self._leads = cache(duty_leads)
        self._desk = cache(duty_desk)

    def notified(self, tells: Tells, aggregate: Aggregate, clock: Clock) -> Notified:
        """Whom this step of a clock tells. Two statements at most for each unit, once."""
        unit = _waited_for(aggregate, clock)
        match tells:
            case Tells.DUTY_LEAD:
                leads = self._leads(aggregate.issue.centre_id)
                desk = self._desk(aggregate.issue.centre_id).id
                return Notified(desk, Rank.DUTY_LEAD, leads[0].post_id if len(leads) == 1 else None)
            case Tells.NEXT_CONTACT:
                listed = self._contacts(unit)
                contact = listed[min(1, len(listed) - 1)] if listed else None
                return Notified(unit, contact.rank if contact else WHOLE_UNIT, contact.post_id if contact else None)
            case Tells.HEAD:
                head = next((contact for contact in self._contacts(unit) if contact.rank is Rank.HEAD), None)
                return Notified(unit, Rank.HEAD, head.post_id if head else None)
        return Notified(unit, WHOLE_UNIT, None)


def _waited_for(aggregate: Aggregate, clock: Clock) -> UUID:
    """A forward's taker; the order's unit; for the issue's relays who holds it; for the rest who is responsible."""
    if clock.order_id is not None:
        order = aggregate.order(clock.order_id)
        return next((one.taker_id for one in order.chain if one.pk == clock.forward_id), order.unit_id)
    issue = aggregate.issue
    if ClockKind(clock.kind) in RELAYS and issue.holder_id is not None:
        return issue.holder_id
    return issue.responsible_id
