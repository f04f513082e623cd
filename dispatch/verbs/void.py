"""作废: an issue that was entered by mistake is cancelled."""

from command.access import Right
from dispatch.matter.aggregate.resuming import forget_suspension
from dispatch.matter.issues.facts import IssueVoided
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.states import Verb
from dispatch.matter.reports.facts import ReportSettled
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.issue_guards import nothing_merged_into
from dispatch.verbs.requests import ReasonIn
from dispatch.verbs.steps import not_completed, recall_orders, record_recalled, record_reports

VOID = IssueVerb(verb=Verb.VOID, by=Right.ISSUES_VOID, body=ReasonIn, guards=(nothing_merged_into,), danger=True)


@VOID.does
def void(issue: Issue, act: Act[ReasonIn]) -> None:
    """Cancels an issue that was entered by mistake: recalls what is not completed, no clock counts."""
    aggregate = act.aggregate
    why = act.note(NoteKind.VOID_REASON, act.asked.reason, "reason")
    taken = recall_orders(aggregate, not_completed(aggregate), act.cmd)
    issue.voided_at = aggregate.at
    forget_suspension(issue)
    act.uncounted = True
    act.then(lambda: record_recalled(aggregate, taken, why.pk, act.by))
    act.then(lambda: record_reports(aggregate, lambda shown: ReportSettled(shown, act.by)))
    act.record(issue, IssueVoided, *act.step, why.pk)
