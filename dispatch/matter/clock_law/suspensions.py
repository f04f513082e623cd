"""A suspension that has run out: the timer resumes the issue at the day that was approved."""

from dispatch.matter.aggregate import custody as relays
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.resuming import take_up
from dispatch.matter.clock_law.following import follow
from dispatch.matter.facts import TIMER
from dispatch.matter.issues.facts import IssueSuspensionEnded
from dispatch.matter.issues.states import State, Verb, step


def end(aggregate: Aggregate) -> None:
    """Puts a suspended issue back into handling: the lead's unit answers again, or the desk where no lead is left.

    What rested runs again from the day that was approved, however late this comes. The rows are the caller's to save.
    """
    issue, until = aggregate.issue, aggregate.issue.suspended_until
    before, after = State(issue.state), step(State(issue.state), Verb.RESUME)
    issue.state, issue.last_by = after, TIMER
    take_up(aggregate)
    follow(aggregate, resumed_at=until)
    relays.follow(aggregate, how=Verb.RESUME, by=TIMER)
    aggregate.record(issue, lambda shown: IssueSuspensionEnded(shown, TIMER, before, after))
