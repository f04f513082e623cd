"""Who holds an issue, as its rows say. Pure. Source: docs/rules.md, "The relay", "Custody"."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import OPEN, State
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import SHOWN, Role

WITH_A_UNIT: Final = frozenset({State.IN_HANDLING, State.SUSPENDED})


@dataclass(frozen=True, slots=True)
class HandOver:
    """An issue passes to a holder, by a verb of a principal. `holder` None: its chain ends."""

    holder: UUID | None
    how: str
    by: str


def holder_of(issue: Issue, orders: Iterable[Order]) -> UUID | None:
    """The one unit that holds the issue: while it is handled the lead's, or its taker; else who is responsible.

    None: it ended.
    """
    if issue.state not in OPEN:
        return None
    if issue.state in WITH_A_UNIT:
        for order in orders:
            if order.role == Role.LEAD and order.state in SHOWN:
                return order.held_by
    return issue.responsible_id
