"""不予受理: an issue is refused on a listed ground."""

from command.access import Right
from dispatch.matter.issues.facts import IssueDeclined
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.outcomes import Ground, Triage
from dispatch.matter.issues.rights import to_decline
from dispatch.matter.issues.states import Verb
from dispatch.matter.reports.facts import ReportSettled
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.issue_guards import nothing_merged_into
from dispatch.verbs.requests import Body, Words
from dispatch.verbs.steps import record_reports


class DeclineIn(Body):
    """A listed ground, and words to the reporter."""

    ground: Ground
    text: Words


DECLINE = IssueVerb(
    verb=Verb.DECLINE,
    by=Right.ISSUES_DECLINE,
    judged=to_decline,
    body=DeclineIn,
    guards=(nothing_merged_into,),
    danger=True,
)


@DECLINE.does
def decline(issue: Issue, act: Act[DeclineIn]) -> None:
    """Refuses an issue on a listed ground, with words to the reporter. An urgent one: the duty lead."""
    words = act.note(NoteKind.DECLINE_TEXT, act.asked.text, "text")
    issue.ground, issue.triage = act.asked.ground, Triage.DECLINED
    act.then(lambda: record_reports(act.aggregate, lambda shown: ReportSettled(shown, act.by)))
    act.record(issue, IssueDeclined, *act.step, act.asked.ground, words.pk)
