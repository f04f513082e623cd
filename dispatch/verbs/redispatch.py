"""改派: a new lead order goes out, after the one before was taken back."""

from uuid import UUID

from pydantic import Field

from command.access import Right
from dispatch.matter.aggregate.addressees import Receivers, check_addressees
from dispatch.matter.issues.facts import IssueRedispatched
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.states import Verb
from dispatch.matter.reports.facts import ReportShared
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.dispatch import new_lead
from dispatch.verbs.issue_guards import no_lead_stands
from dispatch.verbs.requests import Body, Words
from dispatch.verbs.steps import record_reports, record_sent


class RedispatchIn(Body):
    """Which unit leads from now on, whom of it to call first; why, when it is not the item's lead department."""

    unit: UUID
    receivers: Receivers = Field(default_factory=list)
    reason: Words | None = None


REDISPATCH = IssueVerb(verb=Verb.REDISPATCH, by=Right.ISSUES_REDISPATCH, body=RedispatchIn, guards=(no_lead_stands,))


@REDISPATCH.does
def redispatch(issue: Issue, act: Act[RedispatchIn]) -> None:
    """Sends a new lead order, after the one before was returned or recalled. The issue's relay down runs on."""
    aggregate, asked = act.aggregate, act.asked
    to = check_addressees(aggregate, asked.unit, (), receivers=asked.receivers)
    lead, why = new_lead(issue, asked.unit, to, asked.reason, NoteKind.REDISPATCH_REASON, act)
    act.record(issue, IssueRedispatched, *act.step, (lead.pk,), lead.off_catalogue, why)
    act.then(lambda: record_sent(aggregate, [lead], act.by))
    act.then(lambda: record_reports(aggregate, lambda shown: ReportShared(shown, act.by)))
