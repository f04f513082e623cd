"""恢复办理: a suspended issue is taken up before its day. At its day the timer does it."""

from command.access import Right
from dispatch.matter.aggregate.resuming import take_up
from dispatch.matter.issues.facts import IssueResumed
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.states import Verb
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.requests import ReasonIn

RESUME = IssueVerb(verb=Verb.RESUME, by=Right.ISSUES_RESUME, body=ReasonIn)


@RESUME.does
def resume(issue: Issue, act: Act[ReasonIn]) -> None:
    """Takes a suspended issue up before its day."""
    why = act.note(NoteKind.RESUME_REASON, act.asked.reason, "reason")
    take_up(act.aggregate)
    act.record(issue, IssueResumed, *act.step, why.pk)
