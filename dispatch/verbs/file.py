"""立案: an accepted issue waits for dispatch."""

from command.people.access import Right
from dispatch.backfills.requests import StepIn
from dispatch.issues.desks import desk_id
from dispatch.issues.facts import IssueFiled
from dispatch.issues.models import Issue
from dispatch.issues.states import Verb
from dispatch.verbs.declared import Act, IssueVerb

FILE = IssueVerb(verb=Verb.FILE, by=Right.ISSUES_FILE, body=StepIn)


@FILE.does
def file(issue: Issue, act: Act[StepIn]) -> None:
    """Files an accepted issue with its category and level: it waits for dispatch, at the duty desk."""
    issue.filed_at, issue.responsible_id = act.aggregate.at, desk_id(issue.centre_id)
    act.record(issue, IssueFiled, *act.step)
