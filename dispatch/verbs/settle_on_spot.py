"""当场化解: what the parties agreed on the spot."""

from typing import Literal

from command.access import Right
from dispatch.matter.issues.facts import IssueSettled
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.outcomes import Triage
from dispatch.matter.issues.refusals import RULE_ISSUE
from dispatch.matter.issues.states import Verb
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.issue_guards import for_the_spot
from dispatch.verbs.requests import Body, Words
from dispatch.verbs.steps import end_relay_up
from realtime.feed.errors import Invalid


class SettleIn(Body):
    """What the parties agreed, and that they did."""

    text: Words
    consent: Literal[True]


SETTLE_ON_SPOT = IssueVerb(
    verb=Verb.SETTLE_ON_SPOT, by=Right.ISSUES_SETTLE_ON_SPOT, body=SettleIn, guards=(for_the_spot,)
)


@SETTLE_ON_SPOT.does
def settle_on_spot(issue: Issue, act: Act[SettleIn]) -> None:
    """Records what the parties agreed on the spot: the issue is verified without an order, and then closed by the desk.

    Both parties have to agree to it.
    """
    if not act.asked.consent:
        raise Invalid(
            "issue.no_consent",
            "当场化解须经双方当事人同意。",
            field="consent",
            rule=RULE_ISSUE,
            remedy="未达成一致的，请上呈。",
        )
    agreed, at = act.note(NoteKind.SETTLEMENT, act.asked.text, "text"), act.aggregate.at
    issue.accepted_at = issue.accepted_at or at
    issue.verified_at, issue.settled, issue.triage = at, True, Triage.SETTLED
    end_relay_up(act)
    act.record(issue, IssueSettled, *act.step, agreed.pk)
