"""上呈: a desk hands a reported issue to the unit above."""

from command.access import Right
from command.organisations.queries import unit_above
from dispatch.matter.issues.facts import IssuePassedUp
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.rights import of_holder
from dispatch.matter.issues.states import Verb
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.issue_guards import below_the_duty_desk
from dispatch.verbs.requests import Body, Words


class PassUpIn(Body):
    """What was tried, for who takes it next."""

    text: Words | None = None


PASS_UP = IssueVerb(
    verb=Verb.PASS_UP,
    by=Right.ISSUES_PASS_UP,
    judged=of_holder,
    body=PassUpIn,
    guards=(below_the_duty_desk,),
)


@PASS_UP.does
def pass_up(issue: Issue, act: Act[PassUpIn]) -> None:
    """Hands a reported issue to the unit above the one that holds it, with what was tried."""
    tried = act.note_if(NoteKind.PASSED_UP, act.asked.text, "text")
    below, above = issue.responsible_id, unit_above(issue.responsible_id, centre_id=issue.centre_id).id
    issue.responsible_id = above
    act.record(issue, IssuePassedUp, *act.step, below, above, tried)
