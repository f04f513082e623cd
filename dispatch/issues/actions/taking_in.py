"""What the desks do with an issue that came in: accept, pass up, decline, reconsider, settle on the spot, file."""

from uuid import UUID

from django.db import transaction

from command.organisations.queries import unit_above
from command.versions import must_match
from dispatch.backfills import actions as backfills
from dispatch.backfills.contract import OnPaper
from dispatch.clocks import actions as clocks
from dispatch.intake.facts import ReportRelayedUp, ReportReopened, ReportSettled
from dispatch.issues import rights, withdrawals
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.desks import desk_id
from dispatch.issues.facts import (
    IssueAccepted,
    IssueDeclined,
    IssueFiled,
    IssuePassedUp,
    IssueReconsidered,
    IssueSettled,
)
from dispatch.issues.locks import lock_issue
from dispatch.issues.models import NoteKind
from dispatch.issues.notes import note, note_if
from dispatch.issues.outcomes import Ground, Triage
from dispatch.issues.refusals import RULE_ISSUE, was_reconsidered, why_not_on_the_spot
from dispatch.issues.states import Verb
from dispatch.verbs.steps import finish, follow, refuse_merged_into, step, tell_reports
from realtime.feed.actions import once
from realtime.feed.contract import Actor, Answer, Command
from realtime.feed.errors import Conflict, Invalid


