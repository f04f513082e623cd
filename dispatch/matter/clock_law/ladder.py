"""Whom a step of the ladder tells: the unit that is waited for, by who is on duty or its contacts; the lead; the head.

Source: docs/rules.md, "The relay", "Ladder", and "Clocks".
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from command.organisations.queries import Contact, contacts, duty_desk, duty_leads
from command.units.departments import Rank
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.call_law.causes import subject_of
from dispatch.matter.call_law.roster import Posts, Roster
from dispatch.matter.calls.models import Call
from dispatch.matter.clocks.allowances import ON_DUTY, RELAYS, WHOLE_UNIT, ClockKind, Tells
from dispatch.matter.clocks.models import Clock


@dataclass(frozen=True, slots=True)
class Notified:
    """Whom a step tells. `post` None: the unit as a whole, where nobody is named or several are."""

    unit: UUID
    rank: str
    post: UUID | None


class Ladder:
    """Finds whom to tell; what it has read of units it keeps for a pass, so that many breaches cost few statements.

    roster   who answers now: of the units whose next contact is told it should have been read before, all at once
    """

    def __init__(self) -> None:
        self.roster = Roster()
        self._contacts: Callable[[UUID], tuple[Contact, ...]] = cache(contacts)
        self._leads = cache(duty_leads)
        self._desk = cache(duty_desk)

    def notified(self, tells: Tells, aggregate: Aggregate, clock: Clock) -> Notified:
        """Whom this step of a clock tells; the aggregate's calls should be read. Two statements at most for each unit,
        once, and one where the roster was not read before.
        """
        unit = waited_for(aggregate, clock)
        match tells:
            case Tells.DUTY_LEAD:
                leads = self._leads(aggregate.issue.centre_id)
                desk = self._desk(aggregate.issue.centre_id).id
                return Notified(desk, Rank.DUTY_LEAD, leads[0].post_id if len(leads) == 1 else None)
            case Tells.NEXT_CONTACT:
                callees = self.roster.callees(aggregate.issue.centre_id, unit)
                on_duty = callees.on_duty_for(sensitive=aggregate.issue.sensitive)
                called = _called(aggregate, subject_of(clock))
                return Notified(unit, *next_contact(on_duty, self._contacts(unit), called))
            case Tells.HEAD:
                head = next((contact for contact in self._contacts(unit) if contact.rank is Rank.HEAD), None)
                return Notified(unit, Rank.HEAD, head.post_id if head else None)
        return Notified(unit, WHOLE_UNIT, None)


def next_contact(on_duty: Posts, listed: Sequence[Contact], called: Collection[UUID]) -> tuple[str, UUID | None]:
    """The rank and the post of the unit's next contact; no post: several, or the unit as a whole. Pure.

    on_duty   whom the roster names for this hour; nobody: the listed contacts answer, the second of them is the next
    listed    the unit's contacts in their order
    called    who was called for the matter already
    Who is on duty and was not called yet (the shift has changed) comes first; then the first listed who is more than a
    liaison: one who is off duty is passed over; without any, who is on duty is called once more.
    """
    if not on_duty:
        contact = listed[min(1, len(listed) - 1)] if listed else None
        return (contact.rank, contact.post_id) if contact else (WHOLE_UNIT, None)
    fresh = [post for post in on_duty if post not in called]
    above = next((one for one in listed if one.rank is not Rank.LIAISON and one.post_id not in on_duty), None)
    if not fresh and above is not None:
        return above.rank, above.post_id
    named = fresh or list(on_duty)
    return ON_DUTY, named[0] if len(named) == 1 else None


def _called(aggregate: Aggregate, subject: str) -> Collection[UUID]:
    calls: Iterable[Call] = aggregate.calling or ()
    return next((call.posts for call in calls if call.subject == subject), ())


def waited_for(aggregate: Aggregate, clock: Clock) -> UUID:
    """A forward's taker; the order's unit; for the issue's relays who holds it; for the rest who is responsible."""
    if clock.order_id is not None:
        order = aggregate.order(clock.order_id)
        return next((one.taker_id for one in order.chain if one.pk == clock.forward_id), order.unit_id)
    issue = aggregate.issue
    if ClockKind(clock.kind) in RELAYS and issue.holder_id is not None:
        return issue.holder_id
    return issue.responsible_id
