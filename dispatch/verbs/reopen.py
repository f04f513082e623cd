"""重开: a closed issue was not the end."""

from command.people.access import Right
from dispatch.intake.facts import ReportReopened
from dispatch.issues import withdrawals
from dispatch.issues.desks import desk_id
from dispatch.issues.facts import IssueReopened
from dispatch.issues.models import Issue, NoteKind
from dispatch.issues.states import State, Verb
from dispatch.requests import ReasonIn
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.steps import tell_reports

REOPEN = IssueVerb(verb=Verb.REOPEN, by=Right.ISSUES_REOPEN, body=ReasonIn)


@REOPEN.does
def reopen(issue: Issue, act: Act[ReasonIn]) -> None:
    """Opens a closed issue again, or one settled on the spot that was not: a new round, to be dispatched."""
    aggregate = act.aggregate
    why = act.note(NoteKind.REOPEN_REASON, act.asked.reason, "reason")
    issue.round += 1
    issue.accepted_at, issue.filed_at = issue.accepted_at or aggregate.at, aggregate.at
    issue.closed_at = issue.outcome = issue.told_at = issue.next_on = None
    issue.verified_at = issue.triage = None
    withdrawals.forget(aggregate)
    issue.settled = False
    issue.responsible_id = desk_id(issue.centre_id)
    if act.step[0] == State.CLOSED:
        act.then(lambda: tell_reports(aggregate, lambda shown: ReportReopened(shown, act.by)))
    act.record(issue, IssueReopened, *act.step, why.pk)
