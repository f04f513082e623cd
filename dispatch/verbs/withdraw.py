"""撤回诉求: a reporter takes the own report back, or the desk notes that one did."""

from collections.abc import Sequence
from uuid import UUID

from command.access import Right
from dispatch.matter.aggregate import withdrawals
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.locks import report_not_found
from dispatch.matter.issues.facts import IssueWithdrawn
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.states import Verb
from dispatch.matter.reports.models import Report
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.issue_guards import somebody_stands_by_it
from dispatch.verbs.requests import ReasonIn


class WithdrawIn(ReasonIn):
    """Why, and whose report, where others are merged into the issue; without it: who reported the issue itself."""

    report: UUID | None = None


def _reports_named(aggregate: Aggregate, asked: WithdrawIn) -> Sequence[Report]:
    """The report of the matter that is named, else the issue's own. Raises NotFound. One statement for a merged one."""
    if asked.report is None:
        return aggregate.reports
    own = [report for report in aggregate.reports if report.pk == asked.report]
    found = own or list(withdrawals.reports_of_matter(aggregate.issue).filter(pk=asked.report))
    if not found:
        raise report_not_found()
    return found


WITHDRAW = IssueVerb(
    verb=Verb.WITHDRAW,
    by=Right.ISSUES_WITHDRAW,
    body=WithdrawIn,
    names=_reports_named,
    guards=(somebody_stands_by_it,),
)


@WITHDRAW.does
def withdraw(issue: Issue, act: Act[WithdrawIn]) -> None:
    """Notes that a reporter took the own report back; the desk closes when all of them did, or goes on."""
    taken_back: Sequence[Report] = act.named
    why = act.note(NoteKind.WITHDRAW_REASON, act.asked.reason, "reason")
    for report in taken_back:
        report.withdrawn_at = act.aggregate.at
        report.save(update_fields=["withdrawn_at"])
    withdrawals.settle(act.aggregate)
    act.record(issue, IssueWithdrawn, *act.step, why.pk, tuple(report.pk for report in taken_back))
