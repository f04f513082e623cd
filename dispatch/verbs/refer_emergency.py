"""转警转急: an emergency service was told."""

from command.access import Right
from dispatch.matter.issues.facts import IssueEmergencyReferred
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.outcomes import must_be_told_between
from dispatch.matter.issues.refusals import RULE_ISSUE
from dispatch.matter.issues.states import Verb
from dispatch.matter.texts.emergencies import EmergencyNumber
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.requests import Body, Instant, Words
from realtime.feed.actions import wire_time


class EmergencyIn(Body):
    """Whom danger to life was told to, when, and what they answered."""

    to: EmergencyNumber
    at: Instant
    answer: Words


REFER_EMERGENCY = IssueVerb(
    verb=Verb.REFER_EMERGENCY, by=Right.ISSUES_REFER_EMERGENCY, body=EmergencyIn, versioned=False, danger=True
)


@REFER_EMERGENCY.does
def refer_emergency(issue: Issue, act: Act[EmergencyIn]) -> None:
    """Records that 110, 119 or 120 was told, when, and what they answered: in any state, without a version."""
    told_at = act.asked.at
    must_be_told_between(issue.reported_at, told_at, act.aggregate.at, field="at", rule=RULE_ISSUE)
    said = act.note(NoteKind.EMERGENCY_ANSWER, act.asked.answer, "answer")
    issue.emergency_at = max(told_at, issue.emergency_at or told_at)
    act.record(issue, IssueEmergencyReferred, *act.step, said.pk, str(act.asked.to), wire_time(told_at))
