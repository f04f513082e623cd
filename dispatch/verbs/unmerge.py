"""撤并: a merge is undone. A plain action, as `merge`: it locks two issues, and tells facts of both."""

from uuid import UUID

from django.db import transaction

from command.access import Right
from command.organisations.queries import desk_id
from command.versions import must_match
from dispatch.matter import clock_law as clocks
from dispatch.matter.aggregate import withdrawals
from dispatch.matter.aggregate.locks import lock_merged
from dispatch.matter.aggregate.notes import note
from dispatch.matter.issues.facts import IssueGaveBack, IssueUnmerged
from dispatch.matter.issues.models import NoteKind
from dispatch.matter.issues.states import Verb
from dispatch.matter.reports.facts import ReportReopened
from dispatch.verbs.declared import IssueVerb
from dispatch.verbs.offering import must_issue
from dispatch.verbs.requests import ReasonIn
from dispatch.verbs.steps import finish, follow, record_reports, step
from realtime.feed.actions import once
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Busy

UNMERGE = IssueVerb(verb=Verb.UNMERGE, by=Right.ISSUES_UNMERGE, body=ReasonIn)


@transaction.atomic(durable=True)
def unmerge(issue_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Undoes a merge: the issue counts as accepted now, in a round of its own. The target keeps its level.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (reason).
    """
    once(cmd)
    source, target = lock_merged(issue_id, actor=cmd.actor)
    issue, by = source.issue, cmd.actor.principal
    must_issue(UNMERGE, source, cmd.actor)
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
    record_reports(source, lambda shown: ReportReopened(shown, by))
    answer = source.record(issue, lambda shown: IssueUnmerged(shown, by, before, after, why.pk))
    target.record(target.issue, lambda shown: IssueGaveBack(shown, by, issue_id))
    return finish(source, cmd, answer, target)
