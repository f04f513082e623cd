"""A suspended issue is taken up again: by the duty lead, by the timer at its day, by an answer that came meanwhile.

Plain functions over a locked aggregate; nothing here writes.
"""

from command.organisations.queries import desk_id
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.issues.models import Issue


def take_up(aggregate: Aggregate) -> None:
    """The suspension is off: the lead's unit answers again, or the desk where no lead is left."""
    issue, lead = aggregate.issue, aggregate.lead()
    forget_suspension(issue)
    issue.responsible_id = lead.unit_id if lead else desk_id(issue.centre_id)


def forget_suspension(issue: Issue) -> None:
    """Only what is suspended has an end of it."""
    issue.suspended_at = issue.suspended_until = issue.suspended_by = None
