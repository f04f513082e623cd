"""A suspension that has run out: the timer resumes the issue at the day that was approved."""

from command.organisations.queries import duty_desk
from dispatch.clocks.actions.following import follow
from dispatch.facts import TIMER
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.facts import IssueSuspensionEnded
from dispatch.issues.states import State, Verb, step
from dispatch.orders.states import SHOWN
from dispatch.relays import actions as relays


def end(aggregate: Aggregate) -> None:
    """Puts a suspended issue back into handling: the lead's unit answers again, or the desk where no lead is left.

    The rows are the caller's to save. One statement at most beside those of `follow`.
    """
    issue, lead = aggregate.issue, aggregate.lead()
    before, after = State(issue.state), step(State(issue.state), Verb.RESUME)
    issue.state, issue.last_by = after, TIMER
    issue.suspended_at = issue.suspended_until = issue.suspended_by = None
    open_lead = lead is not None and lead.state in SHOWN
    issue.responsible_id = lead.unit_id if lead is not None and open_lead else duty_desk(issue.centre_id).id
    follow(aggregate)
    relays.follow(aggregate, how=Verb.RESUME, by=TIMER)
    aggregate.tell(issue, lambda shown: IssueSuspensionEnded(shown, TIMER, before, after))
