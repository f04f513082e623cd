"""Two issues about one matter become one, and stand apart again. Both are locked, in ascending order of their ids."""

from typing import Final
from uuid import UUID

from django.db import transaction

from command.catalogue.contract import Level
from command.versions import must_match
from dispatch.clocks import actions as clocks
from dispatch.clocks.allowances import ClockKind
from dispatch.intake.facts import ReportReopened, ReportSettled
from dispatch.issues import rights, withdrawals
from dispatch.issues.actions.taking_in import take_in
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.desks import desk_id
from dispatch.issues.facts import IssueGaveBack, IssueMerged, IssueTookIn, IssueUnmerged
from dispatch.issues.locks import lock_merged, lock_two_issues
from dispatch.issues.models import Issue, NoteKind, number_text
from dispatch.issues.notes import note, note_if
from dispatch.issues.refusals import RULE_ISSUE, STATE_ZH
from dispatch.issues.states import TARGETS, State, Verb
from dispatch.verbs.steps import finish, follow, refuse_merged_into, step, tell_orders_amended, tell_reports
from realtime.feed.actions import once
from realtime.feed.contract import Actor, Answer, Command
from realtime.feed.errors import Busy, Conflict, Invalid

_GRAVITY: Final = (Level.GENERAL, Level.MAJOR, Level.SPECIAL_RISK)


@transaction.atomic(durable=True)
def merge(issue_id: UUID, into: UUID, reason: str | None, *, expected: int | None, cmd: Command) -> Answer:
    """Joins an issue into another one: its reports count there, and keep their own relay up, which ends here.

    A target that was only reported is accepted by it, in the same act, by who may accept it.
    The target takes the higher level and urgency of both; somebody comes by the earlier time that was promised.
    Raises Replayed, KeyReused, NotFound (either), Forbidden, Conflict (also: the target's state, one of them sensitive,
    others merged into the issue), StaleVersion, VersionRequired, Invalid (into itself, reason).
    """
    once(cmd)
    if issue_id == into:
        raise Invalid(
            "issue.merge_into_itself", "不能并入自身。", field="into", rule=RULE_ISSUE, remedy="请选择另一个事项。"
        )
    source, target = lock_two_issues(issue_id, into, actor=cmd.actor)
    issue, other, by = source.issue, target.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.MERGE, source)
    clocks.fire_past_due(source)
    clocks.fire_past_due(target)
    before, after = step(source, Verb.MERGE, cmd)
    refuse_merged_into(source)
    _refuse_target(issue, target, cmd.actor)
    must_match(expected, source.versions[issue_id])
    why = note_if(source, NoteKind.MERGE_REASON, reason, "reason", cmd)
    if other.state == State.REPORTED:
        take_in(target, cmd)
    issue.merged_into_id = into
    had = (other.level, other.urgent)
    other.level = max(Level(issue.level), Level(other.level), key=_GRAVITY.index)
    other.urgent = issue.urgent or other.urgent
    other.was_urgent = other.was_urgent or other.urgent
    withdrawals.settle(target, joining=source.reports)
    other.reports_merged += len(source.reports)
    promised = [one for one in source.clocks if one.kind == ClockKind.ON_SCENE and one.stopped_at is None]
    target.on_scene = next((one for one in promised if one.breached_at is None), None)  # a breach is counted there
    follow(source, Verb.MERGE, cmd)
    follow(target, Verb.MERGE, cmd)
    tell_reports(source, lambda shown: ReportSettled(shown, by))
    answer = source.tell(issue, lambda shown: IssueMerged(shown, by, before, after, into, why))
    target.tell(other, lambda shown: IssueTookIn(shown, by, issue_id))
    if had != (other.level, other.urgent):
        tell_orders_amended(target, by)
    return finish(source, cmd, answer, target)


@transaction.atomic(durable=True)
def unmerge(issue_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Undoes a merge: the issue counts as accepted now, in a round of its own. The target keeps its level.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (reason).
    """
    once(cmd)
    source, target = lock_merged(issue_id, actor=cmd.actor)
    issue, by = source.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.UNMERGE, source)
    clocks.fire_past_due(source)
    before, after = step(source, Verb.UNMERGE, cmd)
    must_match(expected, source.versions[issue_id])
    why = note(source, NoteKind.UNMERGE_REASON, reason, "reason", cmd)
    if target is None:
        raise Busy("lock.busy", "他人正在操作，请稍后再试。", remedy="刷新后再撤并。")  # merged elsewhere meanwhile
    clocks.fire_past_due(target)
    issue.merged_into_id, issue.filed_at = None, None
    issue.accepted_at = source.at
    issue.round += 1
    issue.responsible_id = desk_id(issue.centre_id)
    withdrawals.settle(source)
    withdrawals.settle(target, leaving=issue_id)
    target.issue.reports_merged -= len(source.reports)
    follow(source, Verb.UNMERGE, cmd)
    follow(target, Verb.UNMERGE, cmd)
    tell_reports(source, lambda shown: ReportReopened(shown, by))
    answer = source.tell(issue, lambda shown: IssueUnmerged(shown, by, before, after, why.pk))
    target.tell(target.issue, lambda shown: IssueGaveBack(shown, by, issue_id))
    return finish(source, cmd, answer, target)


def _refuse_target(issue: Issue, target: Aggregate, actor: Actor) -> None:
    """Returns if `issue` may be merged into the target. Raises Conflict that says why not."""
    other = target.issue
    number = number_text(other.number)
    fresh = other.state == State.REPORTED and rights.may(actor, Verb.ACCEPT, target)
    if other.state not in TARGETS and not fresh:
        raise Conflict(
            "issue.merge_target_not_open",
            f"事项 {number} 为「{STATE_ZH[State(other.state)]}」，不能再并入。",
            field="into",
            rule=RULE_ISSUE,
            remedy="请选择待受理、已受理、待派遣、处置中或已挂账的事项。",
            extra={"state": str(other.state), "verb": Verb.MERGE, "targets": sorted(TARGETS)},
        )
    if issue.sensitive != other.sensitive:
        raise Conflict(
            "issue.merge_sensitive",
            "涉敏感事项与其他事项不能并案。",
            field="into",
            rule=RULE_ISSUE,
            remedy="类别有误的，请先更正。",
            extra={"state": str(issue.state), "verb": Verb.MERGE},
        )
