"""结案: an issue ends with an outcome."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from django.conf import settings
from pydantic import Field

from command.access import Right
from dispatch.matter.aggregate.resuming import forget_suspension
from dispatch.matter.cards.clocks import wire_or_none
from dispatch.matter.issues import outcomes
from dispatch.matter.issues.facts import IssueClosed
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.outcomes import Closing, Outcome
from dispatch.matter.issues.states import State, Verb
from dispatch.matter.reports.facts import ReportSettled
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.guards import refuse_if
from dispatch.verbs.issue_guards import OnDesk, all_answered
from dispatch.verbs.requests import Body, Instant, Words
from dispatch.verbs.steps import not_completed, recall_orders, record_recalled, record_reports

_TAKEN_BACK_ZH = "反映人撤回诉求，事项结案。"


class CloseIn(Body):
    """An outcome with what it requires; a follow-up that was done, or the reason why not."""

    outcome: Outcome
    followed_up: bool
    reason: Words | None = None
    told_at: Instant | None = None
    next_on: Annotated[date, Field(lt=date(2100, 1, 1))] | None = None
    waive_reason: Words | None = None


CLOSE = IssueVerb(verb=Verb.CLOSE, by=Right.ISSUES_CLOSE, body=CloseIn)


@CLOSE.does
def close(issue: Issue, act: Act[CloseIn]) -> None:
    """Ends a verified issue with an outcome; one that its reporters withdrew, from any open state.

    As withdrawn, orders that are not completed are recalled and no clock counts. Its reports leave the boards.
    """
    aggregate, at, closing = act.aggregate, act.aggregate.at, Closing(**act.asked.model_dump())
    act.uncounted = closing.outcome is Outcome.WITHDRAWN
    if not act.uncounted:
        refuse_if((all_answered,), OnDesk(aggregate, act.cmd.actor))
    outcomes.check(
        closing,
        reported_at=issue.reported_at,
        at=at,
        today=at.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
        withdrawn=issue.withdrawn_at is not None,
        verified=act.step[0] == State.VERIFIED,
    )
    why = act.note_if(NoteKind.CLOSE_REASON, closing.reason, "reason")
    waived = closing.waive_reason if not closing.followed_up else None
    waive_note = act.note_if(NoteKind.WAIVE_REASON, waived, "waive_reason")
    left = not_completed(aggregate)
    taken = recall_orders(aggregate, left, act.cmd)
    words = (closing.reason or _TAKEN_BACK_ZH) if left else None
    recalled = act.note_if(NoteKind.RECALL_REASON, words, "reason")
    issue.closed_at, issue.outcome = at, closing.outcome
    issue.told_at, issue.next_on = closing.told_at, closing.next_on
    forget_suspension(issue)
    if recalled is not None:
        act.then(lambda: record_recalled(aggregate, taken, recalled, act.by))
    act.then(lambda: record_reports(aggregate, lambda shown: ReportSettled(shown, act.by)))
    act.record(
        issue,
        IssueClosed,
        *act.step,
        closing.outcome,
        closing.followed_up,
        wire_or_none(closing.told_at),
        closing.next_on.isoformat() if closing.next_on else None,
        why,
        waive_note,
    )
