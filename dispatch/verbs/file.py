"""立案: an accepted issue waits for dispatch."""

from command.access import Right
from command.organisations.queries import desk_id
from dispatch.matter.issues.facts import IssueFiled
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import Verb
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.on_paper import StepIn

FILE = IssueVerb(verb=Verb.FILE, by=Right.ISSUES_FILE, body=StepIn)


@FILE.does
def file(issue: Issue, act: Act[StepIn]) -> None:
    """Files an accepted issue with its category and level: it waits for dispatch, at the duty desk."""
    issue.filed_at, issue.responsible_id = act.aggregate.at, desk_id(issue.centre_id)
    act.record(issue, IssueFiled, *act.step)
