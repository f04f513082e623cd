"""复核: a declined issue is taken up again, once."""

from command.access import Right
from command.organisations.queries import desk_id
from dispatch.matter.aggregate import withdrawals
from dispatch.matter.issues.facts import IssueReconsidered
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.states import Verb
from dispatch.matter.reports.facts import ReportReopened
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.issue_guards import not_reconsidered_before
from dispatch.verbs.requests import ReasonIn
from dispatch.verbs.steps import record_reports

RECONSIDER = IssueVerb(
    verb=Verb.RECONSIDER, by=Right.ISSUES_RECONSIDER, body=ReasonIn, guards=(not_reconsidered_before,)
)


@RECONSIDER.does
def reconsider(issue: Issue, act: Act[ReasonIn]) -> None:
    """Takes a declined issue up again, once, in a round of its own: a new relay up starts."""
    words = act.note(NoteKind.RECONSIDER_REASON, act.asked.reason, "reason")
    issue.round += 1
    issue.ground = issue.triage = issue.accepted_at = None
    withdrawals.forget(act.aggregate)
    issue.responsible_id = desk_id(issue.centre_id)
    act.then(lambda: record_reports(act.aggregate, lambda shown: ReportReopened(shown, act.by)))
    act.record(issue, IssueReconsidered, *act.step, words.pk)
