"""What was entered is put right; an emergency service is told; personal data is read in clear, for a reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from command.versions import must_match
from dispatch.clocks import actions as clocks
from dispatch.facts import Shown
from dispatch.intake.facts import ReportAmended
from dispatch.issues import rights
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.amending import Amendment, Log, amend_rows
from dispatch.issues.audiences import of_desk, of_report
from dispatch.issues.desks import keep_in_sight
from dispatch.issues.facts import IssueAmended, IssueEmergencyReferred
from dispatch.issues.locks import lock_issue
from dispatch.issues.log_facts import AmendmentMade, RevealMade
from dispatch.issues.models import Note, NoteKind, number_text
from dispatch.issues.notes import note
from dispatch.issues.outcomes import Emergency, must_be_told_between
from dispatch.issues.refusals import RULE_ISSUE
from dispatch.issues.states import Verb
from dispatch.returns.facts import ReturnAmended
from dispatch.verbs.steps import finish, follow, refuse_merged_into, step, tell_orders_amended, tell_reports
from realtime.feed.actions import once, wire_time
from realtime.feed.contract import Answer, AudienceClass, Change, Command


@transaction.atomic(durable=True)
def amend(issue_id: UUID, asked: Amendment, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Puts right what was entered; old and new stay on record, for the desk. Who may see the issue follows its item.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (also: sensitive or not, with others merged into it),
    StaleVersion, VersionRequired, Invalid (what is asked for, nothing to change, reason).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.AMEND, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.AMEND, cmd)
    must_match(expected, aggregate.versions[issue_id])
    was_sensitive = issue.sensitive
    log = amend_rows(aggregate, asked)
    if issue.sensitive != was_sensitive:
        refuse_merged_into(aggregate)
    keep_in_sight(issue)
    why = note(aggregate, NoteKind.AMEND_REASON, reason, "reason", cmd)
    follow(aggregate, Verb.AMEND, cmd)
    answer = aggregate.tell(issue, lambda shown: IssueAmended(shown, by, before, after, why.pk, tuple(sorted(log))))
    tell_orders_amended(aggregate, by)
    tell_reports(aggregate, lambda shown: ReportAmended(shown, by))
    for request in aggregate.requests:
        aggregate.tell(request, lambda shown: ReturnAmended(shown, by))
    _tell_log(aggregate, why, log, guarded=was_sensitive or issue.sensitive, by=by)
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def refer_emergency(issue_id: UUID, told: Emergency, told_at: datetime, answer_text: str, *, cmd: Command) -> Answer:
    """Records that 110, 119 or 120 was told, when, and what they answered: in any state, without a version.

    Raises Replayed, KeyReused, NotFound, Forbidden, Invalid (a time that can't be, no answer).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.REFER_EMERGENCY, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.REFER_EMERGENCY, cmd)
    must_be_told_between(issue.reported_at, told_at, aggregate.at, field="at", rule=RULE_ISSUE)
    said = note(aggregate, NoteKind.EMERGENCY_ANSWER, answer_text, "answer", cmd)
    issue.emergency_at = max(told_at, issue.emergency_at or told_at)
    follow(aggregate, Verb.REFER_EMERGENCY, cmd)
    answer = aggregate.tell(
        issue,
        lambda shown: IssueEmergencyReferred(shown, by, before, after, said.pk, str(told), wire_time(told_at)),
    )
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def reveal(issue_id: UUID, reason: str, *, cmd: Command) -> Answer:
    """Records that the actor reads the issue's personal data in clear, and why. The data itself is a query's.

    Raises Replayed, KeyReused, NotFound, Forbidden, Invalid (no reason), Conflict (erased).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    cmd.actor.must("issues.reveal", about=of_report(aggregate.issue, aggregate.orders, aggregate.reports))
    clocks.fire_past_due(aggregate)
    why = note(aggregate, NoteKind.REVEAL_REASON, reason, "reason", cmd)
    root = aggregate.issue.place.split("/", 1)[0]
    fact = RevealMade(_of_note(aggregate, why), cmd.actor.principal)
    aggregate.changes.append(Change(fact, None, of_desk(aggregate.issue, root)))
    return finish(aggregate, cmd, len(aggregate.changes) - 1)


def _tell_log(aggregate: Aggregate, why: Note, log: Log, *, guarded: bool, by: str) -> None:
    """What was and what is, as an object of its own: for the desk, and as guarded as the issue was or is."""
    root = aggregate.issue.place.split("/", 1)[0]
    audience = of_desk(aggregate.issue, root, at_least=AudienceClass.SENSITIVE if guarded else AudienceClass.DESK)
    aggregate.changes.append(Change(AmendmentMade(_of_note(aggregate, why), by, log), None, audience))


def _of_note(aggregate: Aggregate, row: Note) -> Shown:
    """An object that is told once and never again: the note's id, and of which issue."""
    issue = aggregate.issue
    return Shown(row.pk, 1, {"issue": str(issue.pk), "number": number_text(issue.number), "open": False})
