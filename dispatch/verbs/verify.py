"""核查通过: what the units answered is confirmed."""

from command.access import Right
from dispatch.matter.issues.facts import IssueVerified
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import Verb
from dispatch.matter.orders import states as order_states
from dispatch.matter.orders.facts import OrderCompleted
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.issue_guards import all_answered, handled_by_others
from dispatch.verbs.requests import Body
from dispatch.verbs.steps import move_order

VERIFY = IssueVerb[Body](verb=Verb.VERIFY, by=Right.ISSUES_VERIFY, body=None, guards=(handled_by_others, all_answered))


@VERIFY.does
def verify(issue: Issue, act: Act[Body]) -> None:
    """Confirms the result: completes every order that was fed back. Not by who handled one, nor while one is open."""
    aggregate = act.aggregate
    issue.verified_at = aggregate.at
    for order in [one for one in aggregate.orders if one.state == order_states.State.FED_BACK]:
        _, was, becomes = move_order(order, order_states.Verb.COMPLETE, act.cmd)
        order.completed_at = aggregate.at
        act.record(order, OrderCompleted, was, becomes)
    act.record(issue, IssueVerified, *act.step)
