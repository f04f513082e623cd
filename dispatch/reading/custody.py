"""Reads of custody. Frozen values out; nothing here writes or locks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from command.people.queries import done_by
from command.settings.queries import settings_of
from dispatch.matter.custody.models import Hop
from realtime.feed import clock


@dataclass(frozen=True, slots=True)
class HopView:
    """One holder's time with an issue. `to_at` None: holds it now; `seconds` are whole, and run on until then."""

    chain: int
    giver: UUID | None  # who handed it over; None: it came in here
    holder: UUID
    from_at: datetime
    to_at: datetime | None
    seconds: int
    how: str
    by_name: str | None
    over_budget: bool  # warns; the 60 minutes judge


def custody_of(issue_id: UUID, *, centre_id: UUID) -> list[HopView]:
    """The hops of an issue in order. Five statements.

    Seconds are counted from the chain's beginning, so that they add up to its end-to-end time to the second: each hop
    is charged from the whole second at which the last one ended.
    """
    hops = list(Hop.objects.filter(issue_id=issue_id).order_by("chain", "from_at", "to_at"))
    if not hops:
        return []
    at = max(clock.at(None), hops[-1].from_at)
    budget = timedelta(minutes=settings_of(centre_id).hop_budget_min)
    names = done_by({hop.by for hop in hops}, centre_id)
    began: dict[int, datetime] = {}
    found: list[HopView] = []
    for hop in hops:
        giver = found[-1].holder if found and found[-1].chain == hop.chain else None
        start, end = began.setdefault(hop.chain, hop.from_at), hop.to_at or at
        whole = int((end - start).total_seconds()) - int((hop.from_at - start).total_seconds())
        by = names.get(hop.by)
        found.append(
            HopView(
                hop.chain,
                giver,
                hop.holder_id,
                hop.from_at,
                hop.to_at,
                whole,
                hop.how,
                by.name if by else None,
                over_budget=end - hop.from_at > budget,
            )
        )
    return found
