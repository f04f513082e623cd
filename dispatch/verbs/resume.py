"""恢复办理: a suspended issue is taken up before its day. At its day the timer does it."""

from command.people.access import Right
from dispatch.issues.facts import IssueResumed
from dispatch.issues.models import Issue, NoteKind
from dispatch.issues.resuming import take_up
from dispatch.issues.states import Verb
from dispatch.requests import ReasonIn
from dispatch.verbs.declared import Act, IssueVerb

RESUME = IssueVerb(verb=Verb.RESUME, by=Right.ISSUES_RESUME, body=ReasonIn)


@RESUME.does
def resume(issue: Issue, act: Act[ReasonIn]) -> None:
    """Takes a suspended issue up before its day."""
    why = act.note(NoteKind.RESUME_REASON, act.asked.reason, "reason")
    take_up(act.aggregate)
    act.record(issue, IssueResumed, *act.step, why.pk)