@transaction.atomic(durable=True)
def accept(issue_id: UUID, *, on_paper: OnPaper | None = None, cmd: Command) -> Answer:
    """Takes a reported issue in: the relay up of its reports ends here. Needs no version.

    on_paper   it was accepted on paper, and a duty lead enters it: in `file` too

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (says who was first), Invalid (when it was on paper).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    rights.must(cmd.actor, Verb.ACCEPT, aggregate, on_paper)
    clocks.fire_past_due(aggregate)
    return finish(aggregate, cmd, take_in(aggregate, cmd, on_paper))


def take_in(aggregate: Aggregate, cmd: Command, on_paper: OnPaper | None = None) -> int:
    """Accepts a locked issue for who may, and tells it: alone, or when another one is merged into it.

    The place of the issue's fact among the changes. Raises Conflict, Invalid (when it was on paper).
    """
    issue, by = aggregate.issue, cmd.actor.principal
    before, after = step(aggregate, Verb.ACCEPT, cmd)
    backfills.enter(aggregate, issue, Verb.ACCEPT, on_paper, cmd)
    issue.accepted_at = aggregate.at
    if _of_duty_desk(cmd.actor):
        issue.responsible_id = desk_id(issue.centre_id)
    waiting = [report for report in aggregate.reports if aggregate.clock_of(report).stopped_at is None]
    follow(aggregate, Verb.ACCEPT, cmd)
    if waiting:
        tell_reports(aggregate, lambda shown: ReportRelayedUp(shown, by), of=waiting)
    return aggregate.tell(issue, lambda shown: IssueAccepted(shown, by, before, after))


@transaction.atomic(durable=True)
def pass_up(issue_id: UUID, text: str | None, *, expected: int | None, cmd: Command) -> Answer:
    """Hands a reported issue to the unit above the one that holds it, with what was tried.

    Raises Replayed, KeyReused, NotFound, Forbidden (not the holder's), Conflict (the duty desk has it), StaleVersion,
    VersionRequired, Invalid (text).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.PASS_UP, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.PASS_UP, cmd)
    if issue.responsible_id == desk_id(issue.centre_id):
        raise Conflict(
            "issue.at_the_top",
            "事项已在区级值班席，没有上一级可以上呈。",
            rule=RULE_ISSUE,
            remedy="请由值班席受理。",
            extra={"state": before, "verb": Verb.PASS_UP},
        )
    must_match(expected, aggregate.versions[issue_id])
    tried = note_if(aggregate, NoteKind.PASSED_UP, text, "text", cmd)
    below, above = issue.responsible_id, unit_above(issue.responsible_id, centre_id=issue.centre_id).id
    issue.responsible_id = above
    follow(aggregate, Verb.PASS_UP, cmd)
    answer = aggregate.tell(issue, lambda shown: IssuePassedUp(shown, by, before, after, below, above, tried))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def decline(issue_id: UUID, ground: Ground, text: str, *, expected: int | None, cmd: Command) -> Answer:
    """Refuses an issue on a listed ground, with words to the reporter. An urgent one: the duty lead.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (also: others are merged into it), StaleVersion,
    VersionRequired, Invalid (text).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.DECLINE, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.DECLINE, cmd)
    refuse_merged_into(aggregate)
    must_match(expected, aggregate.versions[issue_id])
    words = note(aggregate, NoteKind.DECLINE_TEXT, text, "text", cmd)
    issue.ground, issue.triage = ground, Triage.DECLINED
    follow(aggregate, Verb.DECLINE, cmd)
    tell_reports(aggregate, lambda shown: ReportSettled(shown, by))
    answer = aggregate.tell(issue, lambda shown: IssueDeclined(shown, by, before, after, ground, words.pk))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def reconsider(issue_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Takes a declined issue up again, once, in a round of its own: a new relay up starts.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (also: reconsidered before), StaleVersion,
    VersionRequired, Invalid (reason).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.RECONSIDER, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.RECONSIDER, cmd)
    if was_reconsidered(aggregate):
        raise Conflict(
            "issue.reconsidered_before",
            "复核只能进行一次，该事项已复核过。",
            rule=RULE_ISSUE,
            remedy="如有新的情况，请重新上报。",
            extra={"state": before, "verb": Verb.RECONSIDER},
        )
    must_match(expected, aggregate.versions[issue_id])
    words = note(aggregate, NoteKind.RECONSIDER_REASON, reason, "reason", cmd)
    issue.round += 1
    issue.ground = issue.triage = issue.accepted_at = None
    withdrawals.forget(aggregate)
    issue.responsible_id = desk_id(issue.centre_id)
    follow(aggregate, Verb.RECONSIDER, cmd)
    tell_reports(aggregate, lambda shown: ReportReopened(shown, by))
    answer = aggregate.tell(issue, lambda shown: IssueReconsidered(shown, by, before, after, words.pk))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def settle_on_spot(issue_id: UUID, text: str, *, consent: bool, expected: int | None, cmd: Command) -> Answer:
    """Records what the parties agreed on the spot: the issue is verified without an order, and then closed by the desk.

    consent     both parties agreed to it
    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (also: not of a kind or level for this), StaleVersion,
    VersionRequired, Invalid (no consent, no text).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.SETTLE_ON_SPOT, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.SETTLE_ON_SPOT, cmd)
    _refuse_what_is_not_for_the_spot(aggregate)
    must_match(expected, aggregate.versions[issue_id])
    if not consent:
        raise Invalid(
            "issue.no_consent",
            "当场化解须经双方当事人同意。",
            field="consent",
            rule=RULE_ISSUE,
            remedy="未达成一致的，请上呈。",
        )
    agreed = note(aggregate, NoteKind.SETTLEMENT, text, "text", cmd)
    issue.accepted_at = issue.accepted_at or aggregate.at
    issue.verified_at, issue.settled, issue.triage = aggregate.at, True, Triage.SETTLED
    waiting = [report for report in aggregate.reports if aggregate.clock_of(report).stopped_at is None]
    follow(aggregate, Verb.SETTLE_ON_SPOT, cmd)
    if waiting:
        tell_reports(aggregate, lambda shown: ReportRelayedUp(shown, by), of=waiting)
    answer = aggregate.tell(issue, lambda shown: IssueSettled(shown, by, before, after, agreed.pk))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def file(issue_id: UUID, *, on_paper: OnPaper | None = None, expected: int | None, cmd: Command) -> Answer:
    """Files an accepted issue with its category and level: it waits for dispatch, at the duty desk.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (on paper).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue = aggregate.issue
    rights.must(cmd.actor, Verb.FILE, aggregate, on_paper)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.FILE, cmd)
    must_match(expected, aggregate.versions[issue_id])
    backfills.enter(aggregate, issue, Verb.FILE, on_paper, cmd)
    issue.filed_at, issue.responsible_id = aggregate.at, desk_id(issue.centre_id)
    follow(aggregate, Verb.FILE, cmd)
    answer = aggregate.tell(issue, lambda shown: IssueFiled(shown, cmd.actor.principal, before, after))
    return finish(aggregate, cmd, answer)


def _of_duty_desk(actor: Actor) -> bool:
    """Whether the actor speaks for the centre's own desk, and not for a township's."""
    return rights.holds(actor, "issues.accept")


def _refuse_what_is_not_for_the_spot(aggregate: Aggregate) -> None:
    """Returns if the matter may be settled on the spot. Raises Conflict that says why not."""
    issue = aggregate.issue
    why = why_not_on_the_spot(issue)
    if why:
        raise Conflict(
            "issue.not_for_the_spot",
            why,
            rule=RULE_ISSUE,
            remedy="请上呈或受理后立案派遣。",
            extra={"state": str(issue.state), "verb": Verb.SETTLE_ON_SPOT},
        )
