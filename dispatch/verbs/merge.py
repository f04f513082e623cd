"""并案: two issues about one matter become one.

A plain action: no other verb but its undoing locks two issues, in ascending order of their ids, and tells facts of
both. Its right and its guards are declared as any verb's, for whom it is offered.
"""

from typing import Final
from uuid import UUID

from django.db import transaction

from command.access import Right
from command.catalogue.contract import Level
from command.versions import must_match
from dispatch.matter import clock_law as clocks
from dispatch.matter.aggregate import withdrawals
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.locks import lock_two_issues
from dispatch.matter.aggregate.notes import note_if
from dispatch.matter.clocks.allowances import ClockKind
from dispatch.matter.issues.facts import IssueMerged, IssueTookIn
from dispatch.matter.issues.models import Issue, NoteKind, number_text
from dispatch.matter.issues.refusals import RULE_ISSUE
from dispatch.matter.issues.states import TARGETS, State, Verb
from dispatch.matter.reports.facts import ReportSettled
from dispatch.verbs.accept import ACCEPT
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.guards import refuse_if
from dispatch.verbs.issue_guards import OnDesk, nothing_merged_into
from dispatch.verbs.offering import may_issue, must_issue
from dispatch.verbs.on_paper import NOW
from dispatch.verbs.requests import Body, Words
from dispatch.verbs.running import carry_out
from dispatch.verbs.steps import finish, follow, record_orders_amended, record_reports, step, step_issue
from realtime.feed.actions import once
from realtime.feed.contract import Actor, Answer, Command
from realtime.feed.errors import Conflict, Invalid

_GRAVITY: Final = (Level.GENERAL, Level.MAJOR, Level.SPECIAL_RISK)


class MergeIn(Body):
    """Into which issue, and why."""

    into: UUID
    reason: Words | None = None


MERGE = IssueVerb(verb=Verb.MERGE, by=Right.ISSUES_MERGE, body=MergeIn, guards=(nothing_merged_into,))


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
    must_issue(MERGE, source, cmd.actor)
    clocks.fire_past_due(source)
    clocks.fire_past_due(target)
    before, after = step_issue(source, Verb.MERGE, cmd.actor)
    refuse_if(MERGE.guards, OnDesk(source, cmd.actor))
    _refuse_target(issue, target, cmd.actor)
    must_match(expected, source.versions[issue_id])
    issue.state, issue.last_by = after, by
    why = note_if(source, NoteKind.MERGE_REASON, reason, "reason", cmd)
    if other.state == State.REPORTED:
        carry_out(ACCEPT, other, Act(target, cmd, NOW, step(target, Verb.ACCEPT, cmd)))
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
    record_reports(source, lambda shown: ReportSettled(shown, by))
    answer = source.record(issue, lambda shown: IssueMerged(shown, by, before, after, into, why))
    target.record(other, lambda shown: IssueTookIn(shown, by, issue_id))
    if had != (other.level, other.urgent):
        record_orders_amended(target, by)
    return finish(source, cmd, answer, target)


def _refuse_target(issue: Issue, target: Aggregate, actor: Actor) -> None:
    """Returns if `issue` may be merged into the target. Raises Conflict that says why not."""
    other = target.issue
    number = number_text(other.number)
    fresh = other.state == State.REPORTED and may_issue(ACCEPT, target, actor)
    if other.state not in TARGETS and not fresh:
        raise Conflict(
            "issue.merge_target_not_open",
            f"事项 {number} 为「{State(other.state).zh}」，不能再并入。",
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
