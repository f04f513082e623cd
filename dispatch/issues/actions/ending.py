"""An issue ends: closed with an outcome, taken back by its reporter, voided; or it was not the end."""

from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from command.versions import must_match
from dispatch.clocks import actions as clocks
from dispatch.clocks.cards import wire_or_none
from dispatch.intake.facts import ReportReopened, ReportSettled
from dispatch.intake.models import Report
from dispatch.issues import outcomes, rights, withdrawals
from dispatch.issues.actions.checking import refuse_open_orders
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.desks import desk_id
from dispatch.issues.facts import IssueClosed, IssueReopened, IssueVoided, IssueWithdrawn
from dispatch.issues.locks import lock_issue, report_not_found
from dispatch.issues.models import NoteKind
from dispatch.issues.notes import note, note_if
from dispatch.issues.outcomes import Closing, Outcome
from dispatch.issues.refusals import RULE_ISSUE
from dispatch.issues.resuming import forget_suspension
from dispatch.issues.states import State, Verb
from dispatch.verbs.steps import (
    finish,
    follow,
    not_completed,
    recall_orders,
    refuse_merged_into,
    step,
    tell_recalled,
    tell_reports,
)
from realtime.feed.actions import once
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict

_TAKEN_BACK_ZH = "反映人撤回诉求，事项结案。"


