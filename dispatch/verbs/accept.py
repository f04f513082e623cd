"""受理: a reported issue is taken in."""

from command.access import Right
from command.organisations.queries import desk_id
from dispatch.matter.issues.facts import IssueAccepted
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.rights import holds, of_desk_or_township
from dispatch.matter.issues.states import Verb
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.on_paper import StepIn
from dispatch.verbs.steps import end_relay_up

ACCEPT = IssueVerb(
    verb=Verb.ACCEPT,
    by=Right.ISSUES_ACCEPT,
    judged=of_desk_or_township,
    body=StepIn,
    versioned=False,  # a rival is told who was first
)


@ACCEPT.does
def accept(issue: Issue, act: Act[StepIn]) -> None:
    """Takes a reported issue in: the relay up of its reports ends here."""
    issue.accepted_at = act.aggregate.at
    if holds(act.cmd.actor, Right.ISSUES_ACCEPT):  # the centre's own desk, and not a township's
        issue.responsible_id = desk_id(issue.centre_id)
    end_relay_up(act)
    act.record(issue, IssueAccepted, *act.step)
