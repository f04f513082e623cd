"""重开: a closed issue was not the end."""

from command.access import Right
from command.organisations.queries import desk_id
from dispatch.matter.aggregate import withdrawals
from dispatch.matter.issues.facts import IssueReopened
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.states import State, Verb
from dispatch.matter.reports.facts import ReportReopened
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.requests import ReasonIn
from dispatch.verbs.steps import record_reports

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
        act.then(lambda: record_reports(aggregate, lambda shown: ReportReopened(shown, act.by)))
    act.record(issue, IssueReopened, *act.step, why.pk)