@transaction.atomic(durable=True)
def close(issue_id: UUID, closing: Closing, *, expected: int | None, cmd: Command) -> Answer:
    """Ends a verified issue with an outcome; one that its reporter withdrew, from any open state.

    As withdrawn, orders that are not completed are recalled and no clock counts. Its reports leave the boards.
    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (what the outcome
    requires and lacks).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, at, by = aggregate.issue, aggregate.at, cmd.actor.principal
    rights.must(cmd.actor, Verb.CLOSE, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.CLOSE, cmd)
    withdrawn = closing.outcome is Outcome.WITHDRAWN
    if not withdrawn:
        refuse_open_orders(aggregate)
    must_match(expected, aggregate.versions[issue_id])
    outcomes.check(
        closing,
        reported_at=issue.reported_at,
        at=at,
        today=at.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
        withdrawn=issue.withdrawn_at is not None,
        verified=before is State.VERIFIED,
    )
    why = note_if(aggregate, NoteKind.CLOSE_REASON, closing.reason, "reason", cmd)
    waived = closing.waive_reason if not closing.followed_up else None
    waive_note = note_if(aggregate, NoteKind.WAIVE_REASON, waived, "waive_reason", cmd)
    left = not_completed(aggregate)
    taken = recall_orders(aggregate, left, cmd)
    words = (closing.reason or _TAKEN_BACK_ZH) if left else None
    recalled = note_if(aggregate, NoteKind.RECALL_REASON, words, "reason", cmd)
    issue.closed_at, issue.outcome = at, closing.outcome
    issue.told_at, issue.next_on = closing.told_at, closing.next_on
    forget_suspension(issue)
    follow(aggregate, Verb.CLOSE, cmd, uncounted=withdrawn)
    if recalled is not None:
        tell_recalled(aggregate, taken, recalled, by)
    tell_reports(aggregate, lambda shown: ReportSettled(shown, by))
    answer = aggregate.tell(
        issue,
        lambda shown: IssueClosed(
            shown,
            by,
            before,
            after,
            closing.outcome,
            closing.followed_up,
            wire_or_none(closing.told_at),
            closing.next_on.isoformat() if closing.next_on else None,
            why,
            waive_note,
        ),
    )
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def withdraw(issue_id: UUID, reason: str, *, report: UUID | None = None, expected: int | None, cmd: Command) -> Answer:
    """The desk notes that a reporter took the own report back; it closes when all of them did, or goes on.

    report   whose, where others are merged into the issue; None: who reported the issue itself
    Raises Replayed, KeyReused, NotFound (also: a report of another matter), Forbidden, Conflict (also: withdrawn
    before), StaleVersion, VersionRequired, Invalid (reason).
    """
    return _withdraw(issue_id, report, reason, cmd, lambda version: must_match(expected, version))


@transaction.atomic(durable=True)
def withdraw_by_reporter(issue_id: UUID, report: UUID, reason: str, *, cmd: Command) -> Answer:
    """A reporter takes the own report back, who has seen no version. Raises as `withdraw`.

    issue_id   the issue that deals with it: its own, or the one that it was merged into
    """
    return _withdraw(issue_id, report, reason, cmd, lambda _: None)


@transaction.atomic(durable=True)
def void(issue_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Cancels an issue that was entered by mistake: recalls what is not completed, no clock counts.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (also: others are merged into it), StaleVersion,
    VersionRequired, Invalid (reason).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.VOID, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.VOID, cmd)
    refuse_merged_into(aggregate)
    must_match(expected, aggregate.versions[issue_id])
    why = note(aggregate, NoteKind.VOID_REASON, reason, "reason", cmd)
    taken = recall_orders(aggregate, not_completed(aggregate), cmd)
    issue.voided_at = aggregate.at
    forget_suspension(issue)
    follow(aggregate, Verb.VOID, cmd, uncounted=True)
    tell_recalled(aggregate, taken, why.pk, by)
    tell_reports(aggregate, lambda shown: ReportSettled(shown, by))
    answer = aggregate.tell(issue, lambda shown: IssueVoided(shown, by, before, after, why.pk))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def reopen(issue_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Opens a closed issue again, or one settled on the spot that was not: a new round, to be dispatched.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (reason).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.REOPEN, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.REOPEN, cmd)
    must_match(expected, aggregate.versions[issue_id])
    why = note(aggregate, NoteKind.REOPEN_REASON, reason, "reason", cmd)
    issue.round += 1
    issue.accepted_at, issue.filed_at = issue.accepted_at or aggregate.at, aggregate.at
    issue.closed_at = issue.outcome = issue.told_at = issue.next_on = None
    issue.verified_at = issue.triage = None
    withdrawals.forget(aggregate)
    issue.settled = False
    issue.responsible_id = desk_id(issue.centre_id)
    follow(aggregate, Verb.REOPEN, cmd)
    if before is State.CLOSED:
        tell_reports(aggregate, lambda shown: ReportReopened(shown, by))
    answer = aggregate.tell(issue, lambda shown: IssueReopened(shown, by, before, after, why.pk))
    return finish(aggregate, cmd, answer)


def _withdraw(
    issue_id: UUID, report_id: UUID | None, reason: str, cmd: Command, match: Callable[[int], None]
) -> Answer:
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    taken_back = _reports_named(aggregate, report_id)
    rights.must(cmd.actor, Verb.WITHDRAW, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.WITHDRAW, cmd)
    if all(report.withdrawn_at is not None for report in taken_back):
        raise Conflict(
            "issue.withdrawn_before",
            "反映人已撤回诉求。",
            rule=RULE_ISSUE,
            remedy="请由值班席结案或继续办理。",
            extra={"state": before, "verb": Verb.WITHDRAW},
        )
    match(aggregate.versions[issue_id])
    why = note(aggregate, NoteKind.WITHDRAW_REASON, reason, "reason", cmd)
    for report in taken_back:
        report.withdrawn_at = aggregate.at
        report.save(update_fields=["withdrawn_at"])
    withdrawals.settle(aggregate)
    follow(aggregate, Verb.WITHDRAW, cmd)
    keys = tuple(report.pk for report in taken_back)
    answer = aggregate.tell(issue, lambda shown: IssueWithdrawn(shown, by, before, after, why.pk, keys))
    return finish(aggregate, cmd, answer)


def _reports_named(aggregate: Aggregate, report_id: UUID | None) -> list[Report]:
    """The report of the matter that is named, else the issue's own. Raises NotFound. One statement for a merged one."""
    if report_id is None:
        return aggregate.reports
    own = [report for report in aggregate.reports if report.pk == report_id]
    found = own or list(withdrawals.reports_of_matter(aggregate.issue).filter(pk=report_id))
    if not found:
        raise report_not_found()
    return found
